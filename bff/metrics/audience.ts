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
  const partsOf = async (parts: readonly Audience[], name: string) => {
    const sets: Uint8Array[] = [];
    for (const [index, part] of parts.entries()) {
      sets.push(await audienceMembers(reading, part, range, `${path}.${name}[${index}]`));
    }
    return sets;
  };
  if ('all' in audience) return intersectSets(await partsOf(audience.all, 'all'));
  if ('any' in audience) return uniteSets(await partsOf(audience.any, 'any'));
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
