// The texts of the page's header, in English: elements that are embedded alone do not carry them.
import type { Message } from './en.ts';

export const enAnalytics = {
  'analytics.loading': 'Loading journey analytics',
  'analytics.conversionEvent': 'Conversion event',
  'analytics.noConversion': 'No conversion event is defined',
  'analytics.window': 'counts until {duration} after exit',
  'analytics.byStartDate': 'entries by start date',
  'analytics.comparedWith': 'compared with {range}',
  'analytics.refresh': 'Refresh',
  'range.label': 'Date range:',
  'range.title': 'Entries that began',
  'range.allTime': 'All time',
  'range.lastDays': { one: 'Last {days} day', other: 'Last {days} days' },
  'range.from': 'From',
  'range.to': 'To',
  'range.compare': 'Compare with the range before',
  'range.compareNeedsBoth': 'Comparing needs both dates.',
  'range.backwards': 'The first day is after the last.',
  'range.apply': 'Apply',
  'live.asOf': 'As of {time}',
  'live.late': 'As of {time}, could not refresh',
  'window.minutes': { one: '{value} min', other: '{value} min' },
  'window.hours': { one: '{value} h', other: '{value} h' },
  'window.days': { one: '{value} day', other: '{value} days' },
  'audience.build': 'Build an audience',
} as const satisfies Readonly<Record<string, Message>>;
