// The body of an answer made from a stream of bytes. It ends only when everything about the export is settled, and only
// after its reader has taken every byte; else it breaks off.
import type { Readable } from 'node:stream';

export class ExportBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** Resolves when the reader has taken every byte, rejects when it has left or the bytes have broken off. */
  readonly taken: Promise<void>;
  readonly #bytes: Readable;
  readonly #rejectTaken: (error: unknown) => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  /** @param settled the body ends when this has resolved, and breaks off when it rejects */
  constructor(bytes: Readable, settled: Promise<unknown>) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.taken = promise;
    this.#rejectTaken = reject;
    this.#bytes = bytes;
    const chunks: AsyncIterator<Uint8Array> = bytes[Symbol.asyncIterator]();
    bytes.once('error', (error: unknown) => this.breakOff(error));
    // Nothing is buffered here, so whoever asks for more has taken what came before.
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: async (controller) => {
          try {
            const chunk = await chunks.next();
            if (chunk.done !== true) {
              controller.enqueue(chunk.value);
              return;
            }
            resolve();
            await settled;
            controller.close();
          } catch (error) {
            this.breakOff(error);
          }
        },
        cancel: () => this.breakOff(new Error('The reader has left')),
      },
      { highWaterMark: 0 },
    );
  }

  /** Lets the reader see that the file is not whole, whatever the bytes are waiting for, but not why. */
  breakOff(error: unknown): void {
    this.#rejectTaken(error);
    this.#controller?.error(new Error('The export was broken off'));
    this.#bytes.destroy();
  }
}
