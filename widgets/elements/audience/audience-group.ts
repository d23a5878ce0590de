// The conditions of an audience, each a row of native controls. What is changed gives a new audience, up to the outermost group.
import { html, nothing, type TemplateResult } from 'lit';
import type { Flow, Platform } from '../../../bff/contract/index.ts';
import { icon } from '../../internal/icons.ts';
import type { Language } from '../../locales/language.ts';
import {
  conditionsIn,
  isGroup,
  isMessageMetric,
  journeyMetrics,
  metricsOf,
  mostConditions,
  nobodyYet,
  converted,
  type Condition,
  type Group,
  type Part,
} from './audience-model.ts';
import { plainMetric, wordsOf, type StepNames } from './audience-words.ts';

export interface GroupParts {
  readonly flow: Flow;
  readonly language: Language;
  readonly nameOf: StepNames;
  /** Whether there is room for another condition. */
  readonly hasRoom: boolean;
}

const platforms: readonly Platform[] = ['android', 'ios', 'web', 'other'];

type Change<T> = (next: T) => void;

interface Choice {
  readonly value: string;
  readonly text: string;
}

/** What is chosen is always among the choices, also when the journey does not have it any more. */
function select(
  label: string,
  chosen: string,
  choices: readonly Choice[],
  change: (value: string) => void,
): TemplateResult {
  const all = choices.some(({ value }) => value === chosen)
    ? choices
    : [{ value: chosen, text: chosen }, ...choices];
  return html`<select
    aria-label=${label}
    @change=${({ currentTarget }: Event & { currentTarget: HTMLSelectElement }) => change(currentTarget.value)}
  >
    ${all.map(({ value, text }) => html`<option value=${value} .selected=${value === chosen}>${text}</option>`)}
  </select>`;
}

function notBox(part: Part, language: Language, change: Change<boolean>): TemplateResult {
  return html`<label class="not"
    ><input
      type="checkbox"
      .checked=${part.not}
      @change=${({ currentTarget }: Event & { currentTarget: HTMLInputElement }) => change(currentTarget.checked)}
    />${language.text('audience.negate')}</label
  >`;
}

function removeButton(name: string, language: Language, remove: () => void): TemplateResult {
  return html`<button
    class="icon-button"
    aria-label=${language.text('audience.remove', { condition: name })}
    @click=${remove}
  >
    ${icon('close', 'small')}
  </button>`;
}

/** Android, iOS and so on for a message metric; the step's outcomes for those. */
function qualifier(
  condition: Condition,
  { flow, language }: GroupParts,
  change: Change<Condition>,
): TemplateResult | typeof nothing {
  const { metric, step: stepId, platform, outcome } = condition;
  const step = flow.steps.find((each) => each.stepId === stepId);
  // It stands alone in the row, so it says of what it is all.
  const allOf = (label: string) => ({
    value: '',
    text: language.text('metric.named', { metric: label, name: language.text('details.all') }),
  });
  if (metric === 'outcome') {
    const label = language.text('details.outcomes');
    const names = Object.keys(step?.outcomes ?? {}).map((name) => ({ value: name, text: name }));
    return select(label, outcome ?? '', [allOf(label), ...names], (value) =>
      change({ ...condition, outcome: value || null }),
    );
  }
  if (stepId === null || !isMessageMetric(metric)) return nothing;
  const label = language.text('audience.platform');
  const names = platforms.map((name) => ({ value: name, text: language.text(`platform.${name}`) }));
  return select(label, platform ?? '', [allOf(label), ...names], (value) =>
    change({ ...condition, platform: platforms.find((name) => name === value) ?? null }),
  );
}

function conditionRow(
  condition: Condition,
  parts: GroupParts,
  change: Change<Condition>,
  remove: () => void,
): TemplateResult {
  const { flow, language, nameOf } = parts;
  const metricsAt = (stepId: string | null) => {
    const step = flow.steps.find((each) => each.stepId === stepId);
    return step ? metricsOf(step) : stepId === null ? journeyMetrics : [];
  };
  const words = wordsOf(condition, nameOf, language);
  const steps = flow.steps.map(({ stepId }) => ({ value: `s${stepId}`, text: nameOf(stepId) }));
  const metrics = metricsAt(condition.step).map((value) => ({
    value,
    text: plainMetric(value, condition.step, language),
  }));
  return html`<div class="condition" role="group" aria-label=${words}>
    ${notBox(condition, language, (not) => change({ ...condition, not }))}
    ${select(
      language.text('flow.step'),
      condition.step === null ? '' : `s${condition.step}`,
      [{ value: '', text: language.text('audience.journey') }, ...steps],
      (value) => {
        const step = value === '' ? null : value.slice(1);
        const known = metricsAt(step);
        const metric = known.includes(condition.metric) ? condition.metric : (known[0] ?? condition.metric);
        change({ ...condition, metric, step, platform: null, outcome: null });
      },
    )}
    ${select(language.text('details.metric'), condition.metric, metrics, (metric) =>
      change({ ...condition, metric, platform: null, outcome: null }),
    )}
    ${qualifier(condition, parts, change)} ${removeButton(words, language, remove)}
  </div>`;
}

function joinSelect(group: Group, language: Language, change: Change<Group>): TemplateResult {
  return select(
    language.text('audience.join'),
    group.join,
    [
      { value: 'all', text: language.text('audience.all') },
      { value: 'any', text: language.text('audience.any') },
    ],
    (join) => change({ ...group, join: join === 'any' ? 'any' : 'all' }),
  );
}

/** @param outermost the group that holds the whole audience, which may hold others */
export function drawGroup(
  group: Group,
  parts: GroupParts,
  change: Change<Group>,
  outermost: boolean,
): TemplateResult {
  const { language, nameOf, hasRoom } = parts;
  const replace = (index: number, ...part: readonly Part[]) =>
    change({ ...group, parts: group.parts.toSpliced(index, 1, ...part) });
  const add = (part: Part) => change({ ...group, parts: [...group.parts, part] });
  return html`${
      outermost && group.parts.length > 1 ? html`<div>${joinSelect(group, language, change)}</div>` : nothing
    }
    <div class="parts">
      ${group.parts.map((part, index) =>
        isGroup(part)
          ? html`<div class="group" role="group" aria-label=${wordsOf(part, nameOf, language)}>
              <div class="group-head">
                ${notBox(part, language, (not) => replace(index, { ...part, not }))}
                ${joinSelect(part, language, (next) => replace(index, next))}
                ${removeButton(wordsOf(part, nameOf, language), language, () => replace(index))}
              </div>
              ${drawGroup(part, parts, (next) => replace(index, next), false)}
            </div>`
          : conditionRow(
              part,
              parts,
              (next) => replace(index, next),
              () => replace(index),
            ),
      )}
    </div>
    <div class="actions">
      <button class="button small" ?disabled=${!hasRoom} @click=${() => add(converted)}>
        ${icon('plus', 'tiny')}${language.text('audience.add')}
      </button>
      ${
        outermost
          ? html`<button
              class="button small"
              ?disabled=${!hasRoom}
              @click=${() => add({ ...nobodyYet, join: 'any', parts: [converted] })}
            >
              ${icon('plus', 'tiny')}${language.text('audience.addGroup')}
            </button>`
          : nothing
      }
    </div>`;
}

export const hasRoomIn = (group: Group): boolean => conditionsIn(group) < mostConditions;
