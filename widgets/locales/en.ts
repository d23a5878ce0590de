// The texts that every element may need, in English; those of one element stand in files of their own. `{name}` is replaced; a text with `other` is chosen by the plural of its count.
import type { enAnalytics } from './en-analytics.ts';
import type { enAudience } from './en-audience.ts';
import type { enExport } from './en-export.ts';
import type { enSteps } from './en-steps.ts';
import type { enTrend } from './en-trend.ts';

export const en = {
  'metric.messagesSent': 'Messages Sent',
  'metric.totalEntries': 'Total Entries',
  'metric.conversionRate': 'Conversion Rate',
  'metric.convertedUsers': 'Total Converted Users',
  'metric.conversionEvents': 'Total Conversion Events',
  'metric.totalExits': 'Total Exits',
  'definition.messagesSent':
    'Messages sent by this journey’s steps. A push to two devices of one user counts twice.',
  'definition.totalEntries':
    'How many times the journey was entered. With re-entry, one user can count several times.',
  'definition.conversionRate':
    'Users who completed the conversion event within the counting window, divided by users who entered.',
  'definition.convertedUsers': 'Unique users who completed the conversion event at least once.',
  'definition.conversionEvents': 'All conversion events within the counting window, repeats included.',
  'definition.totalExits':
    'Entries that left without a conversion. Those with an open window can still convert.',
  'definition.about': 'What is {metric}?',

  'card.perEntry': '{value} per entry',
  'card.users': { one: '{users} user', other: '{users} users' },
  'card.convertedOfUsers': { one: '{converted} of {users} user', other: '{converted} of {users} users' },
  'card.ofUsers': { one: 'of {users} user', other: 'of {users} users' },
  'card.perConvertedUser': '{value} per converted user',
  'card.canStillConvert': '{count} can still convert',
  'card.noEntries': 'no entries yet',
  'card.asOf': 'as of {time}',
  'card.from': 'from {value}',
  'card.noEarlierPeriod': 'no earlier period',
  'card.new': 'new',
  'card.up': 'up by {change}',
  'card.down': 'down by {change}',
  'card.unknownMetric': 'There is no card for “{metric}”',
  'number.points': '{value} pp',
  'number.none': '–',
  'number.below': '< {value}',
  'number.above': '> {value}',
  'duration.lessThanSecond': '< {value} s',
  'duration.day': '{value} d',
  'duration.hour': '{value} h',
  'duration.minute': '{value} min',
  'duration.second': '{value} s',

  'overview.label': 'Overview',
  'overview.loading': 'Loading the overview',
  'analytics.label': 'Journey analytics, {name}',
  'analytics.allTime': 'All time',
  'analytics.since': 'Since {date}',
  'analytics.until': 'Until {date}',
  'live.pending': {
    one: '{events} more event is being counted',
    other: '{events} more events are being counted',
  },

  'state.error.title': 'Analytics could not be loaded',
  'state.error.network': 'The analytics service could not be reached. The journey itself keeps running.',
  'state.error.timeout': 'The analytics service did not answer in time. The journey itself keeps running.',
  'state.error.token': 'This page could not get access to the analytics service.',
  'state.error.unauthorized': 'The analytics service did not accept this page’s access.',
  'state.error.invalid_answer': 'The analytics service answered in a way this page does not understand.',
  'state.error.invalid_endpoint': 'The address of the analytics service is not valid.',
  'state.error.too_many_requests': 'The analytics service asks for a pause.',
  'state.error.invalid_parameter': 'This range cannot be shown. Check its dates.',
  'state.error.other': 'The analytics service had a problem. The journey itself keeps running.',
  'state.tryAgain': 'Try again',
  'state.code': '{code}, request {request}',
  'state.forbidden.title': 'You cannot see this journey’s analytics',
  'state.forbidden.text': 'Your access does not include it. Whoever manages access can grant it.',
  'state.notFound.title': 'There is no such journey',
  'state.notFound.text': 'It does not exist, or your access does not include it.',
  'state.stale': 'Could not refresh. These are the numbers from {time}.',
  'state.empty.title': 'No one has entered yet',
  'state.empty.text': 'Counts appear within seconds of the first entry.',
  'step.report': 'Report',
  'step.reportOf': 'Report of {name}',
} as const satisfies Readonly<Record<string, Message>>;

/** A text, or one for each plural category of the language. */
export type Message =
  | string
  | (Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string });
export type MessageKey =
  | keyof typeof en
  | keyof typeof enAnalytics
  | keyof typeof enAudience
  | keyof typeof enTrend
  | keyof typeof enExport
  | keyof typeof enSteps;
/** A language's table: every key of the English one. */
export type MessageTable = Readonly<Record<MessageKey, Message>>;
