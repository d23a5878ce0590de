// The one class of errors that a caller is told about: a code from the contract's list and a sentence.
import { problems, type ProblemCode, type ProblemDetail } from './contract/index.ts';

export class Failure extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly ProblemDetail[];
  /** When to try again, where that is known. */
  readonly retryAfterSeconds: number | undefined;

  /** @param detail what is wrong and what to do, without any value of the request in it */
  constructor(
    code: ProblemCode,
    detail: string = problems[code].title,
    errors: readonly ProblemDetail[] = [],
    retryAfterSeconds?: number,
  ) {
    super(detail);
    this.name = 'Failure';
    this.code = code;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
