// Reads server-sent events from text that comes in pieces, as the HTML standard says. No DOM, no network.

/** One message of a stream, or the word that something came that is none: a comment is the server's sign of life. */
export type StreamMessage =
  | { readonly kind: 'event'; readonly name: string; readonly data: string }
  | { readonly kind: 'comment' };

export class EventStreamParser {
  #rest = '';
  #begun = false;
  /** The last piece ended with a carriage return: a line feed that begins the next belongs to it. */
  #afterReturn = false;
  #name = '';
  #data: string[] = [];

  /** @returns the messages that are whole with this piece. What follows the last blank line waits for the next. */
  push(piece: string): StreamMessage[] {
    if (piece === '') return [];
    let text = piece;
    if (!this.#begun && text.startsWith('\uFEFF')) text = text.slice(1);
    this.#begun = true;
    if (this.#afterReturn && text.startsWith('\n')) text = text.slice(1);
    this.#afterReturn = piece.endsWith('\r');
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#line(line) ?? []);
  }

  #line(line: string): StreamMessage | undefined {
    if (line === '') return this.#dispatch();
    if (line.startsWith(':')) return { kind: 'comment' };
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#name = value;
    if (field === 'data') this.#data.push(value);
    return undefined;
  }

  #dispatch(): StreamMessage | undefined {
    const name = this.#name === '' ? 'message' : this.#name;
    const data = this.#data;
    this.#name = '';
    this.#data = [];
    return data.length === 0 ? undefined : { kind: 'event', name, data: data.join('\n') };
  }
}
