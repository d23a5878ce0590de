// An audience named in words, such as "Failed at Hello push, and not converted".
import type { Flow } from '../../../bff/contract/index.ts';
import { metricName } from '../../internal/metric-name.ts';
import type { Language } from '../../locales/language.ts';
import { isGroup, type Condition, type Part } from './audience-model.ts';

/** A step's name; one that the journey does not have any more is named by its id. */
export type StepNames = (stepId: string) => string;

/** Steps that share a name are told apart by their ids. */
export function stepNamesOf({ steps }: Flow): StepNames {
  const named = new Map<string, number>();
  for (const { name } of steps) named.set(name, (named.get(name) ?? 0) + 1);
  const names = new Map(
    steps.map(({ stepId, name }) => [stepId, (named.get(name) ?? 0) > 1 ? `${name} (${stepId})` : name]),
  );
  return (stepId) => names.get(stepId) ?? stepId;
}

/** A metric as the builder names it: users who converted are that wherever they are counted. */
export function plainMetric(metric: string, step: string | null, language: Language): string {
  return metric === 'convertedUsers'
    ? language.text('details.converted')
    : metricName({ metric, step }, language);
}

/** Inside a sentence. German writes its nouns, and so its metrics, with a capital; "iOS" and "SMS" stay as they are. */
function lowered(text: string, { locale }: Language): string {
  if (locale.startsWith('de')) return text;
  return text.replaceAll(/\p{Lu}(?=\p{Ll})/gu, (letter) => letter.toLocaleLowerCase(locale));
}

function conditionWords(
  { metric, step, platform, outcome }: Condition,
  nameOf: StepNames,
  language: Language,
): string {
  const plain = lowered(plainMetric(metric, step, language), language);
  const part = platform === null ? outcome : language.text(`platform.${platform}`);
  const named = part === null ? plain : language.text('metric.named', { metric: plain, name: part });
  return step === null ? named : language.text('audience.at', { metric: named, step: nameOf(step) });
}

function phrase(part: Part, nameOf: StepNames, language: Language, inner: boolean): string {
  let words = '';
  if (isGroup(part)) {
    const key = part.join === 'all' ? 'audience.and' : 'audience.or';
    const phrases = part.parts
      .map((each) => phrase(each, nameOf, language, true))
      .filter((each) => each !== '');
    words = phrases.slice(1).reduce((first, next) => language.text(key, { first, next }), phrases[0] ?? '');
    if (phrases.length > 1 && (inner || part.not)) words = `(${words})`;
  } else {
    words = conditionWords(part, nameOf, language);
  }
  return part.not && words !== '' ? language.text('audience.not', { condition: words }) : words;
}

/** Empty for an audience without a condition. */
export function wordsOf(part: Part, nameOf: StepNames, language: Language): string {
  return phrase(part, nameOf, language, false).replace(/^\(*\p{Ll}/u, (start) =>
    start.toLocaleUpperCase(language.locale),
  );
}
