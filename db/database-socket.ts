// The socket of a connection to the database, for the library that speaks PostgreSQL's protocol over it.
import { Socket } from 'node:net';

/**
 * A socket that is lost at one instant. Node tells of an error first, and a moment later that the socket is closed. What
 * the library is asked for between the two stays in its queue for the next connection and is taken for answered there:
 * then every answer is held for that of an earlier question, a transaction waits for ever, or one believes to have begun
 * and works inside another's. Of a lost connection without an error the library gives everything up at once, so once the
 * server has spoken an error is told as nothing but the end.
 */
class DatabaseSocket extends Socket {
  #hasSpoken = false;

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event === 'data') this.#hasSpoken = true;
    if (this.#hasSpoken && event === 'error') return true;
    // The value says whether there was an error.
    if (this.#hasSpoken && event === 'close') return super.emit(event, false);
    return super.emit(event, ...values);
  }
}

/** Where the library connects to, as it has read it from a URL or options. */
interface Place {
  readonly host: readonly string[];
  readonly port: readonly number[];
  /** Of a Unix socket. */
  readonly path?: string | false;
}

/** Begins to connect to the servers of a place in turn. What is written before the socket is open waits for that. */
export function databaseSocket(): (place: Place) => Socket {
  let attempt = 0;
  return ({ host, port, path }) => {
    const socket = new DatabaseSocket();
    if (path) return socket.connect(path);
    const index = attempt % host.length;
    attempt += 1;
    // The library names them in its errors, and the host when it asks for TLS.
    const server = { host: host[index] ?? 'localhost', port: port[index] ?? 5432 };
    return Object.assign(socket, server).connect(server);
  };
}
