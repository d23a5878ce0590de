// A host's identity provider: keys of its own, a real server that answers their public halves, and tokens signed by them.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

export async function makeKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export interface IdentityProvider {
  readonly issuer: string;
  readonly jwksUrl: string;
  /** How often the keys were fetched. */
  readonly fetches: number;
  /** The keys that are answered; any may sign. */
  keys: SigningKey[];
  /** Instead of the keys. */
  answer: ((response: ServerResponse) => void) | undefined;
  /** Signs claims, by the first key unless told otherwise; undefined leaves a claim out. */
  sign(
    claims?: Readonly<Record<string, unknown>>,
    key?: SigningKey,
    header?: Record<string, unknown>,
  ): Promise<string>;
  stop(): Promise<void>;
}

export async function startIdentityProvider(name: string): Promise<IdentityProvider> {
  let fetches = 0;
  const server = createServer((_, response) => {
    fetches += 1;
    if (provider.answer) {
      provider.answer(response);
      return;
    }
    response.setHeader('Content-Type', 'application/jwk-set+json');
    response.end(JSON.stringify({ keys: provider.keys.map(({ jwk }) => jwk) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  const issuer = `https://${name}.example/`;
  const provider: IdentityProvider = {
    issuer,
    jwksUrl: `http://127.0.0.1:${port}/keys.json`,
    get fetches() {
      return fetches;
    },
    keys: [await makeKey('first')],
    answer: undefined,
    async sign(claims = {}, key = provider.keys[0], header = {}) {
      if (!key) throw new Error('The provider has no key');
      const now = Math.floor(Date.now() / 1_000);
      return new SignJWT({
        iss: issuer,
        aud: 'journey-analytics',
        sub: 'viewer of the host',
        journeys: ['*'],
        scopes: ['metrics:read'],
        iat: now,
        exp: now + 600,
        ...claims,
      })
        .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
        .sign(key.privateKey);
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}
