// Preloaded into a process (`node --import`): shifts its clock by as many milliseconds as the file CLOCK_SHIFT_FILE
// says, as an operator or a time server may do at any moment. Clocks that nobody sets are left alone.
import { readFileSync } from 'node:fs';

const file = process.env['CLOCK_SHIFT_FILE'];
if (file === undefined) throw new Error('CLOCK_SHIFT_FILE must name a file');

let shift = 0;
const look = () => {
  shift = Number(readFileSync(file, 'utf8'));
};
look();
setInterval(look, 20).unref();

const RealDate = Date;
const now = () => RealDate.now() + shift;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, values: [], newTarget: typeof Date) =>
    // Without a value it is the present time.
    Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget) as Date,
  get: (target, name, receiver): unknown => (name === 'now' ? now : Reflect.get(target, name, receiver)),
});
