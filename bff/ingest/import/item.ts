// What an import takes from a file, one after the other: an event, or why there is none.

export type Item = { readonly line: number } & ({ readonly value: unknown } | { readonly problem: string });
