// Embed tokens: short-lived, signed, for browsers.
import { hash } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import * as v from 'valibot';
import {
  embedTokenClaimsSchema,
  tokenIssuer,
  type EmbedTokenAnswer,
  type EmbedTokenClaims,
  type EmbedTokenRequest,
} from '../contract/index.ts';
import { Failure } from '../failure.ts';
import { isOfItsTime, tokenRules } from './token-rules.ts';

const algorithm = 'HS256';
/** The longest credential that a request may carry; headers have limits of about this everywhere. */
export const longestCredential = 8_192;

export interface TokenMinter {
  readonly workspace: string;
  /** The id of the API key on whose word the token is minted. */
  readonly apiKeyId: string;
}

export class EmbedTokens {
  readonly #secrets: readonly Uint8Array[];
  /** The claims of tokens whose signature is verified already: it does not change, only the time does. */
  readonly #verified = new LRUCache<string, EmbedTokenClaims>({ max: 5_000 });

  /** @param secrets the first signs, all verify */
  constructor(secrets: readonly string[]) {
    this.#secrets = secrets.map((secret) => new TextEncoder().encode(secret));
  }

  /** @throws Failure `validation_failed` when the token would be longer than a request can carry */
  async mint(minter: TokenMinter, request: EmbedTokenRequest): Promise<EmbedTokenAnswer> {
    const [signing] = this.#secrets;
    if (!signing) throw new Error('There is no secret to sign tokens with');
    const issuedAt = Math.floor(Date.now() / 1_000);
    const expiresAt = issuedAt + request.expiresInSeconds;
    const claims = {
      workspace: minter.workspace,
      journeys: request.journeyIds,
      scopes: [...new Set(request.scopes)],
      key: minter.apiKeyId,
    };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
      .setIssuer(tokenIssuer)
      .setAudience(tokenIssuer)
      .setSubject(request.subject)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(signing);
    if (token.length > longestCredential) {
      throw new Failure('validation_failed', 'The token would be too long for a header.', [
        { path: 'journeyIds', message: 'names too many journeys for one token' },
      ]);
    }
    return { token, expiresAt: new Date(expiresAt * 1_000).toISOString() };
  }

  /** @returns the claims, or undefined when the token is not ours, is altered, too old or not of the form. */
  async verify(token: string): Promise<EmbedTokenClaims | undefined> {
    const digest = hash('sha256', token, 'base64');
    const known = this.#verified.get(digest);
    if (known) return isOfItsTime(known) ? known : undefined;
    const claims = await this.#verifyAnew(token);
    if (claims) this.#verified.set(digest, claims);
    return claims;
  }

  async #verifyAnew(token: string): Promise<EmbedTokenClaims | undefined> {
    for (const secret of this.#secrets) {
      try {
        const { payload } = await jwtVerify(token, secret, {
          ...tokenRules,
          algorithms: [algorithm],
          issuer: tokenIssuer,
        });
        if (!isOfItsTime(payload)) return undefined;
        const claims = v.safeParse(embedTokenClaimsSchema, payload);
        return claims.success ? claims.output : undefined;
      } catch (error) {
        // A signature by another of our secrets is tried with the next one; anything else that jose refuses is no token.
        if (!(error instanceof errors.JOSEError)) throw error;
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) return undefined;
      }
    }
    return undefined;
  }
}
