// The meaning of the product: a user's history in one journey → facts. Pure: no input, output, clock or chance.
export { matches, windowMilliseconds } from './conversion-rule.ts';
export { dayInZone } from './day-in-zone.ts';
export { differenceOf, type FactDifference } from './difference.ts';
export { bucketOf, bucketValue, quantile, type Histogram } from './distribution.ts';
export { closingKey, durationKey, factKey, factsOf, type Duration, type Fact, type Facts } from './facts.ts';
export { fold, type Participation, type Rules } from './fold.ts';
export { compareEvents, type HistoryEvent } from './history.ts';
export { noDay, occurrences } from './occurrences.ts';
