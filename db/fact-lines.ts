// Which facts a row of numbers holds: a line for each, which is what rows are added up by. Most rows of a step have the same
// lines, so what a line says is read once, and not for every row.

/** Fact and detail as a line: as JSON, in which no line breaks stand. */
export function factLine(fact: string, detail: string): string {
  return JSON.stringify([fact, detail]);
}

export function readFactLine(line: string): readonly [fact: string, detail: string] {
  return JSON.parse(line) as [string, string]; // as factLine wrote it
}

export function joinFactLines(facts: readonly { readonly fact: string; readonly detail: string }[]): string {
  return facts.map(({ fact, detail }) => factLine(fact, detail)).join('\n');
}

export function splitFactLines(facts: string): string[] {
  return facts.split('\n');
}
