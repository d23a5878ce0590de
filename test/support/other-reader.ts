// Reads exported files by another program, Python's csv, zipfile and xml modules, since what only JavaScript opens is no
// proof of a file.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ReadCell } from './export-file.ts';

const program = String.raw`
import base64, csv, io, json, re, sys, zipfile
import xml.etree.ElementTree as ET
M = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
R = '{http://schemas.openxmlformats.org/officeDocument/2006/relationships}'

def from_csv(data):
    text = data.decode('utf-8-sig')
    return [[['t', cell] for cell in row] for row in csv.reader(io.StringIO(text, newline=''), strict=True)]

def shown(text):
    return re.sub('_x([0-9A-Fa-f]{4})_', lambda found: chr(int(found.group(1), 16)), text)

def from_xlsx(data):
    archive = zipfile.ZipFile(io.BytesIO(data))
    broken = archive.testzip()
    if broken:
        raise ValueError('broken member ' + broken)
    styles = ET.fromstring(archive.read('xl/styles.xml'))
    dates = {f.get('numFmtId') for f in styles.iter(M + 'numFmt') if 'yyyy' in f.get('formatCode')}
    date_cells = {str(i) for i, xf in enumerate(styles.find(M + 'cellXfs')) if xf.get('numFmtId') in dates}
    targets = {r.get('Id'): r.get('Target') for r in ET.fromstring(archive.read('xl/_rels/workbook.xml.rels'))}
    rows = []
    for number, sheet in enumerate(ET.fromstring(archive.read('xl/workbook.xml')).iter(M + 'sheet')):
        found = list(ET.fromstring(archive.read('xl/' + targets[sheet.get(R + 'id')])).iter(M + 'row'))
        for row in found[1 if number else 0:]:
            cells = []
            for cell in row.iter(M + 'c'):
                if cell.find(M + 'f') is not None:
                    raise ValueError('a formula')
                value = cell.find(M + 'v')
                if cell.get('t') == 'inlineStr':
                    cells.append(['t', shown(''.join(t.text or '' for t in cell.iter(M + 't')))])
                elif value is None:
                    cells.append(['e', ''])
                else:
                    cells.append(['d' if cell.get('s') in date_cells else 'n', float(value.text)])
            rows.append(cells)
    return rows

for line in sys.stdin:
    asked = json.loads(line)
    data = base64.b64decode(asked['bytes'])
    print(json.dumps((from_csv if asked['format'] == 'csv' else from_xlsx)(data)), flush=True)
`;

type Cell = ['t', string] | ['e', string] | ['n', number] | ['d', number];

function toCell([kind, value]: Cell): ReadCell {
  if (kind === 't') return { text: value };
  if (kind === 'e') return null;
  return kind === 'n'
    ? { number: value }
    : { instant: new Date(Math.round((value - 25_569) * 86_400_000)).toISOString() };
}

/** Whether the other program is there. */
export const hasOtherReader = spawnSync('python3', ['-c', 'import csv, zipfile']).status === 0;

export interface OtherReader {
  /** Reads a file, with its header as the first row. */
  read(format: 'csv' | 'xlsx', bytes: Buffer): Promise<ReadCell[][]>;
  stop(): Promise<void>;
}

/** Starts the other program; it reads one file after the other. */
export function startOtherReader(): OtherReader {
  const child = spawn('python3', ['-c', program], { stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (errors += part));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async read(format, bytes) {
      child.stdin.write(`${JSON.stringify({ format, bytes: bytes.toString('base64') })}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error(`The other reader has failed: ${errors}`);
      return (JSON.parse(line.value) as Cell[][]).map((row) => row.map(toCell)); // as the program above prints it
    },
    async stop() {
      const closed = once(child, 'close');
      child.stdin.end();
      await closed;
    },
  };
}
