// When people of a simulation come: more by day than at night, fewer at weekends, a little more each week.
import { Random, mixed } from './random.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** Turkey has had one offset, and no daylight saving, since 2016. */
const offsetOfIstanbul = 3 * hour;

/** How busy each hour of the day is in Istanbul. */
const byHour = [4, 2, 1, 1, 1, 2, 4, 8, 13, 17, 20, 21, 22, 21, 20, 20, 21, 23, 26, 29, 31, 28, 19, 10];
/** How busy each day of the week is, from Sunday. */
const byWeekday = [0.8, 1.05, 1.1, 1.08, 1.05, 1, 0.86];

/** The hour of the day in Istanbul, from 0 to 23. */
export function hourInIstanbul(at: number): number {
  return Math.floor(((at + offsetOfIstanbul) % day) / hour);
}

/** The next time after `at` at which it is this hour in Istanbul. */
export function nextInIstanbul(at: number, wantedHour: number): number {
  const midnight = Math.floor((at + offsetOfIstanbul) / day) * day - offsetOfIstanbul;
  const today = midnight + wantedHour * hour;
  return today > at ? today : today + day;
}

/**
 * The arrival times of `users` people in the `days` days before `before`, in order. Only one hour is in memory at a
 * time.
 */
export function* arrivals(seed: number, users: number, days: number, before: number): Generator<number> {
  const begin = before - days * day;
  const random = new Random(mixed(seed, 1));
  const moods = Array.from({ length: days + 1 }, () => 0.9 + random.next() * 0.2);
  const weightOf = (index: number): number => {
    const at = begin + index * hour;
    const weekday = new Date(at + offsetOfIstanbul).getUTCDay();
    const growth = 1 + (0.35 * index) / (days * 24);
    const mood = moods[Math.floor(index / 24)] ?? 1;
    return (byHour[hourInIstanbul(at)] ?? 0) * (byWeekday[weekday] ?? 1) * growth * mood;
  };
  let total = 0;
  for (let index = 0; index < days * 24; index += 1) total += weightOf(index);
  // The whole weight is cut into as many equal pieces as there are people; each comes somewhere in their own piece.
  let index = 0;
  let passed = 0;
  let weight = weightOf(0);
  for (let user = 0; user < users; user += 1) {
    const place = ((user + random.next()) / users) * total;
    while (passed + weight < place && index < days * 24 - 1) {
      passed += weight;
      index += 1;
      weight = weightOf(index);
    }
    yield begin + Math.floor((index + Math.min(0.999_999, (place - passed) / weight)) * hour);
  }
}
