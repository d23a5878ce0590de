// The texts of the trend, in English: only who draws one carries them.
import type { Message } from './en.ts';

export const enTrend = {
  'trend.loading': 'Loading {metric}',
  'trend.day': 'by day',
  'trend.week': 'by week',
  'trend.month': 'by month',
  'trend.meanWeek': 'daily average, by week',
  'trend.meanMonth': 'daily average, by month',
  'trend.label': '{metric}, {grouping}',
  'trend.date': 'Date',
  'trend.before': 'Before',
  'trend.reads': '{date}: {value}',
  'trend.readsBefore': 'before, {date}: {value}',
  'trend.soFar': '{value} so far',
  'trend.noRate': 'There is no conversion rate in this range',
} as const satisfies Readonly<Record<string, Message>>;
