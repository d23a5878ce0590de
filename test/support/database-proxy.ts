// A way to the database that can be cut: connections end in the middle, and new ones are refused until it is mended.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface DatabaseProxy {
  /** The same database, by way of the proxy. */
  readonly url: string;
  /** Cuts every connection. New ones are refused, or taken and hung up on as a load balancer does without a server. */
  cut(then: 'refuse' | 'hang up'): Promise<void>;
  mend(): Promise<void>;
  stop(): Promise<void>;
}

export async function databaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let hangsUp = false;
  let server: Server | undefined;
  const listen = async (port: number): Promise<number> => {
    const listening = createServer((socket) => {
      if (hangsUp) {
        socket.destroy();
        return;
      }
      const onward = connect(Number(target.port), target.hostname);
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        sockets.add(one);
        one.setNoDelay(true);
        one.pipe(other);
        // The other end hears of it as well.
        one.on('error', () => other.destroy());
        one.on('close', () => {
          sockets.delete(one);
          other.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => {
      listening.listen(port, '127.0.0.1', resolve);
    });
    server = listening;
    return (listening.address() as AddressInfo).port; // it listens on TCP
  };
  const close = async () => {
    const closing = server;
    server = undefined;
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      if (closing) closing.close(() => resolve());
      else resolve();
    });
  };
  const port = await listen(0);
  const url = new URL(databaseUrl);
  url.port = String(port);
  return {
    url: url.href,
    async cut(then) {
      hangsUp = then === 'hang up';
      await close();
      if (hangsUp) await listen(port);
    },
    async mend() {
      hangsUp = false;
      await close();
      await listen(port);
    },
    stop: close,
  };
}
