// The key under which a fact of a step is stored, of one length however long the ids are.
import { hash } from 'node:crypto';

const known = new Map<string, string>();
const most = 50_000;

/** 128 bits of the SHA-256 of fact, step and detail, in hex. */
export function factKeyOf(fact: string, stepId: string, detail: string): string {
  const name = `${fact}\0${stepId}\0${detail}`;
  let key = known.get(name);
  if (key === undefined) {
    key = hash('sha256', name, 'hex').slice(0, 32);
    if (known.size >= most) known.clear();
    known.set(name, key);
  }
  return key;
}
