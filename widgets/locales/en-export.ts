// The texts of the export button, in English: only who offers one carries them.
import type { Message } from './en.ts';

export const enExport = {
  'export.loading': 'Counting the rows',
  'export.of': 'Export {metric}',
  'export.rows': { one: 'Export {rows} row', other: 'Export {rows} rows' },
  'export.noRowCount': 'Export',
  'export.nothing': 'Nothing to export: the value is 0.',
  'export.preparing': 'Preparing the {format} file',
  'export.progress': { one: '{sent} of {rows} row', other: '{sent} of {rows} rows' },
  'export.keepWorking': 'You can keep working. Your browser saves the file.',
  'export.done': { one: '{rows} row saved', other: '{rows} rows saved' },
  'export.stopped': {
    one: 'Export stopped after {sent} of {rows} row. No partial file was saved.',
    other: 'Export stopped after {sent} of {rows} rows. No partial file was saved.',
  },
  'export.expired': 'The download was not started in time.',
  'export.failed': 'The export could not be started',
  'export.unknownEnd': 'What became of the download is not known. Look whether the file is complete.',
  'export.forbidden': 'Your access does not include exporting users.',
  'export.changed': 'Since then the value has become 0.',
  'export.close': 'Close',
} as const satisfies Readonly<Record<string, Message>>;
