// The texts in every language: whole, with the same places for values, and with plurals that are the text's own.
import { expect } from '@open-wc/testing';
import '../../widgets/define/languages.ts';
import { ar } from '../../widgets/locales/ar.ts';
import { de } from '../../widgets/locales/de.ts';
import { enAnalytics } from '../../widgets/locales/en-analytics.ts';
import { enExport } from '../../widgets/locales/en-export.ts';
import { enAudience } from '../../widgets/locales/en-audience.ts';
import { enSteps } from '../../widgets/locales/en-steps.ts';
import { enTrend } from '../../widgets/locales/en-trend.ts';
import { en as enCommon, type Message, type MessageKey } from '../../widgets/locales/en.ts';
import { languageFor } from '../../widgets/locales/language.ts';
import { tr } from '../../widgets/locales/tr.ts';

const en = { ...enCommon, ...enAnalytics, ...enTrend, ...enExport, ...enSteps, ...enAudience };
const placesOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
const formsOf = (message: Message): Record<string, string> =>
  typeof message === 'string' ? { other: message } : { ...message };
const keys = Object.keys(en) as MessageKey[];

/** Arabic and others say one and two by the word itself: there the number may be left out. */
const wordForms = new Set(['one', 'two']);

describe('languages', () => {
  for (const [language, table] of Object.entries({ ar, de, tr })) {
    it(`${language} has every text, with the places of the English one`, () => {
      expect(Object.keys(table)).to.have.members(keys);
      for (const key of keys) {
        const expected = placesOf(formsOf(en[key])['other'] ?? '');
        for (const [form, text] of Object.entries(formsOf(table[key]))) {
          expect(text.trim(), key).to.equal(text);
          expect(text, key).not.to.equal('');
          const places = placesOf(text);
          const missing = expected.filter((place) => !places.includes(place));
          expect(
            places.filter((place) => !expected.includes(place)),
            `${key} ${form}: unknown places`,
          ).to.eql([]);
          if (!wordForms.has(form)) expect(missing, `${key} ${form}: missing places`).to.eql([]);
          else expect(missing.length, `${key} ${form}: missing places`).to.be.at.most(1);
        }
      }
    });

    it(`${language} names only plurals that it has`, () => {
      const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
      for (const key of keys) {
        for (const form of Object.keys(formsOf(table[key]))) {
          expect(pluralCategories, `${key} ${form}`).to.contain(form);
        }
      }
    });
  }

  it('choose plurals by the language of the text, where a page’s language has none', () => {
    expect(languageFor('fr', null).text('card.users', { users: '0' }, 0)).to.equal('0 users');
    expect(languageFor('ja', null).text('card.users', { users: '1' }, 1)).to.equal('1 user');
  });

  it('are found for regions, and by any case', () => {
    expect(languageFor('DE-at', null).text('state.tryAgain')).to.equal('Erneut versuchen');
    expect(languageFor('ar-EG', null).text('card.users', { users: '٢' }, 2)).to.equal('مستخدمان');
  });

  it('keep values apart from a sentence of the other direction, and parts of a sentence within it', () => {
    const apart = (value: string) => `\u2068${value}\u2069`;
    const arabic = languageFor('ar', null);
    const fact = arabic.text('signal.friction', { rate: '8.7%', count: '704', whole: '8,078' });
    expect(fact).to.contain(apart('8.7%')).and.to.contain(apart('704'));
    // The platform must not lead the sentence, nor the sentence be turned by it.
    const ofPlatform = arabic.text('signal.platform', { platform: 'Android', fact });
    expect(ofPlatform).to.equal(`${apart('Android')}: ${fact}`);
    const english = languageFor('en', null);
    expect(english.text('card.from', { value: 'الترحيب' })).to.equal(`from ${apart('الترحيب')}`);
    expect(english.text('card.from', { value: 'Welcome' })).to.equal('from Welcome');
  });

  it('write numbers by Intl', () => {
    const german = languageFor('de', null);
    expect(german.count(24_816)).to.equal('24.816');
    expect(german.rate(26.74)).to.equal('26,7\u00A0%');
    expect(languageFor('tr', null).rate(26.74)).to.equal('%26,7');
    expect(languageFor('en', null).rate(0.04)).to.equal('< 0.1%');
    expect(languageFor('en', null).rate(null)).to.equal('–');
    expect(languageFor('en', null).rate(104.2)).to.equal('104.2%');
    expect(languageFor('en', null).cardCount(999_999)).to.equal('999,999');
    expect(languageFor('en', null).cardCount(1_204_000)).to.equal('1.20M');
    expect(languageFor('en', null).stepCount(99_999)).to.equal('99,999');
    expect(languageFor('en', null).stepCount(124_300)).to.equal('124K');
  });

  for (const [seconds, text] of [
    [null, '–'],
    [0.4, '< 1 s'],
    [14, '14 s'],
    [228, '3 min 48 s'],
    [154_800, '1 d 19 h'],
    [59.6, '1 min'],
    [3_599.7, '1 h'],
    [86_399.9, '1 d'],
  ] as const) {
    it(`say ${seconds} s as ${text}`, () => {
      expect(languageFor('en', null).duration(seconds)).to.equal(text);
    });
  }

  it('take a host’s own text, and none from a prototype', () => {
    const language = languageFor('en', { 'card.from': 'was {value}, {constructor}' });
    expect(language.text('card.from', { value: '7' })).to.equal('was 7, {constructor}');
  });
});
