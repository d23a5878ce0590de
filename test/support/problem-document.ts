// What every problem document must be, whatever it is about.
import assert from 'node:assert/strict';
import { problems, problemSchema, type Problem, type ProblemCode } from '../../bff/contract/index.ts';
import type { Answer } from './http-client.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const members = ['type', 'title', 'status', 'detail', 'code', 'requestId', 'errors'];

/** Holds an answer against the form of problem documents (RFC 9457), and its code. @returns the document. */
export function assertProblem(answer: Answer, code: ProblemCode): Problem {
  const { status, title } = problems[code];
  assert.equal(answer.status, status, `expected ${code}, got ${answer.status}: ${answer.text.slice(0, 500)}`);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  assert.equal(answer.headers['cache-control'], 'no-store');
  const problem = answer.as(problemSchema);
  assert.equal(problem.code, code);
  assert.equal(problem.status, status);
  assert.equal(problem.title, title);
  assert.match(problem.type, /^(?:about:blank|https:\/\/)/);
  assert.ok(problem.detail.length > 0);
  assert.match(problem.requestId, uuid);
  assert.equal(problem.requestId, answer.headers['x-request-id']);
  const given = Object.keys(answer.json() as object); // problemSchema has found it to be one
  assert.deepEqual(given.slice(0, members.length), members);
  assert.equal(answer.headers['www-authenticate'] !== undefined, status === 401);
  return problem;
}

/** Holds that nothing of these texts is in an answer, neither in its body nor in its headers. */
export function assertSilentAbout(answer: Answer, texts: readonly string[]): void {
  const said = `${answer.text} ${JSON.stringify(answer.headers)}`;
  for (const text of texts) assert.ok(!said.includes(text), `the answer repeats ${text}: ${said}`);
}
