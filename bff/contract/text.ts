// The texts that the contract allows as ids, names and reasons. Lengths count code points.
import * as v from 'valibot';

const controlCharacter = /\p{Cc}/u;
const journeyIdText = /^[A-Za-z0-9._~-]{1,100}$/;

/** Counts code points, but stops early on texts that are far too long. */
function longerThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  if (text.length > limit * 2) return true;
  let points = 0;
  for (const _ of text) {
    points += 1;
    if (points > limit) return true;
  }
  return false;
}

function isPlainText(text: string): boolean {
  return text.length > 0 && !longerThan(text, 200) && !controlCharacter.test(text) && text.isWellFormed();
}

const plainTextMessage = 'must have 1 to 200 characters, without control characters or lone surrogates';

/** An outcome, a platform, an event name, a step's or journey's name: 1 to 200 code points. */
export const nameText = v.pipe(v.string('must be a text'), v.check(isPlainText, plainTextMessage));

/** An id other than a journey's: 1 to 200 code points, neither `.` nor `..`. */
export const idText = v.pipe(
  v.string('must be a text'),
  v.check(
    (text) => isPlainText(text) && text !== '.' && text !== '..',
    `${plainTextMessage}, and not be . or ..`,
  ),
);

/** A journey's id: 1 to 100 of `[A-Za-z0-9._~-]`, neither `.` nor `..`. */
export const journeyIdSchema = v.pipe(
  v.string('must be a text'),
  v.check(
    (text) => journeyIdText.test(text) && text !== '.' && text !== '..',
    'must be 1 to 100 of the characters A-Z a-z 0-9 . _ ~ - and not be . or ..',
  ),
);

/** Why something happened: up to 500 code points without U+0000. Lone surrogates become U+FFFD, which every store can hold. */
export const reasonText = v.pipe(
  v.string('must be a text'),
  v.check(
    (text) => !longerThan(text, 500) && !text.includes('\0'),
    'must have at most 500 characters, without U+0000',
  ),
  v.transform((text) => text.toWellFormed()),
);

/** Orders two texts code point by code point, as every list of this product is ordered. */
export function compareCodePoints(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a === b) continue;
    // Only where one side is a surrogate does the order of UTF-16 units differ from that of code points.
    const aIsSurrogate = a >= 0xd800 && a <= 0xdfff;
    const bIsSurrogate = b >= 0xd800 && b <= 0xdfff;
    if (aIsSurrogate !== bIsSurrogate) return aIsSurrogate ? 1 : -1;
    return a - b;
  }
  return left.length - right.length;
}
