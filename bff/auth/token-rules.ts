// What holds for every token, whoever signed it: for us, of its time, and not for long.
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import { longestTokenSeconds, tokenIssuer } from '../contract/index.ts';

/** How far the clock of whoever signs may be ahead of ours. */
const toleratedSeconds = 5;

/** What jose checks of every token, beside signature, algorithm and issuer. */
export const tokenRules = {
  audience: tokenIssuer,
  requiredClaims: ['sub', 'iat', 'exp'],
  clockTolerance: toleratedSeconds,
  maxTokenAge: longestTokenSeconds,
} satisfies JWTVerifyOptions;

/** Whether a token has a lifetime as it may be, and it has not ended. A token ends when it says, without tolerance. */
export function isOfItsTime({ iat = 0, exp = 0 }: JWTPayload): boolean {
  return exp > iat && exp - iat <= longestTokenSeconds && exp * 1_000 > Date.now();
}
