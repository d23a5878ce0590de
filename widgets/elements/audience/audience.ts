// <journey-audience>: combines metrics into one set of users, counts them, and exports them.
import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { Audience, Flow } from '../../../bff/contract/index.ts';
import { audiencePath, flowPath } from '../../connection/paths.ts';
import { AudienceCount } from '../../controllers/audience-count.ts';
import { JourneyResource } from '../../controllers/journey-resource.ts';
import { isFlow } from '../../internal/answers.ts';
import { failurePanel, failureReason } from '../../internal/failure-panel.ts';
import { icon } from '../../internal/icons.ts';
import { JourneyElement } from '../../internal/journey-element.ts';
import { enAudience } from '../../locales/en-audience.ts';
import { enSteps } from '../../locales/en-steps.ts';
import { addEnglish } from '../../locales/tables.ts';
import { base } from '../../styles/base.styles.ts';
import { controls } from '../../styles/controls.styles.ts';
import { states } from '../../styles/states.styles.ts';
import { tokens } from '../../styles/tokens.styles.ts';
import { drawGroup, hasRoomIn } from './audience-group.ts';
import { mostConditions, nobodyYet, readyMade, readyMadeOf, whereOf, type Group } from './audience-model.ts';
import { audienceStyles } from './audience.styles.ts';
import { stepNamesOf, wordsOf } from './audience-words.ts';

/**
 * Combines metrics into an audience, counts it as it is built, and exports it. Counting needs the scope `metrics:read`,
 * exporting `users:export`.
 *
 * @property data - The flow's JSON, for hosts that fetch it themselves. Counting needs `endpoint` and `getToken` all the same.
 *
 * @event data-load - New numbers have arrived.
 * @event load-error - The journey's steps could not be loaded; cancelable.
 * @event export-start - A format was chosen; cancelled, nothing is downloaded.
 * @event export-complete - The whole file has been sent.
 * @event export-error - The export could not begin, was broken off, or its end is not known.
 *
 * @csspart audience - The whole builder.
 * @csspart users - How many users the audience has.
 * @csspart message - What stands in the builder's place when there are no steps to choose from.
 * @csspart retry - The button that tries again.
 */
export class JourneyAudience extends JourneyElement {
  static override styles = [tokens, base, controls, states, audienceStyles];

  static override properties: PropertyDeclarations = {
    data: { attribute: false },
    partOfWhole: { attribute: false },
    group: { state: true },
  };

  declare data: Flow | null;
  /** Inside journey-analytics, which itself says what concerns the whole page. Not for hosts. */
  declare partOfWhole: boolean;
  declare private group: Group;

  readonly #flow = new JourneyResource<Flow>(this, {
    path: flowPath,
    given: () => this.data,
    isComplete: isFlow,
    speaks: () => !this.partOfWhole,
  });
  readonly #count = new AudienceCount(this, () => {
    const { journey, from, to } = this.settings;
    const flow = this.#flow.state.data;
    const where = whereOf(this.group);
    if (journey === null || !flow || where === undefined) return undefined;
    return { path: audiencePath({ journey, from, to }), where, asOf: flow.asOf };
  });
  /** Whether the focus was in here before a change, so that it must not be lost with the row that held it. */
  #restore = false;

  constructor() {
    super();
    addEnglish(enAudience);
    addEnglish(enSteps);
    this.data = null;
    this.partOfWhole = false;
    this.group = nobodyYet;
  }

  /** Asks for new numbers now. */
  refresh(): void {
    this.#flow.refresh();
    if (this.group.parts.length > 0) this.#count.retry();
  }

  protected override render(): TemplateResult {
    const { language } = this;
    const { data: flow, failure } = this.#flow.state;
    if (!flow && failure) {
      if (this.#flow.silenced) return html`<div class="root"></div>`;
      return this.#panel(failurePanel(failure, language, () => this.refresh()));
    }
    if (!flow) {
      return this.#panel(html`<div class="builder"><i class="bone"></i><i class="bone"></i></div>`, true);
    }
    if (flow.steps.length === 0) {
      return this.#panel(
        html`<div class="message" part="message">
          ${icon('flow', 'big')}
          <h4>${language.text('state.noSteps.title')}</h4>
          <p>${language.text('state.noSteps.text')}</p>
        </div>`,
      );
    }
    return this.#panel(this.#builder(flow));
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    if (!this.#restore) return;
    this.#restore = false;
    if (this.shadowRoot?.activeElement) return;
    this.renderRoot.querySelector<HTMLElement>('.conditions > .actions button')?.focus();
  }

  #panel(body: TemplateResult, busy = false): TemplateResult {
    const { language } = this;
    return html`<div class="root">
      <section
        class="panel"
        part="audience"
        aria-label=${language.text(busy ? 'flow.loading' : 'audience.title')}
        aria-busy=${busy ? 'true' : 'false'}
      >
        ${body}
      </section>
    </div>`;
  }

  #builder(flow: Flow): TemplateResult {
    const { language, group } = this;
    const nameOf = stepNamesOf(flow);
    const hasRoom = hasRoomIn(group);
    const where = whereOf(group);
    return html`<div class="builder">
      <div>
        <h3>${language.text('audience.title')}</h3>
        <p class="muted">${language.text('audience.intro')}</p>
      </div>
      <div class="ready" role="group" aria-label=${language.text('audience.ready')}>
        <span class="muted" aria-hidden="true">${language.text('audience.ready')}</span>
        ${readyMade.map((name) => {
          const made = readyMadeOf(name, flow);
          return html`<button
            class="button small"
            aria-disabled=${made ? nothing : 'true'}
            @click=${() => this.#build(made)}
          >
            ${language.text(`audience.${name}`)}
            ${made ? nothing : html`<i>${language.text('audience.nobody')}</i>`}
          </button>`;
        })}
      </div>
      <div class="conditions">
        ${drawGroup(group, { flow, language, nameOf, hasRoom }, (next) => this.#build(next), true)}
      </div>
      ${
        hasRoom
          ? nothing
          : html`<p class="muted">
              ${language.text('audience.limit', { count: language.count(mostConditions) })}
            </p>`
      }
      ${where === undefined ? nothing : this.#result(where, wordsOf(group, nameOf, language))}
    </div>`;
  }

  #result(where: Audience, words: string): TemplateResult {
    const { language } = this;
    const { endpoint, getToken, journey, from, to, locale, messages } = this.settings;
    if (endpoint === null || getToken === null || journey === null) {
      return html`<div class="result">
        <p dir="auto">${words}</p>
        <p class="muted">${language.text('audience.unconnected')}</p>
      </div>`;
    }
    const { users, failure, settled } = this.#count;
    const number =
      users === undefined ? undefined : language.text('card.users', { users: language.count(users) }, users);
    return html`<div class="result">
      <p dir="auto">${words}</p>
      ${failure ? this.#notCounted() : nothing}
      ${
        failure
          ? nothing
          : html`<span
                class="users ${settled ? '' : 'stale'}"
                part="users"
                aria-busy=${settled ? 'false' : 'true'}
                >${number ?? language.text('number.none')}</span
              >
              ${settled ? nothing : html`<span class="muted">${language.text('audience.counting')}</span>`}
              <journey-export-button
                .audience=${where}
                .audienceName=${words}
                .rows=${settled ? users : null}
                .endpoint=${endpoint}
                .getToken=${getToken}
                .journey=${journey}
                .from=${from}
                .to=${to}
                .locale=${locale}
                .messages=${messages}
              ></journey-export-button>`
      }
      <span class="unseen" role="status">${settled && !failure ? number : nothing}</span>
    </div>`;
  }

  #notCounted(): TemplateResult | typeof nothing {
    const { language } = this;
    const { failure } = this.#count;
    if (!failure) return nothing;
    const { status, code, requestId, retryable } = failure;
    return html`<div role="alert">
        <b>${language.text('audience.notCounted')}</b>
        <p class="muted">
          ${status === 403 ? language.text('state.forbidden.text') : failureReason(failure, language)}
        </p>
        <p class="code">
          ${requestId === null ? code : language.text('state.code', { code, request: requestId })}
        </p>
      </div>
      ${
        retryable
          ? html`<button class="button small" part="retry" @click=${() => this.#count.retry()}>
              ${icon('refresh', 'small')}${language.text('state.tryAgain')}
            </button>`
          : nothing
      }`;
  }

  #build(group: Group | undefined): void {
    if (!group) return;
    this.#restore = this.shadowRoot?.activeElement != null;
    this.group = group;
  }
}
