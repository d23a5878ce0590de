// Tells listeners that a journey's numbers have changed: one LISTEN a process, however many listeners there are.
import { lookUpInWorkspace, type Database } from '../../db/client.ts';
import { changesChannel, selectFreshness } from '../../db/queries/generations.ts';
import { isInUse } from '../auth/credentials.ts';
import { describeError, type DescribedError } from '../describe-error.ts';

/** A revision of a journey's numbers. */
export interface Change {
  readonly revision: string;
  readonly asOf: string;
}

/** One stream to one client. */
export interface Listener {
  /** The API key or identity provider that the listener's right to listen comes from. */
  readonly credentialId: string;
  change(change: Change): void;
  heartbeat(): void;
  /** The journey is gone, the key is revoked, the identity provider removed, or the service stops. */
  end(): void;
}

/** At most one change a second for each journey. */
const pauseMilliseconds = 1_000;
const heartbeatMilliseconds = 15_000;

/** The listeners of one journey. */
interface Topic {
  readonly workspaceId: number;
  readonly journeyId: string;
  readonly listeners: Set<Listener>;
  /** By a clock that nobody sets. */
  lastTold: number;
  timer: NodeJS.Timeout | undefined;
}

export class ChangeHub {
  readonly #database: Database;
  readonly #report: (failure: DescribedError) => void;
  readonly #topics = new Map<string, Topic>();
  #heartbeat: NodeJS.Timeout | undefined;
  #unlisten: Promise<() => Promise<void>> | undefined;

  constructor(database: Database, report: (failure: DescribedError) => void) {
    this.#database = database;
    this.#report = report;
  }

  /** Adds a listener to a journey. @returns what takes it away again. */
  async subscribe(workspaceId: number, journeyId: string, listener: Listener): Promise<() => void> {
    const key = `${workspaceId} ${journeyId}`;
    const topic = this.#topics.get(key) ?? {
      workspaceId,
      journeyId,
      listeners: new Set(),
      lastTold: -pauseMilliseconds,
      timer: undefined,
    };
    this.#topics.set(key, topic);
    topic.listeners.add(listener);
    this.#heartbeat ??= setInterval(() => void this.#beat(), heartbeatMilliseconds);
    this.#unlisten ??= this.#database.listen(
      changesChannel,
      (topicKey) => this.#notice(topicKey),
      // After the connection was lost anything may have changed meanwhile.
      () => this.#noticeAll(),
    );
    try {
      await this.#unlisten;
    } catch (error) {
      this.#unlisten = undefined;
      topic.listeners.delete(listener);
      throw error;
    }
    return () => {
      topic.listeners.delete(listener);
      if (topic.listeners.size > 0) return;
      clearTimeout(topic.timer);
      if (this.#topics.get(key) === topic) this.#topics.delete(key);
    };
  }

  /** How many streams are open. */
  get listeners(): number {
    let count = 0;
    for (const { listeners } of this.#topics.values()) count += listeners.size;
    return count;
  }

  async stop(): Promise<void> {
    clearInterval(this.#heartbeat);
    for (const topic of this.#topics.values()) this.#end(topic);
    const unlisten = await this.#unlisten;
    await unlisten?.();
  }

  #noticeAll(): void {
    for (const key of this.#topics.keys()) this.#notice(key);
  }

  #notice(key: string): void {
    const topic = this.#topics.get(key);
    if (!topic || topic.timer !== undefined) return;
    const wait = Math.max(0, topic.lastTold + pauseMilliseconds - performance.now());
    topic.timer = setTimeout(() => void this.#tell(topic), wait);
  }

  async #tell(topic: Topic): Promise<void> {
    topic.timer = undefined;
    topic.lastTold = performance.now();
    const { workspaceId, journeyId } = topic;
    try {
      const state = await selectFreshness(
        lookUpInWorkspace(this.#database, workspaceId),
        workspaceId,
        journeyId,
      );
      if (!state) {
        this.#end(topic);
        return;
      }
      const change = { revision: state.revision, asOf: state.asOf };
      for (const listener of topic.listeners) listener.change(change);
    } catch (error) {
      // The next change or the next reconnection tells the listeners.
      this.#report(describeError(error));
    }
  }

  #end(topic: Topic): void {
    clearTimeout(topic.timer);
    for (const listener of topic.listeners) listener.end();
    topic.listeners.clear();
    this.#topics.delete(`${topic.workspaceId} ${topic.journeyId}`);
  }

  /** Keeps streams alive, and ends those whose key or identity provider is no longer in use. */
  async #beat(): Promise<void> {
    const listeners = [...this.#topics.values()].flatMap((topic) => [...topic.listeners]);
    for (const [credentialId, some] of Map.groupBy(listeners, (listener) => listener.credentialId)) {
      // While the database is away nobody can be asked, and nothing is told but this sign of life.
      let isUsable = true;
      try {
        isUsable = await isInUse(this.#database, credentialId);
      } catch (error) {
        this.#report(describeError(error));
      }
      for (const listener of some) {
        if (isUsable) listener.heartbeat();
        else listener.end();
      }
    }
  }
}
