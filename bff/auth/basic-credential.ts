// Basic authentication (RFC 7617), for senders that can name a key in no other way.

/**
 * Turns an API key that is sent as the user name of Basic authentication, with an empty password, into Bearer.
 * @returns every other header as it is
 */
export function basicAsBearer(authorization: string | undefined): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return authorization;
  const key = /^([\x21-\x39\x3b-\x7e]+):$/.exec(Buffer.from(encoded, 'base64').toString('utf8'))?.[1];
  return key === undefined ? authorization : `Bearer ${key}`;
}
