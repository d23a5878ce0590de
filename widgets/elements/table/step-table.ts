// The tables of a flow, which <journey-table> and the table view of <journey-flow> both draw: a row for each step, a row for
// each transition, and where all entries are now. What the diagram shows, they say.
import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { FlowStep } from '../../../bff/contract/index.ts';
import { icon } from '../../internal/icons.ts';
import type { MessageKey } from '../../locales/en.ts';
import type { Language } from '../../locales/language.ts';
import type { FlowModel } from '../flow/flow-model.ts';
import { iconOf, kindOf, typeName } from '../flow/step-facts.ts';
import type { StepActions } from '../flow/step-node.ts';
import { whereaboutsList } from '../flow/whereabouts-panel.ts';
import { columnGroups, columnsOf, type ColumnGroup, type StepColumn } from './step-columns.ts';
import { sortHeader } from './sort-header.ts';
import { nextSorting, sortRows, type Sorting, type SortValue } from './sorting.ts';
import { isNumber, transitionTable } from './transition-table.ts';

const groupTitles = {
  entries: 'table.entries',
  messages: 'table.messages',
  movement: 'table.movement',
} as const satisfies Record<ColumnGroup, MessageKey>;

/** The order of the flow. */
const ownOrder: Sorting = { column: 'number', descending: false };
/** More steps than this scroll in a frame of their own, so that the headers stay in view. */
const manySteps = 40;

export class StepTable {
  readonly #host: ReactiveControllerHost;
  readonly #actions: StepActions;
  #steps: Sorting | null = null;
  #transitions: Sorting | null = null;
  #showAll = false;

  constructor(host: ReactiveControllerHost, actions: StepActions) {
    this.#host = host;
    this.#actions = actions;
  }

  /** @param printing - On paper every row stands. */
  render(model: FlowModel, language: Language, printing: boolean): TemplateResult {
    const showAll = this.#showAll || printing;
    return html`<div class="tables">
      ${guard([model, language, this.#steps], () => this.#stepRows(model, language))}
      ${guard([model, language, this.#transitions, showAll], () =>
        transitionTable({
          model,
          language,
          showAll,
          sorting: this.#transitions,
          sort: (column) => {
            this.#transitions = nextSorting(this.#transitions, column, isNumber(column));
            this.#host.requestUpdate();
          },
          toggleAll: () => {
            this.#showAll = true;
            this.#host.requestUpdate();
          },
        }),
      )}
      ${whereaboutsList(model.flow, language)}
    </div>`;
  }

  readonly #sortSteps = (column: string): void => {
    // The own order is that of the numbers: a press on them turns it round, and the next one back.
    this.#steps =
      column === ownOrder.column
        ? this.#steps?.column === column
          ? null
          : { column, descending: true }
        : nextSorting(this.#steps, column, column !== 'name');
    this.#host.requestUpdate();
  };

  #sorted(model: FlowModel, columns: readonly StepColumn[], language: Language): readonly string[] {
    const sorting = this.#steps;
    if (!sorting) return model.stepIds;
    const valueOf = (id: string): SortValue => {
      const step = model.steps.get(id);
      if (!step) return null;
      if (sorting.column === 'number') return model.stepIds.indexOf(id);
      if (sorting.column === 'name') return step.name;
      return columns.find(({ id: column }) => column === sorting.column)?.value(step) ?? null;
    };
    return sortRows(model.stepIds, valueOf, sorting.descending, language.locale);
  }

  #stepRows(model: FlowModel, language: Language): TemplateResult {
    const steps = [...model.steps.values()];
    const columns = columnsOf(steps);
    const sorting = this.#steps ?? ownOrder;
    const numbers = new Map(model.stepIds.map((id, index) => [id, index + 1]));
    const header = (column: string, title: string, className: string) =>
      sortHeader({ column, title, className, sorting, sort: this.#sortSteps });
    const starts = groupStarts(columns);
    return html`<div
        class="table-frame ${steps.length > manySteps ? 'long' : ''}"
        tabindex="0"
        role="group"
        aria-label=${language.text('table.steps')}
      >
        <table class="steps">
          <thead>
            <tr class="groups">
              <td colspan="2"></td>
              ${columnGroups.map((group) => {
                const span = columns.filter((column) => column.group === group).length;
                if (span === 0) return nothing;
                return html`<th scope="colgroup" colspan=${span}>${language.text(groupTitles[group])}</th>`;
              })}
            </tr>
            <tr>
              ${header('number', '#', 'nr')} ${header('name', language.text('flow.step'), 'name')}
              ${columns.map(({ id, title }) =>
                header(id, language.text(title), `number ${starts.has(id) ? 'first' : ''}`),
              )}
            </tr>
          </thead>
          <tbody>
            ${repeat(
              this.#sorted(model, columns, language),
              (id) => id,
              (id) => {
                const step = model.steps.get(id);
                if (!step) return nothing;
                return html`<tr class=${kindOf(step)} data-step=${id}>
                  <td class="nr">${language.count(numbers.get(id) ?? 0)}</td>
                  ${this.#stepCell(step, model.starts.get(id) ?? 0, language)}
                  ${columns.map((column) => cell(column, step, starts, language))}
                </tr>`;
              },
            )}
          </tbody>
          <tfoot>
            <tr>
              <td class="nr"></td>
              <th scope="row">${language.text('table.allSteps')}</th>
              ${columns.map(({ id, total }) => {
                const first = starts.has(id) ? 'first' : '';
                return total
                  ? html`<td class="number ${first}">${total(steps, language)}</td>`
                  : html`<td class="number none ${first}">${language.text('number.none')}</td>`;
              })}
            </tr>
          </tfoot>
        </table>
      </div>
      <p class="table-note">
        <span>${language.text('table.notAdded', { steps: language.count(steps.length) }, steps.length)}</span>
        <span>${language.text('table.rates')}</span>
      </p>`;
  }

  #stepCell(step: FlowStep, starts: number, language: Language): TemplateResult {
    const { open, report } = this.#actions;
    const facts = [typeName(step, language)];
    if (step.type !== 'entry' && starts > 0) {
      facts.push(language.text('flow.startHere', { entries: language.count(starts) }, starts));
    }
    return html`<th scope="row">
      <span class="row-head">
        <span class="tile">${icon(iconOf(step))}</span>
        <span class="row-name">
          <button
            class="row-open"
            dir="auto"
            title=${step.name}
            aria-haspopup="dialog"
            @click=${() => open(step)}
          >
            ${step.name}
          </button>
          <small>${facts.join(' · ')}</small>
        </span>
        ${
          step.report.available
            ? html`<button
                class="report"
                part="report"
                aria-label=${language.text('step.reportOf', { name: step.name })}
                @click=${() => report(step)}
              >
                ${language.text('step.report')}${icon('report', 'tiny')}
              </button>`
            : nothing
        }
      </span>
    </th>`;
  }
}

/** The first column of each group but the first: a line stands before it. */
function groupStarts(columns: readonly StepColumn[]): ReadonlySet<string> {
  return new Set(
    columns.flatMap(({ id, group }, index) => {
      const before = columns[index - 1];
      return before && before.group !== group ? [id] : [];
    }),
  );
}

function cell(
  { id, value, draw }: StepColumn,
  step: FlowStep,
  starts: ReadonlySet<string>,
  language: Language,
): TemplateResult {
  const first = starts.has(id) ? 'first' : '';
  const measured = value(step);
  if (measured === null) {
    return html`<td class="number none ${first}">${language.text('number.none')}</td>`;
  }
  return html`<td class="number ${first} ${measured === 0 ? 'none' : ''}">${draw(step, language)}</td>`;
}
