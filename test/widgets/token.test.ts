// The life of an embed token: asked once, renewed at 80 % of its life, never asked in a tight loop.
import { expect } from '@open-wc/testing';
import { LoadFailure } from '../../widgets/connection/load-failure.ts';
import { TokenSource, type TokenReason } from '../../widgets/connection/token-source.ts';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A JWT as the BFF mints it, but for the signature, which nobody here reads. */
function jwt(claims: Readonly<Record<string, unknown>>): string {
  const encode = (value: unknown) =>
    btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `${encode({ alg: 'HS256' })}.${encode(claims)}.c2lnbmF0dXJl`;
}

/** A host that gives `token-1`, `token-2` … and keeps what it was asked. */
function host(give: (turn: number) => unknown = (turn) => `token-${turn}`) {
  const reasons: TokenReason[] = [];
  const signals: AbortSignal[] = [];
  const source = new TokenSource(async ({ reason, signal }) => {
    reasons.push(reason);
    signals.push(signal);
    // Whatever a host gives, of whatever type, has to be met.
    return give(reasons.length) as string;
  });
  return { source, reasons, signals };
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('was expected to fail');
}

describe('TokenSource', () => {
  it('asks once for all who need a token at the same time, and keeps it', async () => {
    const { source, reasons } = host();
    expect(await Promise.all([source.token(), source.token(), source.token()])).to.eql([
      'token-1',
      'token-1',
      'token-1',
    ]);
    expect(await source.token()).to.equal('token-1');
    expect(reasons).to.eql(['initial']);
  });

  it('renews at 80 % of the life the host states, ahead of need', async () => {
    const { source, reasons } = host((turn) => ({
      token: `token-${turn}`,
      expiresAt: new Date(Date.now() + (turn === 1 ? 1_000 : 60_000)).toISOString(),
    }));
    source.setActive(true);
    await source.token();
    await pause(600);
    expect(reasons, 'before 80 %').to.eql(['initial']);
    await pause(350);
    expect(reasons, 'after 80 %').to.eql(['initial', 'expiring']);
    expect(await source.token()).to.equal('token-2');
    source.setActive(false);
  });

  it('renews at 80 % of the life a JWT states', async () => {
    const now = Date.now() / 1_000;
    const { source, reasons } = host((turn) => jwt({ iat: now, exp: now + (turn === 1 ? 1 : 600) }));
    source.setActive(true);
    await source.token();
    await pause(600);
    expect(reasons).to.eql(['initial']);
    await pause(350);
    expect(reasons).to.eql(['initial', 'expiring']);
    source.setActive(false);
  });

  it('renews by the end of a JWT that does not state its beginning', async () => {
    const { source, reasons } = host((turn) => jwt({ exp: Date.now() / 1_000 + (turn === 1 ? 1 : 600) }));
    source.setActive(true);
    await source.token();
    await pause(950);
    expect(reasons).to.eql(['initial', 'expiring']);
    source.setActive(false);
  });

  // The page's clock may be wrong by any amount, and then all tokens seem old, or of the future.
  for (const [clock, seconds] of [
    ['9 minutes fast', 540],
    ['an hour fast', 3_600],
    ['9 minutes slow', -540],
    ['an hour slow', -3_600],
  ] as const) {
    for (const kind of ['a JWT', 'a token with its end', 'a JWT with its end alone'] as const) {
      it(`does not ask in a loop for ${kind} when the page's clock is ${clock}`, async () => {
        const { source, reasons } = host((turn) => {
          const minted = Date.now() / 1_000 - seconds;
          if (kind === 'a JWT') return jwt({ iat: minted, exp: minted + 600, turn });
          if (kind === 'a JWT with its end alone') return jwt({ exp: minted + 600, turn });
          return { token: `token-${turn}`, expiresAt: new Date((minted + 600) * 1_000).toISOString() };
        });
        source.setActive(true);
        const first = await source.token();
        await pause(120);
        expect(await source.token()).to.equal(first);
        expect(reasons).to.eql(['initial']);
        source.setActive(false);
      });
    }
  }

  it('keeps the old token while it lives when the host gives no new one', async () => {
    const { source, reasons } = host((turn) => {
      if (turn > 1) throw new Error('the host is down');
      return { token: 'token-1', expiresAt: Date.now() + 800 };
    });
    await source.token();
    await pause(680);
    expect(await source.token()).to.equal('token-1');
    expect(reasons).to.eql(['initial', 'expiring']);
    await pause(150);
    expect(await failureOf(source.token()), 'after its end').to.be.instanceOf(LoadFailure);
  });

  it('replaces a refused token once for all who were refused', async () => {
    const { source, reasons } = host();
    const used = await source.token();
    expect(await Promise.all([source.replace(used), source.replace(used)])).to.eql(['token-2', 'token-2']);
    expect(await source.replace(used), 'a late one').to.equal('token-2');
    expect(reasons).to.eql(['initial', 'unauthorized']);
  });

  it('waits longer and longer for a host that gives none, and asks at once when told to', async () => {
    const { source, reasons } = host(() => {
      throw new Error('the host is down');
    });
    const failure = await failureOf(source.token());
    expect(failure).to.be.instanceOf(LoadFailure).and.to.include({ code: 'token', retryable: true });
    expect(failure).to.have.property('retryAfter').that.is.within(1_000, 1_200);
    expect(await failureOf(source.token())).to.equal(failure);
    expect(reasons, 'asked no more meanwhile').to.have.length(1);
    source.forgetFailures();
    await failureOf(source.token());
    expect(reasons).to.have.length(2);
  });

  for (const nothing of [undefined, null, '', {}, { token: 7 }, 7]) {
    it(`takes ${JSON.stringify(nothing)} for no token`, async () => {
      const { source } = host(() => nothing);
      expect(await failureOf(source.token()))
        .to.be.instanceOf(LoadFailure)
        .and.to.include({ code: 'token' });
    });
  }

  it('stops waiting for a host that does not answer within 30 s', async () => {
    const { source, signals } = host(() => new Promise(() => {}));
    const later = window.setTimeout.bind(window);
    const delays: number[] = [];
    let fire = () => {};
    window.setTimeout = ((run: () => void, delay: number) => {
      delays.push(delay);
      fire = run;
      return later(() => {}, 0);
    }) as typeof window.setTimeout;
    let asked: Promise<unknown>;
    try {
      asked = failureOf(source.token());
      expect(delays).to.eql([30_000]);
    } finally {
      window.setTimeout = later;
    }
    fire();
    expect(await asked)
      .to.be.instanceOf(LoadFailure)
      .and.to.include({ code: 'token' });
    expect(signals[0]?.aborted).to.equal(true);
  });

  it('aborts the question when nobody needs it, and asks anew when somebody does', async () => {
    const { source, reasons, signals } = host((turn) => (turn === 1 ? new Promise(() => {}) : 'token-2'));
    source.setActive(true);
    const given = failureOf(source.token());
    source.setActive(false);
    source.setActive(true);
    expect(await source.token()).to.equal('token-2');
    expect(await given).to.have.property('name', 'AbortError');
    expect(signals[0]?.aborted).to.equal(true);
    expect(reasons).to.have.length(2);
    source.setActive(false);
  });
});
