// The whole console: bar, journey and campaign.
import { Title } from '@angular/platform-browser';
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  CUSTOM_ELEMENTS_SCHEMA,
  effect,
  inject,
  Injector,
  signal,
} from '@angular/core';
import type { ExportStartEvent, RangeChangeEvent, ReportClickEvent } from 'journey-analytics';
import { dressPage, rangeOf, readAddress, writeAddress, type Address } from '../../shared/address.ts';
import { endpoint, getToken, loadJourneys, pinnedSteps, type Journey } from '../../shared/backend.ts';
import { deepestFocus } from '../../shared/focus.ts';
import { heldBackNotice, rangeText, words } from '../../shared/words.ts';
import { CampaignPage } from './campaign-page.ts';
import { TopBar } from './top-bar.ts';

@Component({
  selector: 'northwind-console',
  imports: [CampaignPage, TopBar],
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(window:popstate)': 'show(read())' },
  template: `
    <northwind-top-bar [address]="address()" [journeys]="journeys()" (changes)="change($event)" />
    @if (address().campaign; as campaign) {
      <northwind-campaign-page
        [campaign]="campaign"
        [address]="address()"
        (back)="change({ campaign: undefined })"
      />
    }
    <main [hidden]="address().campaign !== undefined">
      <h1 class="unseen">{{ name() }}</h1>
      <div class="line">
        <p role="status">{{ texts().range }}: {{ range() }}</p>
        <label class="ask">
          <input type="checkbox" [checked]="asksFirst()" (change)="asksFirst.set(!asksFirst())" />
          {{ texts().askFirst }}
        </label>
      </div>
      @if (notice()) {
        <div class="notice" role="status">
          <p>{{ notice() }}</p>
          <button class="control" type="button" (click)="notice.set('')">{{ texts().close }}</button>
        </div>
      }
      <journey-analytics
        [endpoint]="endpoint"
        [getToken]="getToken"
        [journey]="address().journey"
        [locale]="address().locale"
        [theme]="address().theme"
        [from]="address().from || null"
        [to]="address().to || null"
        [compare]="address().compare || null"
        (range-change)="keepRange($event)"
        (report-click)="openCampaign($event)"
        (export-start)="holdBack($event)"
      ></journey-analytics>
      <div class="pinned-head">
        <h2>{{ texts().pinned }}</h2>
        <p class="hint">{{ texts().pinnedHint }}</p>
      </div>
      <journey-connection
        [endpoint]="endpoint"
        [getToken]="getToken"
        [journey]="address().journey"
        [locale]="address().locale"
        [theme]="address().theme"
        [from]="address().from || null"
        [to]="address().to || null"
        [compare]="address().compare || null"
      >
        <div class="pinned">
          <div class="stack">
            <journey-metric-card
              metric="convertedUsers"
              (export-start)="holdBack($event)"
            ></journey-metric-card>
            <journey-metric-card
              metric="conversionEvents"
              (export-start)="holdBack($event)"
            ></journey-metric-card>
            <div class="panel entrants">
              <p>
                <strong>{{ texts().entrants }}</strong
                ><span class="hint">{{ texts().entrantsHint }}</span>
              </p>
              <journey-export-button
                metric="entryUsers"
                (export-start)="holdBack($event)"
              ></journey-export-button>
            </div>
            <journey-trend metric="totalEntries"></journey-trend>
            <journey-trend metric="convertedUsers"></journey-trend>
          </div>
          @if (pinnedStep(); as step) {
            <journey-step-metrics
              [step]="step"
              (report-click)="openCampaign($event)"
              (export-start)="holdBack($event)"
            ></journey-step-metrics>
          }
        </div>
      </journey-connection>
    </main>
  `,
})
export class NorthwindConsole {
  protected readonly endpoint = endpoint;
  protected readonly getToken = getToken;
  protected readonly read = readAddress;
  protected readonly address = signal<Address>(readAddress());
  protected readonly journeys = signal<readonly Journey[]>([]);
  protected readonly asksFirst = signal(false);
  protected readonly notice = signal('');
  protected readonly texts = computed(() => words[this.address().locale]);
  protected readonly pinnedStep = computed(() => pinnedSteps[this.address().journey]);
  protected readonly name = computed(() => {
    const { journey } = this.address();
    return this.journeys().find(({ journeyId }) => journeyId === journey)?.name ?? journey;
  });
  protected readonly range = computed(() => {
    const { locale, from, to, compare } = this.address();
    return rangeText(locale, from, to) + (compare === '' ? '' : `, ${this.texts().compared}`);
  });
  readonly #injector = inject(Injector);
  #beforeCampaign: HTMLElement | null = null;

  constructor() {
    const title = inject(Title);
    effect(() => dressPage(this.address()));
    effect(() => title.setTitle(`${this.name()} · Northwind`));
    loadJourneys()
      .then((journeys) => this.journeys.set(journeys))
      .catch((error: unknown) => {
        this.notice.set(this.texts().noJourneys);
        console.error(error);
      });
  }

  protected show(next: Address): void {
    const isBack = this.address().campaign !== undefined && next.campaign === undefined;
    this.address.set(next);
    if (isBack) afterNextRender(() => this.#beforeCampaign?.focus(), { injector: this.#injector });
  }

  protected change(changes: Partial<Address>): void {
    const next = { ...this.address(), ...changes };
    writeAddress(next);
    this.show(next);
  }

  protected keepRange({ detail }: RangeChangeEvent): void {
    this.change(rangeOf(detail));
  }

  protected openCampaign(event: ReportClickEvent): void {
    event.preventDefault();
    this.#beforeCampaign = deepestFocus();
    this.change({ campaign: event.detail });
  }

  protected holdBack(event: ExportStartEvent): void {
    if (!this.asksFirst()) return;
    event.preventDefault();
    this.notice.set(heldBackNotice(this.address().locale, event.detail));
  }
}
