// Live updates: the stream's text however it is cut, and what its messages, its end and the page's state bring about.
import { expect } from '@open-wc/testing';
import { connectionFor } from '../../widgets/connection/connection.ts';
import { EventStreamParser, type StreamMessage } from '../../widgets/connection/event-stream.ts';
import type { Resource, ResourceChange } from '../../widgets/connection/resource.ts';
import type { TokenReason } from '../../widgets/connection/token-source.ts';
import { endpointFor, until, type Endpoint } from './endpoint.ts';

const event = (data: string, name = 'change'): StreamMessage => ({ kind: 'event', name, data });
const comment: StreamMessage = { kind: 'comment' };

describe('EventStreamParser', () => {
  for (const [what, text, expected] of [
    ['an event', 'event: change\ndata: {}\n\n', [event('{}')]],
    ['lines that end with CRLF', 'event: change\r\ndata: {}\r\n\r\n', [event('{}')]],
    [
      'lines that end with CR',
      'event: change\rdata: {}\r\rdata: 2\r\r',
      [event('{}'), event('2', 'message')],
    ],
    ['data of several lines', 'event: change\ndata: {\ndata:\ndata:  }\n\n', [event('{\n\n }')]],
    ['comments', ': still here\n\n:\n\n', [comment, comment]],
    ['a comment inside an event', 'event: change\n: still here\ndata: 1\n\n', [comment, event('1')]],
    ['a byte order mark', '\uFEFFdata: 1\n\n', [event('1', 'message')]],
    ['fields it does not know', 'id: 7\nretry: 3\nevent: change\ndata: ç😀\nother\n\n', [event('ç😀')]],
    ['an event without data', 'event: change\n\ndata: 1\n\n', [event('1', 'message')]],
    ['a field without a value', 'event: change\ndata\n\n', [event('')]],
    ['an event that has not ended', 'event: change\ndata: 1\n', []],
  ] as const) {
    it(`reads ${what}, cut anywhere`, () => {
      for (let first = 0; first <= text.length; first += 1) {
        for (let second = first; second <= text.length; second += 1) {
          const parser = new EventStreamParser();
          const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
          expect(pieces.flatMap((piece) => parser.push(piece))).to.eql(expected);
        }
      }
    });
  }
});

interface Watched {
  readonly endpoint: Endpoint;
  readonly resource: Resource;
  readonly reasons: readonly TokenReason[];
  readonly changes: ResourceChange[];
  readonly leave: () => void;
}

const leaving: (() => void)[] = [];

function watch(scenario: string, journey = 'welcome', endpoint = endpointFor(scenario)): Watched {
  const reasons: TokenReason[] = [];
  const connection = connectionFor(endpoint.url, async ({ reason }) => {
    reasons.push(reason);
    return `token-${reasons.length}`;
  });
  const resource = connection.resource(`v1/journeys/${journey}/overview?trend=day`);
  const changes: ResourceChange[] = [];
  const detach = connection.attach();
  const unsubscribe = resource.subscribe((change) => changes.push(change));
  const leave = () => {
    unsubscribe();
    detach();
  };
  leaving.push(leave);
  return { endpoint, resource, reasons, changes, leave };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const streaming = async ({ endpoint }: Watched, count = 1) =>
  until(async () => (await endpoint.streams()).filter(({ status }) => status === 200).length === count);
const loaded = ({ resource }: Watched) => until(() => resource.state.data !== undefined);

function hide(hidden: boolean): void {
  if (hidden) Object.defineProperty(document, 'hidden', { value: true, configurable: true });
  else Reflect.deleteProperty(document, 'hidden');
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('live changes', () => {
  afterEach(() => {
    for (const leave of leaving.splice(0)) leave();
  });

  it('are one stream for a journey, with the token in the header', async () => {
    const one = watch('live');
    const [stream, ...others] = await (async () => {
      await streaming(one);
      return one.endpoint.streams();
    })();
    expect(others).to.eql([]);
    expect(stream).to.include({
      path: 'v1/journeys/welcome/changes',
      query: '',
      authorization: 'Bearer token-1',
      cookie: '',
      referer: '',
    });
    expect(one.reasons).to.eql(['initial']);
  });

  it('refetch once for a change, and not for the stream’s first word', async () => {
    const one = watch('live');
    await loaded(one);
    await streaming(one);
    await pause(200);
    expect(await one.endpoint.log()).to.have.length(1);
    await one.endpoint.change();
    await until(async () => (await one.endpoint.log()).length === 2);
    await until(() => !one.resource.state.loading);
    expect(one.resource.state.data).to.deep.include({ asOf: '2026-11-24T12:00:01.000Z' });
    await pause(200);
    expect(await one.endpoint.log()).to.have.length(2);
  });

  it('ask again when a change comes while an older answer is on its way', async () => {
    const one = watch('live-slow');
    await streaming(one);
    await one.endpoint.change();
    await until(async () => (await one.endpoint.log()).length === 2);
    await until(() => !one.resource.state.loading);
    expect(one.resource.state.data).to.deep.include({ asOf: '2026-11-24T12:00:01.000Z' });
  });

  it('confirm the numbers by a heartbeat', async () => {
    const one = watch('live');
    await loaded(one);
    await streaming(one);
    await pause(100);
    const before = one.resource.state.confirmedAt ?? 0;
    await one.endpoint.heartbeat();
    await until(() => (one.resource.state.confirmedAt ?? 0) > before);
    expect(await one.endpoint.log()).to.have.length(1);
  });

  it('close while the page is hidden, and come back', async () => {
    const one = watch('live');
    await loaded(one);
    await streaming(one);
    hide(true);
    try {
      await until(async () => (await one.endpoint.streams())[0]?.aborted === true);
      await one.endpoint.change();
      expect(await one.endpoint.log()).to.have.length(1);
    } finally {
      hide(false);
    }
    await streaming(one, 2);
    await until(async () => (await one.endpoint.log()).length === 2);
  });

  it('go on with a new token when the stream ends with the old one', async () => {
    const one = watch('live-ending');
    await streaming(one, 2);
    const good = (await one.endpoint.streams()).filter(({ status }) => status === 200);
    expect(good.map(({ authorization }) => authorization)).to.eql(['Bearer token-1', 'Bearer token-2']);
    expect(one.reasons).to.eql(['initial', 'unauthorized']);
  });

  it('hang up when the last one leaves, and follow again for the next', async () => {
    const one = watch('live');
    await streaming(one);
    one.leave();
    await until(async () => (await one.endpoint.streams())[0]?.aborted === true);
    await pause(100);
    expect(await one.endpoint.streams()).to.have.length(1);
    const unsubscribe = one.resource.subscribe(() => undefined);
    leaving.push(unsubscribe);
    await streaming(one, 2);
  });

  it('are two streams a page at most; a third takes the place of one that ends', async () => {
    const all = [watch('live'), watch('live'), watch('live')];
    await Promise.all(all.map(loaded));
    const open = async () =>
      (await Promise.all(all.map(({ endpoint }) => endpoint.streams())))
        .flat()
        .filter(({ aborted }) => !aborted).length;
    await until(async () => (await open()) === 2);
    await pause(150);
    expect(await open()).to.equal(2);
    expect(await all[2]?.endpoint.streams()).to.eql([]);
    all[0]?.leave();
    await until(async () => (await all[2]?.endpoint.streams())?.length === 1);
  });

  it('are asked for once when the route is missing', async () => {
    const one = watch('steady');
    await loaded(one);
    await pause(1_500);
    expect((await one.endpoint.streams()).map(({ status }) => status)).to.eql([404]);
    expect(one.resource.state.failure).to.equal(undefined);
  });

  it('leave the short questions to journeys whose events are being counted', async () => {
    const one = watch('pending');
    await until(async () => (await one.endpoint.log()).length === 2);
    expect(one.resource.state.failure).to.equal(undefined);
  });
});
