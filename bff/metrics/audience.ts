// Audiences: metrics combined as sets of users.
import type { Audience } from '../contract/index.ts';
import { Failure } from '../failure.ts';
import { intersectSets, subtractSet, uniteSets } from '../rollup/user-sets.ts';
import type { DayRange } from './journey-numbers.ts';
import type { Reading } from './read-journey.ts';
import { findSelection, hasStep, membersOf, type Selection } from './selection.ts';

function invalid(path: string, message: string): Failure {
  return new Failure('validation_failed', 'The audience is not valid.', [{ path, message }]);
}

/** What `not` is taken in: all users of the range. */
const everybody: Selection = (() => {
  const found = findSelection({ metric: 'entryUsers' });
  if (!('metric' in found)) throw new Error('The catalogue lacks entryUsers');
  return found;
})();

/**
 * The exact set of users whom an audience describes, of those who entered in the range.
 * @throws Failure `validation_failed` naming the unknown metric or step, or the wrong qualifier
 */
export async function audienceMembers(
  reading: Reading,
  audience: Audience,
  range: DayRange,
  path = 'where',
): Promise<Uint8Array> {
  if ('all' in audience) {
    // Everyone in a part is one of all users, so these are read only when nothing but `not` stands there.
    const parts: Uint8Array[] = [];
    const excluded: Uint8Array[] = [];
    for (const [index, part] of audience.all.entries()) {
      const place = `${path}.all[${index}]`;
      if ('not' in part) excluded.push(await audienceMembers(reading, part.not, range, `${place}.not`));
      else parts.push(await audienceMembers(reading, part, range, place));
    }
    const common = parts.length > 0 ? intersectSets(parts) : await membersOf(reading, everybody, range);
    return excluded.length > 0 ? subtractSet(common, uniteSets(excluded)) : common;
  }
  if ('any' in audience) {
    const parts: Uint8Array[] = [];
    for (const [index, part] of audience.any.entries()) {
      parts.push(await audienceMembers(reading, part, range, `${path}.any[${index}]`));
    }
    return uniteSets(parts);
  }
  if ('not' in audience) {
    const excluded = await audienceMembers(reading, audience.not, range, `${path}.not`);
    return subtractSet(await membersOf(reading, everybody, range), excluded);
  }
  const selection = findSelection(audience);
  if ('part' in selection) throw invalid(`${path}.${selection.part}`, selection.message);
  if (audience.stepId !== undefined && !(await hasStep(reading, audience.stepId))) {
    throw invalid(`${path}.stepId`, 'names a step that the journey has not');
  }
  return membersOf(reading, selection, range);
}
