// Says what is wrong with a value without ever repeating it.
import * as v from 'valibot';
import type { ProblemDetail } from '../contract/index.ts';

/** Texts that valibot writes itself repeat what it received; these take their place. */
function messageOf(issue: v.BaseIssue<unknown>): string {
  const isMissing = issue.input === undefined && issue.path !== undefined;
  if (issue.kind === 'schema' && isMissing) return 'is required';
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'is not known here';
  if (!issue.message.startsWith('Invalid ')) return issue.message;
  if (issue.type === 'object' || issue.type === 'strict_object') return 'must be an object';
  if (issue.type === 'array') return 'must be an array';
  if (issue.type === 'picklist' || issue.type === 'variant' || issue.type === 'literal') {
    return `must be ${issue.expected ?? 'a known value'}`;
  }
  return issue.expected ? `must be ${issue.expected}` : 'is not valid';
}

/** A path as people write it: `steps[3].stepId`; keys that the sender made up are shortened. */
function pathOf(issue: v.BaseIssue<unknown>): string {
  let path = '';
  for (const item of issue.path ?? []) {
    const key: unknown = item.key;
    if (typeof key === 'number') path += `[${key}]`;
    else path += `${path === '' ? '' : '.'}${String(key).slice(0, 100)}`;
  }
  return path;
}

/** Turns valibot's issues into the `errors` of a problem document. */
export function describeIssues(issues: readonly v.BaseIssue<unknown>[]): ProblemDetail[] {
  return issues.slice(0, 1_000).map((issue) => ({ path: pathOf(issue), message: messageOf(issue) }));
}
