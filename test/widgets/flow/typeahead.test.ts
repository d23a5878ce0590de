// Letters that find a step by its name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Typeahead } from '../../../widgets/flow/typeahead.ts';

const steps = ['Wait', 'Welcome push', 'Über uns', 'İndirim', 'Web', '10% off'].map((name) => ({
  id: name,
  name,
}));

test('one letter, pressed again, goes on and round', () => {
  const typeahead = new Typeahead();
  assert.equal(typeahead.find('w', steps, 'Wait', 'en', 0), 'Welcome push');
  assert.equal(typeahead.find('w', steps, 'Welcome push', 'en', 100), 'Web');
  assert.equal(typeahead.find('w', steps, 'Web', 'en', 5_000), 'Wait');
});

test('letters typed quickly make a word', () => {
  const typeahead = new Typeahead();
  assert.equal(typeahead.find('w', steps, undefined, 'en', 0), 'Wait');
  assert.equal(typeahead.find('e', steps, 'Wait', 'en', 100), 'Welcome push');
  assert.equal(typeahead.find('b', steps, 'Welcome push', 'en', 200), 'Web');
  assert.equal(typeahead.find('x', steps, 'Web', 'en', 300), undefined);
});

test('case and marks do not matter, in the rules of the language', () => {
  assert.equal(new Typeahead().find('u', steps, undefined, 'de', 0), 'Über uns');
  assert.equal(new Typeahead().find('i', steps, undefined, 'tr', 0), 'İndirim');
  assert.equal(new Typeahead().find('1', steps, undefined, 'en', 0), '10% off');
});
