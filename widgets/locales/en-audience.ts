// The texts of the audience builder, in English: only who offers it carries them.
import type { Message } from './en.ts';

export const enAudience = {
  'audience.title': 'Audience',
  'audience.intro': 'Combine what people did in this journey, count them, and export them.',
  'audience.ready': 'Start with',
  'audience.recovery': 'Recovery: a message failed',
  'audience.reengagement': 'Re-engagement: dropped off',
  'audience.tags': 'Tag: converted',
  'audience.nobody': 'Nobody yet',
  'audience.join': 'Who is in it',
  'audience.all': 'All of these hold',
  'audience.any': 'Any of these holds',
  'audience.negate': 'Not',
  'audience.journey': 'Whole journey',
  'audience.platform': 'Platform',
  'audience.add': 'Add condition',
  'audience.addGroup': 'Add group',
  'audience.remove': 'Remove {condition}',
  'audience.limit':
    'An audience holds up to {count} conditions. What a start would add beyond them is left out.',
  'audience.at': '{metric} at {step}',
  'audience.not': 'not {condition}',
  'audience.and': '{first}, and {next}',
  'audience.or': '{first}, or {next}',
  'audience.counting': 'Counting',
  'audience.notCounted': 'The audience could not be counted',
  'audience.unconnected': 'This page shows numbers only: it has no access to count or export people.',
} as const satisfies Readonly<Record<string, Message>>;
