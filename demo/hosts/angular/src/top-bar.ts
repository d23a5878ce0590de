// The console's bar: which journey, which language, which colours.
import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { Address } from '../../shared/address.ts';
import type { Journey } from '../../shared/backend.ts';
import { isLocale, languageNames, locales, words } from '../../shared/words.ts';

@Component({
  selector: 'northwind-top-bar',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header class="top">
      <a class="brand" href="/" aria-label="Northwind">N</a>
      <nav class="crumbs" aria-label="Northwind">
        <span>Northwind</span><span>{{ texts().journeys }}</span>
        <label>
          <span class="unseen">{{ texts().journey }}</span>
          <select id="journey" #journey (change)="changes.emit({ journey: journey.value })">
            @for (one of journeys(); track one.journeyId) {
              <option [value]="one.journeyId" [selected]="one.journeyId === address().journey">
                {{ one.name }}
              </option>
            }
          </select>
        </label>
      </nav>
      <div class="controls">
        <a class="framework" href="/#hosts">Angular 22</a>
        <label>
          <span class="unseen">{{ texts().language }}</span>
          <select id="locale" #locale (change)="speak(locale.value)">
            @for (one of locales; track one) {
              <option [value]="one" [selected]="one === address().locale">{{ languageNames[one] }}</option>
            }
          </select>
        </label>
        <button
          id="theme"
          class="control"
          type="button"
          [attr.aria-pressed]="isDark()"
          (click)="changes.emit({ theme: isDark() ? 'light' : 'dark' })"
        >
          {{ texts().dark }}
        </button>
      </div>
    </header>
  `,
})
export class TopBar {
  readonly address = input.required<Address>();
  readonly journeys = input.required<readonly Journey[]>();
  readonly changes = output<Partial<Address>>();
  protected readonly locales = locales;
  protected readonly languageNames = languageNames;
  protected readonly texts = computed(() => words[this.address().locale]);
  protected readonly isDark = computed(() => this.address().theme === 'dark');

  protected speak(chosen: string): void {
    if (isLocale(chosen)) this.changes.emit({ locale: chosen });
  }
}
