// The embedding checklist as a list: each point, why it holds, and the tests that prove it.
import { embeddingPoints, type EmbeddingPoint } from './embedding-points.ts';

function item(point: EmbeddingPoint, number: number): string {
  const tests = point.tests.map(([file, title]) => `    - \`${file}\` “${title}”`);
  return [`${number}. **${point.point}** ${point.why}`, ...tests].join('\n');
}

/** @returns Markdown: a numbered list for each group of points, the numbers going on */
export function embeddingPointList(): string {
  const items = embeddingPoints.map((point, place) => ({
    group: point.group,
    text: item(point, place + 1),
  }));
  return Array.from(
    Map.groupBy(items, ({ group }) => group),
    ([group, some]) => `## ${group}\n\n${some.map(({ text }) => text).join('\n')}`,
  ).join('\n\n');
}
