// Section 7: the sums that hold for every history.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { messageOutcomes, platforms } from '../../../bff/contract/index.ts';
import { factKey, factsOf, type Facts, type HistoryEvent } from '../../../bff/fold/index.ts';
import { arbitraryHistory, arbitraryRules } from './arbitrary-history.ts';
import { countsOf } from './histories.ts';

const always = (
  rule: string,
  holds: (count: (key: string) => number, facts: Facts, history: HistoryEvent[]) => void,
) => {
  test(rule, () => {
    fc.assert(
      fc.property(arbitraryRules, arbitraryHistory(60), (rules, history) => {
        const facts = factsOf(rules, history);
        const counts = countsOf(facts);
        holds((key) => counts[key] ?? 0, facts, history);
      }),
    );
  });
};
const stepsIn = (facts: Facts) => new Set([...facts.counts.values()].map(({ step }) => step).filter(Boolean));

always('entryCount = movedOn + exited + waiting on every step', (count, facts) => {
  for (const step of stepsIn(facts)) {
    assert.equal(
      count(`entryCount ${step}`),
      count(`movedOn ${step}`) + count(`exited ${step}`) + count(`waiting ${step}`),
    );
  }
});

always('exited = completed + droppedOff, and the reasons of exits add up to it', (count, facts) => {
  for (const step of stepsIn(facts)) {
    assert.equal(count(`exited ${step}`), count(`completed ${step}`) + count(`droppedOff ${step}`));
    assert.equal(count(`exited ${step}`), count(`exitReason ${step}`) + count(`exitReason ${step} quota`));
    assert.ok(count(`stoppedByFailure ${step}`) <= count(`droppedOff ${step}`));
    assert.ok(count(`waitingHeld ${step}`) <= count(`waiting ${step}`));
  }
});

always('transitions into a step are its visits, out of it those that moved on, by day too', (_, facts) => {
  const into = new Map<string, number>();
  const out = new Map<string, number>();
  for (const { fact, step, detail, day, count } of facts.counts.values()) {
    if (fact !== 'transition') continue;
    into.set(`${detail} ${day}`, (into.get(`${detail} ${day}`) ?? 0) + count);
    if (step !== '') out.set(`${step} ${day}`, (out.get(`${step} ${day}`) ?? 0) + count);
  }
  const of = (name: string) =>
    new Map(
      [...facts.counts.values()]
        .filter(({ fact }) => fact === name)
        .map(({ step, day, count }) => [`${step} ${day}`, count]),
    );
  assert.deepEqual(into, of('entryCount'));
  assert.deepEqual(out, of('movedOn'));
});

always('platforms add up to the total of a message, messages sent to those of the steps', (count, facts) => {
  for (const step of stepsIn(facts)) {
    for (const kind of messageOutcomes) {
      const sum = platforms.reduce((total, platform) => total + count(`${kind}Count ${step} ${platform}`), 0);
      assert.equal(sum, count(`${kind}Count ${step}`));
    }
  }
  assert.equal(
    count('messagesSent'),
    [...stepsIn(facts)].reduce((total, step) => total + count(`sentCount ${step}`), 0),
  );
});

always('outcomes by name add up to all of the step', (count, facts) => {
  for (const step of stepsIn(facts)) {
    const named = ['yes', 'no', 'android'].reduce(
      (total, name) => total + count(`outcome ${step} ${name}`),
      0,
    );
    assert.equal(named, count(`outcome ${step}`));
  }
});

always(
  'whoever converted on a day began an entry on it, whoever converted at a step entered it',
  (_, facts) => {
    for (const { fact, step, detail, day } of facts.counts.values()) {
      if (fact === 'conversionEvents') assert.ok(facts.counts.has(factKey('totalEntries', '', '', day)));
      if (fact === 'convertedUsers') assert.ok(facts.counts.has(factKey('entryCount', step, '', day)));
      if (fact === 'convertedUsers' || fact === 'outcomeConverted' || fact === 'creditedConversions') {
        assert.ok(facts.counts.has(factKey('conversionEvents', '', '', day)));
      }
      if (fact === 'outcomeConverted') assert.ok(facts.counts.has(factKey('outcome', step, detail, day)));
    }
  },
);

always(
  'every event is in one place: attached, unattached, or an entry told of again',
  (count, facts, history) => {
    const attached = [...stepsIn(facts)].reduce(
      (total, step) =>
        total +
        count(`entryCount ${step}`) +
        count(`outcome ${step}`) +
        messageOutcomes.reduce((sum, kind) => sum + count(`${kind}Count ${step}`), 0),
      0,
    );
    const ofSteps = history.filter(({ stepId }) => stepId !== null).length;
    const unattached = count('unattachedEvents');
    const exits = history.filter(({ type }) => type === 'journey.exited').length;
    assert.ok(
      attached <= ofSteps && attached + unattached >= ofSteps && attached + unattached <= ofSteps + exits,
    );
    assert.ok(count('conversionEvents') <= history.filter(({ type }) => type === 'track').length);
  },
);

always('an entry is active, or exited with or without a conversion', (count) => {
  assert.ok(count('activeEntries') + count('totalExits') <= count('totalEntries'));
});

always('credited conversions are at most the conversions', (count, facts) => {
  const credited = [...stepsIn(facts)].reduce(
    (total, step) => total + count(`creditedConversions ${step}`),
    0,
  );
  assert.ok(credited <= count('conversionEvents'));
});

always('times in step are those of visits that moved on or exited', (count, facts) => {
  for (const step of stepsIn(facts)) {
    const times = [...facts.durations.values()]
      .filter((duration) => duration.fact === 'timeInStep' && duration.step === step)
      .reduce((total, duration) => total + duration.count, 0);
    assert.ok(times >= count(`movedOn ${step}`));
    assert.ok(times <= count(`movedOn ${step}`) + count(`exited ${step}`));
  }
});
