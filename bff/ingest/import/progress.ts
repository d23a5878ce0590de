// Shows how far an import is: a bar on a terminal, else a line every few seconds. On standard error, always.
import { Presets, SingleBar } from 'cli-progress';
import type { Source } from './source.ts';

const secondsBetweenLines = 5;
const whole = new Intl.NumberFormat('en');

export interface Progress {
  /** Tells how many events were read so far. */
  show(events: number): void;
  end(): void;
}

/** Seconds as people say them: 4.2 s, 42 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  if (rounded < 3_600) return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
  return `${Math.floor(rounded / 3_600)} h ${Math.floor((rounded % 3_600) / 60)} min`;
}

/** Rate and remaining time, the latter by the part of the bytes that was read. */
function paceOf(started: number, events: number, part: number | undefined) {
  const seconds = (performance.now() - started) / 1_000;
  const left = part === undefined || part === 0 ? undefined : (seconds * (1 - part)) / part;
  return {
    rate: whole.format(Math.round(events / Math.max(seconds, 0.001))),
    left: left === undefined ? '?' : duration(left),
  };
}

/** Begins to show the reading of a source. */
export function readingProgress(source: Pick<Source, 'size' | 'bytesRead'>): Progress {
  const started = performance.now();
  const skippedBytes = source.bytesRead();
  const partRead = () => {
    if (source.size === undefined) return undefined;
    return (source.bytesRead() - skippedBytes) / Math.max(1, source.size - skippedBytes);
  };
  if (!process.stderr.isTTY || source.size === undefined) {
    let shownAt = started;
    return {
      show(events) {
        if (performance.now() - shownAt < secondsBetweenLines * 1_000) return;
        shownAt = performance.now();
        const part = partRead();
        const { rate, left } = paceOf(started, events, part);
        const percent = part === undefined ? '' : `${Math.floor(part * 100)} %, `;
        const rest = part === undefined ? '' : `, ${left} left`;
        console.error(`${percent}${whole.format(events)} events, ${rate}/s${rest}`);
      },
      end() {},
    };
  }
  const format = '{bar} {percentage} %  {events} events  {rate}/s  {left} left';
  const bar = new SingleBar({ format, hideCursor: true, fps: 5, barsize: 30 }, Presets.shades_classic);
  bar.start(1_000, 0, { events: '0', rate: '0', left: '?' });
  return {
    show(events) {
      const part = partRead() ?? 0;
      bar.update(Math.floor(part * 1_000), {
        events: whole.format(events),
        ...paceOf(started, events, part),
      });
    },
    end() {
      bar.stop();
    },
  };
}

/** Begins to show the counting of what was stored: how many events are left. */
export function countingProgress(): Progress {
  let shownAt = performance.now();
  const line = (events: number) => `counting: ${whole.format(events)} events left`;
  if (process.stderr.isTTY) {
    return {
      show: (events) => process.stderr.write(`\r\u001B[K${line(events)}`),
      end: () => process.stderr.write('\r\u001B[K'),
    };
  }
  return {
    show(events) {
      if (performance.now() - shownAt < secondsBetweenLines * 1_000) return;
      shownAt = performance.now();
      console.error(line(events));
    },
    end() {},
  };
}
