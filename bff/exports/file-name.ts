// The names of exported files.
import { formatDate, type ExportFormat } from '../contract/index.ts';
import { dayInZone } from '../fold/index.ts';
import type { DayRange } from '../metrics/journey-numbers.ts';

/** A part of a name as every file system takes it. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
}

/** A part of a name in full, but for what no file system takes or what hides a file. */
function full(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}/\\:*?"<>|]+|^\.+/gu, '-')
    .slice(0, 60)
    .toWellFormed();
}

export interface NamedFile {
  readonly journeyId: string;
  /** What is exported: step, metric, qualifiers; each may be any text. */
  readonly parts: readonly string[];
  readonly range: DayRange;
  readonly timeZone: string;
  readonly format: ExportFormat;
}

/** The `Content-Disposition` of a file (RFC 6266): an ASCII name, and the true one beside it where it differs. */
export function contentDisposition(
  { journeyId, parts, range, timeZone, format }: NamedFile,
  now: number,
): string {
  const days =
    range.first === null && range.last === null
      ? formatDate(dayInZone(now, timeZone))
      : [
          range.first === null ? 'start' : formatDate(range.first),
          range.last === null ? 'now' : formatDate(range.last),
        ].join('-to-');
  const nameOf = (write: (text: string) => string) =>
    `${[journeyId, ...parts, days]
      .map(write)
      .filter((part) => part !== '')
      .join('_')}.${format}`;
  const ascii = nameOf(plain);
  const whole = nameOf(full);
  if (ascii === whole) return `attachment; filename="${ascii}"`;
  const encoded = encodeURIComponent(whole).replaceAll(
    /['()*]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
