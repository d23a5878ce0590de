// The place of a metric's export icon in what a step shows.
import { nothing, type TemplateResult } from 'lit';
import type { FlowStep } from '../../../bff/contract/index.ts';
import type { Settings } from '../../connection/settings-scope.ts';
import { exportTag } from '../../internal/export-tag.ts';
import { rowsOfMetric } from '../export-button/export-rows.ts';

export interface ExportedMetric {
  readonly metric: string;
  readonly outcome?: string;
}

/** Draws the export icon of a metric of the step. */
export type ExportPlace = (exported: ExportedMetric) => TemplateResult | typeof nothing;

/** @param settings of the element that draws the step */
export function exportPlace(step: FlowStep, settings: Settings): ExportPlace {
  return ({ metric, outcome = null }) =>
    exportTag(
      {
        metric,
        step: step.stepId,
        outcome,
        rows: rowsOfMetric({ metric, platform: null, outcome }, step) ?? null,
      },
      settings,
    );
}
