// Small readings that every request needs, each in one way to the database and back: a transaction takes five.
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';

/** What a query that reads needs of a transaction. */
export interface Reader {
  execute<Row extends Record<string, unknown>>(query: SQL): PromiseLike<readonly Row[]>;
}

const dialect = new PgDialect();

/**
 * A statement whose values stand in its text: it needs one way to the database and back instead of two, and goes along with
 * what is asked before it is answered. For whole numbers, ids of journeys and null.
 * @throws TypeError when a value has another form
 */
export function withValuesInText(query: SQL): SQL {
  for (const value of dialect.sqlToQuery(query).params) {
    const isPlain =
      value === null ||
      Number.isSafeInteger(value) ||
      (typeof value === 'string' && /^[\w.~-]*$/.test(value));
    if (!isPlain) throw new TypeError('A value that was to stand in a statement is not of its form');
  }
  return query.inlineParams();
}

/**
 * A reader whose every statement is a transaction of its own: what PostgreSQL gets in one message is one, without BEGIN.
 * @param opening the statements that each transaction begins with
 */
export function readerOn(client: postgres.Sql, opening: string): Reader {
  return {
    async execute<Row extends Record<string, unknown>>(query: SQL): Promise<readonly Row[]> {
      try {
        const results = await client
          .unsafe(`${opening} ${dialect.sqlToQuery(withValuesInText(query)).sql}`)
          .simple();
        // One for each statement; the last is the query's.
        return results.at(-1) as unknown as readonly Row[];
      } catch (error) {
        // With the place that asked; the library's own error has none.
        throw new Error('A small reading has failed', { cause: error });
      }
    },
  };
}
