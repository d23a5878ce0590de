// Embed tokens: what a host asks for, and what a token claims.
import * as v from 'valibot';
import { journeyIdSchema, nameText } from './text.ts';

export const scopes = ['metrics:read', 'users:export'] as const;
export type Scope = (typeof scopes)[number];

const scopeList = v.pipe(
  v.array(v.picklist(scopes, 'must be a known scope')),
  v.minLength(1, 'must not be empty'),
);

const journeyList = v.union(
  [
    v.strictTuple([v.literal('*')]),
    v.pipe(
      v.array(journeyIdSchema),
      v.minLength(1, 'must not be empty'),
      v.maxLength(1_000, 'must hold at most 1000'),
    ),
  ],
  'must be ["*"] or a list of one or more journey ids',
);

/** How long a token may last, in seconds. */
export const longestTokenSeconds = 3_600;

/** What `POST /v1/embed-tokens` takes. */
export const embedTokenRequestSchema = v.strictObject({
  subject: nameText,
  journeyIds: journeyList,
  scopes: scopeList,
  expiresInSeconds: v.optional(
    v.pipe(
      v.number('must be a number'),
      v.integer('must be a whole number'),
      v.minValue(1, 'must be at least 1'),
      v.maxValue(longestTokenSeconds, `must be at most ${longestTokenSeconds}`),
    ),
    600,
  ),
});
export type EmbedTokenRequest = v.InferOutput<typeof embedTokenRequestSchema>;

export const embedTokenAnswerSchema = v.object({ token: v.string(), expiresAt: v.string() });
export type EmbedTokenAnswer = v.InferOutput<typeof embedTokenAnswerSchema>;

export const tokenIssuer = 'journey-analytics';

/** The claims of an embed token. `key` is the id of the API key that minted it. */
export const embedTokenClaimsSchema = v.object({
  iss: v.literal(tokenIssuer),
  aud: v.literal(tokenIssuer),
  sub: nameText,
  workspace: v.string(),
  journeys: v.pipe(v.array(v.string()), v.minLength(1)),
  scopes: v.array(v.picklist(scopes)),
  key: v.string(),
  iat: v.number(),
  exp: v.number(),
});
export type EmbedTokenClaims = v.InferOutput<typeof embedTokenClaimsSchema>;

/** The claims of a token that a host's own identity provider signs. Its issuer decides the workspace. */
export const providerTokenClaimsSchema = v.object({
  iss: v.string(),
  // A token that is meant for others too is not one for us: they could send it here.
  aud: v.union([v.literal(tokenIssuer), v.strictTuple([v.literal(tokenIssuer)])]),
  sub: nameText,
  journeys: journeyList,
  scopes: scopeList,
  iat: v.number(),
  exp: v.number(),
});
export type ProviderTokenClaims = v.InferOutput<typeof providerTokenClaimsSchema>;
