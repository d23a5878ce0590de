// The console's own page of one campaign.
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  CUSTOM_ELEMENTS_SCHEMA,
  input,
  output,
  viewChild,
  type ElementRef,
} from '@angular/core';
import type { Address, Campaign } from '../../shared/address.ts';
import { endpoint, getToken } from '../../shared/backend.ts';
import { words } from '../../shared/words.ts';

@Component({
  selector: 'northwind-campaign-page',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <main class="campaign">
      <button class="control" type="button" (click)="back.emit()">{{ texts().back }}</button>
      <h1 #title tabindex="-1">{{ texts().campaign }} {{ campaign().campaignId }}</h1>
      <p class="hint">{{ texts().campaignHint }}</p>
      <dl class="facts panel">
        <div>
          <dt>{{ texts().campaign }}</dt>
          <dd>{{ campaign().campaignId }}</dd>
        </div>
        <div>
          <dt>{{ texts().channel }}</dt>
          <dd>{{ campaign().channel }}</dd>
        </div>
        <div>
          <dt>{{ texts().step }}</dt>
          <dd>{{ campaign().stepId }}</dd>
        </div>
      </dl>
      <!-- An element alone, without a connection around it. -->
      <journey-trend
        metric="sentCount"
        [step]="campaign().stepId"
        [endpoint]="endpoint"
        [getToken]="getToken"
        [journey]="address().journey"
        [locale]="address().locale"
        [theme]="address().theme"
      ></journey-trend>
    </main>
  `,
})
export class CampaignPage {
  readonly campaign = input.required<Campaign>();
  readonly address = input.required<Address>();
  readonly back = output();
  protected readonly endpoint = endpoint;
  protected readonly getToken = getToken;
  protected readonly texts = computed(() => words[this.address().locale]);
  protected readonly title = viewChild.required<ElementRef<HTMLElement>>('title');

  constructor() {
    afterNextRender(() => this.title().nativeElement.focus());
  }
}
