// The console's bar: which journey, which language, which colours.
import type { Address } from '../../shared/address.ts';
import type { Journey } from '../../shared/backend.ts';
import { isLocale, languageNames, locales, words } from '../../shared/words.ts';

interface TopBarProperties {
  readonly address: Address;
  readonly journeys: readonly Journey[];
  readonly change: (changes: Partial<Address>) => void;
}

export function TopBar({ address, journeys, change }: TopBarProperties) {
  const { journey, locale, theme } = address;
  const texts = words[locale];
  return (
    <header className="top">
      <a className="brand" href="/" aria-label="Northwind">
        N
      </a>
      <nav className="crumbs" aria-label="Northwind">
        <span>Northwind</span>
        <span>{texts.journeys}</span>
        <label>
          <span className="unseen">{texts.journey}</span>
          <select id="journey" value={journey} onChange={({ target }) => change({ journey: target.value })}>
            {journeys.map(({ journeyId, name }) => (
              <option key={journeyId} value={journeyId}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </nav>
      <div className="controls">
        <a className="framework" href="/#hosts">
          React 19
        </a>
        <label>
          <span className="unseen">{texts.language}</span>
          <select
            id="locale"
            value={locale}
            onChange={({ target }) => {
              if (isLocale(target.value)) change({ locale: target.value });
            }}
          >
            {locales.map((one) => (
              <option key={one} value={one}>
                {languageNames[one]}
              </option>
            ))}
          </select>
        </label>
        <button
          id="theme"
          className="control"
          type="button"
          aria-pressed={theme === 'dark'}
          onClick={() => change({ theme: theme === 'dark' ? 'light' : 'dark' })}
        >
          {texts.dark}
        </button>
      </div>
    </header>
  );
}
