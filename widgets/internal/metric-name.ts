// What a metric of the catalogue is called.
import { enMetrics } from '../locales/en-metrics.ts';
import { en, type MessageKey } from '../locales/en.ts';
import type { Language } from '../locales/language.ts';
import { addEnglish } from '../locales/tables.ts';

export interface NamedMetric {
  readonly metric: string;
  readonly step: string | null;
  readonly platform?: string | null;
  readonly outcome?: string | null;
}

const isKey = (key: string): key is MessageKey => Object.hasOwn(enMetrics, key) || Object.hasOwn(en, key);

/** The metrics whose users have a name of their own, or one that is not the metric's with another ending. */
const countOf: Readonly<Record<string, string>> = {
  messagesSentUsers: 'messagesSent',
  exitUsers: 'totalExits',
  activeUsers: 'activeEntries',
  creditedUsers: 'creditedConversions',
};

function plainName(metric: string, step: string | null, language: Language): string {
  if (metric === 'outcome') return language.text('details.outcomes');
  if (step !== null && (metric === 'convertedUsers' || metric === 'conversionRate')) {
    return language.text(
      metric === 'convertedUsers' ? 'metric.stepConvertedUsers' : 'metric.stepConversionRate',
    );
  }
  const key = `metric.${metric}`;
  if (isKey(key)) return language.text(key);
  const stem = metric.replace(/Users$/, '');
  const count = [`metric.${countOf[metric] ?? stem}`, `metric.${stem}Count`].find(isKey);
  // A metric that this version does not know is named by its id.
  if (stem === metric || count === undefined) return metric;
  return language.text('metric.usersOf', { metric: language.text(count) });
}

/** The metric's name, with its platform or outcome when there is one. */
export function metricName({ metric, step, platform, outcome }: NamedMetric, language: Language): string {
  addEnglish(enMetrics);
  const name = plainName(metric, step, language);
  const platformKey = `platform.${platform ?? ''}`;
  const part = platform ? (isKey(platformKey) ? language.text(platformKey) : platform) : outcome;
  return part ? language.text('metric.named', { metric: name, name: part }) : name;
}
