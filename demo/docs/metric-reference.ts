// The tables of metrics, written from the contract's catalogue.
import { journeyMetrics, stepMetrics, type Metric } from '../../bff/contract/index.ts';
import { table } from './markdown.ts';
import { journeyMeanings, stepMeanings } from './metric-meanings.ts';

const code = (text: string) => `\`${text}\``;

function rows(metrics: readonly Metric[], meanings: typeof journeyMeanings): string[][] {
  return Array.from(
    Map.groupBy(metrics, ({ fact }) => fact),
    ([fact, sides]) => {
      const meaning = meanings[fact];
      if (!meaning) throw new Error(`metric-meanings.ts says nothing of ${fact}`);
      const of = (side: Metric['side']) => sides.find((metric) => metric.side === side)?.id;
      const ids = [of('count'), of('users')].map((id) => (id === undefined ? '–' : code(id)));
      return [meaning.label, ...ids, sides.some(({ byPlatform }) => byPlatform) ? 'yes' : 'no', meaning.text];
    },
  );
}

const heads = ['metric', 'occurrences', 'distinct users', 'by platform', 'what it counts'];

/** @returns Markdown: the metrics of a journey */
export function journeyMetricTable(): string {
  return table(heads, rows(journeyMetrics, journeyMeanings));
}

/** @returns Markdown: the metrics of a step */
export function stepMetricTable(): string {
  return table(heads, rows(stepMetrics, stepMeanings));
}
