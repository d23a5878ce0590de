// A journey's conversion as a rule: which product events match it, and how long its attribution window is.
import { windowUnits, type Conversion, type ConversionFilter } from '../contract/index.ts';
import { floorProduct } from './whole-number.ts';

function holds(filter: ConversionFilter, properties: Readonly<Record<string, unknown>>): boolean {
  // Only a property that the sender gave is one: `constructor` and the like are on every object.
  const property = Object.hasOwn(properties, filter.property) ? properties[filter.property] : null;
  switch (filter.operator) {
    case 'exists':
      return property !== null;
    case 'equals':
      return property === filter.value;
    case 'notEquals':
      return property !== filter.value;
    case 'greaterThan':
      return typeof property === 'number' && typeof filter.value === 'number' && property > filter.value;
    case 'lessThan':
      return typeof property === 'number' && typeof filter.value === 'number' && property < filter.value;
    default:
      return contains(property, filter.value);
  }
}

function contains(property: unknown, value: string | number | boolean): boolean {
  if (Array.isArray(property)) return property.some((item) => item === value);
  return typeof property === 'string' && typeof value === 'string' && property.includes(value);
}

/**
 * Whether a `track` event matches a conversion.
 * @param properties the event's properties as JSON text of an object, or null when it has none
 */
export function matches(conversion: Conversion, name: string | null, properties: string | null): boolean {
  if (name !== conversion.event) return false;
  if (conversion.filters.length === 0) return true;
  // The log holds only what the contract let in: the text of a JSON object.
  const parsed: Record<string, unknown> = properties === null ? {} : JSON.parse(properties);
  return conversion.filters.every((filter) => holds(filter, parsed));
}

/**
 * The attribution window in milliseconds. Times are whole milliseconds, so a fraction of one never matters; but 0.07
 * hours are 252,000 milliseconds even where doubles miss that by a hair.
 */
export function windowMilliseconds({ stopCountingAfterExit: { value, unit } }: Conversion): number {
  return floorProduct(value, windowUnits[unit]);
}
