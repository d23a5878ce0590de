// What deserves a look, over the cards: the worst of it, each a button that leads to its step or card.
import { html, nothing, type TemplateResult } from 'lit';
import type { Flow, Overview } from '../../../bff/contract/index.ts';
import { journeySignals, type Signal } from '../../flow/signals.ts';
import { icon } from '../../internal/icons.ts';
import { signalIcon, signalText } from '../../internal/signal-text.ts';
import type { Language } from '../../locales/language.ts';

const most = 3;

export class SignalsStrip {
  readonly #go: (signal: Signal) => void;
  #flow: Flow | undefined;
  #overview: Overview | undefined;
  #signals: readonly Signal[] = [];

  constructor(go: (signal: Signal) => void) {
    this.#go = go;
  }

  /** @param loading whether more is on its way: then the place is kept */
  draw(
    flow: Flow | undefined,
    overview: Overview | undefined,
    loading: boolean,
    language: Language,
  ): TemplateResult | typeof nothing {
    if (flow !== this.#flow || overview !== this.#overview) {
      this.#flow = flow;
      this.#overview = overview;
      this.#signals = journeySignals(flow, overview);
    }
    if (loading) {
      return html`<div class="signals waits" aria-hidden="true"><i class="bone signals-bone"></i></div>`;
    }
    const count = this.#signals.length;
    if (count === 0) return nothing;
    const shown = firstOfSteps(this.#signals).slice(0, most);
    const values = { shown: language.count(shown.length), count: language.count(count) };
    const title = language.text(shown.length < count ? 'signal.shownOf' : 'signal.count', values, count);
    return html`<section class="signals" part="signals" aria-label=${title}>
      <h3>${title}</h3>
      <ul>
        ${shown.map((signal) => this.#item(signal, language))}
      </ul>
    </section>`;
  }

  #item(signal: Signal, language: Language): TemplateResult {
    const nameOf = (id: string) => this.#flow?.steps.find(({ stepId }) => stepId === id)?.name ?? id;
    const target =
      signal.kind === 'rateNotFinal' ? language.text('metric.conversionRate') : nameOf(signal.stepId);
    return html`<li>
      <button class="signal ${signal.severity}" part="signal" @click=${() => this.#go(signal)}>
        ${icon(signalIcon(signal))}
        <span class="fact">${signalText(signal, nameOf, language)}</span>
        <span class="target" dir="auto">${target}</span>
      </button>
    </li>`;
  }
}

/** A step's worst signal speaks for the step: each button leads somewhere else. */
function firstOfSteps(signals: readonly Signal[]): Signal[] {
  const seen = new Set<string | null>();
  return signals.filter(({ stepId }) => {
    if (seen.has(stepId)) return false;
    seen.add(stepId);
    return true;
  });
}
