// The fake BFF of test/support/fake-endpoint.ts, as a browser test sees it.

/** One request; test/support/fake-endpoint.ts, which runs on Node and not here, writes it. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly authorization: string;
  readonly ifNoneMatch: string;
  readonly cookie: string;
  readonly referer: string;
  /** Of the scenarios about audiences. */
  readonly body: string;
  /** 0 until there is an answer. */
  readonly status: number;
  /** Whether the browser has hung up before the answer. */
  readonly aborted: boolean;
}

export interface Endpoint {
  /** What an element's `endpoint` is set to. */
  readonly url: string;
  /** What the endpoint has been asked, oldest first. */
  log(): Promise<FakeRequest[]>;
  /** Which streams of changes have been opened, oldest first. They are not in the log. */
  streams(): Promise<FakeRequest[]>;
  /** Makes a change in the live scenarios, and tells the streams. */
  change(): Promise<void>;
  /** Writes a comment to the streams, as the BFF does every 15 s. */
  heartbeat(): Promise<void>;
}

/** A fresh endpoint that behaves as `scenario` says. */
export function endpointFor(scenario: string): Endpoint {
  const url = `${location.origin}/fake/${scenario}/${crypto.randomUUID()}`;
  return {
    url,
    log: async () => (await fetch(`${url}/log`)).json() as Promise<FakeRequest[]>,
    streams: async () => (await fetch(`${url}/streams`)).json() as Promise<FakeRequest[]>,
    change: async () => void (await fetch(`${url}/change`)),
    heartbeat: async () => void (await fetch(`${url}/heartbeat`)),
  };
}

/** Waits until `condition` holds, asking again and again. @throws Error after `limit` milliseconds */
export async function until(condition: () => boolean | Promise<boolean>, limit = 4_000): Promise<void> {
  const end = performance.now() + limit;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not so within ${limit} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
