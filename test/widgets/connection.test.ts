// Requests against a BFF over real HTTP: shared, repeated with a new token, kept when a refresh fails, stopped when nobody looks.
import { expect } from '@open-wc/testing';
import { Connection, connectionFor } from '../../widgets/connection/connection.ts';
import type { Resource, ResourceChange } from '../../widgets/connection/resource.ts';
import type { GetToken, TokenReason } from '../../widgets/connection/token-source.ts';
import { endpointFor, until, type Endpoint } from './endpoint.ts';

const path = 'v1/journeys/welcome/overview?trend=day';

interface Watched {
  readonly endpoint: Endpoint;
  readonly connection: Connection;
  readonly resource: Resource;
  readonly reasons: readonly TokenReason[];
  readonly changes: ResourceChange[];
  readonly leave: () => void;
}

const watched: Watched[] = [];

function watch(scenario: string): Watched {
  const endpoint = endpointFor(scenario);
  const reasons: TokenReason[] = [];
  const getToken: GetToken = async ({ reason }) => {
    reasons.push(reason);
    return `token-${reasons.length}`;
  };
  const connection = connectionFor(endpoint.url, getToken);
  const resource = connection.resource(path);
  const changes: ResourceChange[] = [];
  const detach = connection.attach();
  const unsubscribe = resource.subscribe((change) => changes.push(change));
  const all = {
    endpoint,
    connection,
    resource,
    reasons,
    changes,
    leave: () => {
      unsubscribe();
      detach();
    },
  };
  watched.push(all);
  return all;
}

const settled = ({ resource }: Watched) =>
  until(() => resource.state.data !== undefined || resource.state.failure !== undefined);

describe('Connection', () => {
  afterEach(() => {
    for (const one of watched.splice(0)) one.leave();
  });

  it('is one for an endpoint and a getToken', () => {
    const getToken = () => 'token';
    expect(connectionFor('https://bff.example', getToken)).to.equal(
      connectionFor('https://bff.example', getToken),
    );
    expect(connectionFor('https://bff.example', getToken)).not.to.equal(
      connectionFor('https://bff.example', () => 'token'),
    );
    expect(connectionFor('https://bff.example', getToken)).not.to.equal(
      connectionFor('https://other.example', getToken),
    );
  });

  for (const endpoint of ['javascript:alert(1)', 'data:text/plain,', 'file:///etc']) {
    it(`refuses ${endpoint}`, () => {
      expect(() => new Connection(endpoint, () => 'token')).to.throw(TypeError);
    });
  }

  it('asks once for all who look, with the token in the header and nowhere else', async () => {
    const one = watch('steady');
    const leaveToo = one.connection.resource(path).subscribe(() => {});
    await settled(one);
    leaveToo();
    const log = await one.endpoint.log();
    expect(log).to.have.length(1);
    expect(log[0]).to.deep.include({
      path: 'v1/journeys/welcome/overview',
      query: 'trend=day',
      authorization: 'Bearer token-1',
      ifNoneMatch: '',
      cookie: '',
      referer: '',
    });
    expect(one.reasons).to.eql(['initial']);
  });

  it('sends no cookie of the page', async () => {
    document.cookie = 'session=secret';
    try {
      const one = watch('steady');
      await settled(one);
      expect((await one.endpoint.log())[0]).to.include({ cookie: '' });
    } finally {
      document.cookie = 'session=; max-age=0';
    }
  });

  it('asks with If-None-Match, and keeps its numbers at 304', async () => {
    const one = watch('steady');
    await settled(one);
    const { data, confirmedAt } = one.resource.state;
    one.resource.refresh();
    await until(() => one.changes.includes('confirmed'));
    expect(one.resource.state.data).to.equal(data);
    expect(one.resource.state.confirmedAt).to.be.at.least(confirmedAt ?? Infinity);
    expect((await one.endpoint.log()).map(({ ifNoneMatch, status }) => [ifNoneMatch, status])).to.eql([
      ['', 200],
      ['"0-0"', 304],
    ]);
  });

  it('asks again every 2 s while events are on their way', async () => {
    const one = watch('pending');
    await until(() => one.changes.filter((change) => change === 'data').length === 2, 3_500);
    expect(one.resource.state.data).to.have.property('pendingEvents', 3);
  });

  it('repeats a request with a new token after a 401, once', async () => {
    const one = watch('old-token');
    await settled(one);
    expect(one.resource.state.failure).to.equal(undefined);
    expect((await one.endpoint.log()).map(({ authorization, status }) => [authorization, status])).to.eql([
      ['Bearer token-1', 401],
      ['Bearer token-2', 200],
    ]);
    expect(one.reasons).to.eql(['initial', 'unauthorized']);
  });

  it('renews once for all requests that were refused', async () => {
    const one = watch('old-token');
    const others = ['flow', 'trend?metric=totalEntries'].map((name) =>
      one.connection.resource(`v1/journeys/welcome/${name}`),
    );
    const leave = others.map((other) => other.subscribe(() => {}));
    await until(() => [one.resource, ...others].every(({ state }) => state.data !== undefined));
    for (const each of leave) each();
    expect(one.reasons).to.eql(['initial', 'unauthorized']);
  });

  it('gives up on a 401 that a new token does not heal', async () => {
    const one = watch('unauthorized');
    await settled(one);
    expect(one.resource.state.failure).to.include({
      code: 'unauthorized',
      status: 401,
      requestId: 'request-1',
    });
    expect(await one.endpoint.log()).to.have.length(2);
  });

  for (const [scenario, expected] of [
    ['forbidden', { code: 'missing_scope', status: 403, retryable: false }],
    ['unknown', { code: 'not_found', status: 404, retryable: false }],
    ['failing', { code: 'internal', status: 500, retryable: true, requestId: 'request-1' }],
    ['slow-down', { code: 'too_many_requests', status: 429, retryable: true, retryAfter: 7_000 }],
    ['proxy-error', { code: 'internal', status: 502, retryable: true }],
    ['proxy-page', { code: 'invalid_answer', status: 200 }],
    ['redirecting', { code: 'network', status: 0 }],
  ] as const) {
    it(`tells what ${scenario} means`, async () => {
      const one = watch(scenario);
      await settled(one);
      expect(one.resource.state.failure).to.include(expected);
      expect(one.resource.state).to.include({ data: undefined, loading: false });
    });
  }

  it('tries again by itself', async () => {
    const one = watch('failing-once');
    await until(() => one.resource.state.data !== undefined);
    expect(one.resource.state.failure).to.equal(undefined);
    expect((await one.endpoint.log()).map(({ status }) => status)).to.eql([503, 200]);
  });

  it('keeps the last good numbers when a refresh fails', async () => {
    const one = watch('failing-later');
    await settled(one);
    const { data, confirmedAt } = one.resource.state;
    one.resource.refresh();
    await until(() => one.resource.state.failure !== undefined);
    expect(one.resource.state).to.include({ data, confirmedAt });
  });

  it('forgets numbers that may not be seen any more', async () => {
    const one = watch('forbidden-later');
    await settled(one);
    one.resource.refresh();
    await until(() => one.resource.state.failure !== undefined);
    expect(one.resource.state.data).to.equal(undefined);
  });

  for (const event of ['online', 'visibilitychange']) {
    it(`tries again at once on ${event}`, async () => {
      const one = watch('failing-once');
      await until(() => one.resource.state.failure !== undefined);
      const begun = performance.now();
      (event === 'online' ? window : document).dispatchEvent(new Event(event));
      await until(() => one.resource.state.data !== undefined);
      expect(performance.now() - begun).to.be.below(700); // by itself it would wait a second or more
    });
  }

  it('asks nothing while the page is hidden, and at once when it is seen again', async () => {
    const one = watch('pending');
    await settled(one);
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    try {
      document.dispatchEvent(new Event('visibilitychange'));
      await new Promise((resolve) => setTimeout(resolve, 2_300));
      expect(await one.endpoint.log()).to.have.length(1);
    } finally {
      Reflect.deleteProperty(document, 'hidden');
    }
    document.dispatchEvent(new Event('visibilitychange'));
    await until(async () => (await one.endpoint.log()).length === 2, 700);
  });

  it('hangs up when the last one leaves', async () => {
    const one = watch('hanging');
    await until(async () => (await one.endpoint.log()).length === 1);
    const leaveToo = one.resource.subscribe(() => {});
    one.leave();
    expect(one.resource.watched).to.equal(true);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await one.endpoint.log())[0]).to.include({ aborted: false });
    leaveToo();
    await until(async () => (await one.endpoint.log())[0]?.aborted === true);
    expect(one.resource.state).to.include({ failure: undefined, loading: false });
  });

  it('goes on after an element was moved, without a failure to show', async () => {
    const endpoint = endpointFor('slow');
    let asked = 0;
    const connection = new Connection(endpoint.url, async () => {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return `token-${asked}`;
    });
    const resource = connection.resource(path);
    const changes: ResourceChange[] = [];
    const join = () => {
      const detach = connection.attach();
      const unsubscribe = resource.subscribe((change) => changes.push(change));
      return () => {
        unsubscribe();
        detach();
      };
    };
    join()();
    const leave = join();
    await until(() => resource.state.data !== undefined);
    leave();
    expect(changes).not.to.include('failure');
    expect(changes.at(-1)).to.equal('data');
  });

  it('asks no more once all have left', async () => {
    const one = watch('pending');
    await settled(one);
    one.leave();
    await new Promise((resolve) => setTimeout(resolve, 2_300));
    expect(await one.endpoint.log()).to.have.length(1);
  });
});
