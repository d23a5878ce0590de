// What TypeScript knows of the elements: made by `npm run manifest` from custom-elements.json; do not change it by hand.
import type { JourneyAnalytics } from './elements/analytics/analytics.ts';
import type { JourneyAudience } from './elements/audience/audience.ts';
import type { JourneyConnection } from './elements/connection/connection.ts';
import type { JourneyExportButton } from './elements/export-button/export-button.ts';
import type { JourneyFlow } from './elements/flow/flow.ts';
import type { JourneyMetricCard } from './elements/metric-card/metric-card.ts';
import type { JourneyOverview } from './elements/overview/overview.ts';
import type { JourneyReportButton } from './elements/report-button/report-button.ts';
import type { JourneyStepMetrics } from './elements/step-metrics/step-metrics.ts';
import type { JourneyTable } from './elements/table/table.ts';
import type { JourneyTrend } from './elements/trend/trend.ts';
import type { DataLoadEvent } from './events/data-load.ts';
import type { ExportCompleteEvent } from './events/export-complete.ts';
import type { ExportErrorEvent } from './events/export-error.ts';
import type { ExportStartEvent } from './events/export-start.ts';
import type { LoadErrorEvent } from './events/load-error.ts';
import type { RangeChangeEvent } from './events/range-change.ts';
import type { ReportClickEvent } from './events/report-click.ts';
import type { StepSelectEvent } from './events/step-select.ts';

/** What each element dispatches. */
export interface JourneyElementEvents {
  readonly 'journey-analytics': {
    /** New numbers have arrived. */
    readonly 'data-load': DataLoadEvent;
    /** The numbers could not be loaded; cancelable. */
    readonly 'load-error': LoadErrorEvent;
    /** A Report button was pressed; cancelable. */
    readonly 'report-click': ReportClickEvent;
    /** A step of the flow was chosen; cancelable. */
    readonly 'step-select': StepSelectEvent;
    /** A person has picked another range. */
    readonly 'range-change': RangeChangeEvent;
    /** The format of an export was chosen; cancelled, nothing is downloaded. */
    readonly 'export-start': ExportStartEvent;
    /** The whole file has been sent. */
    readonly 'export-complete': ExportCompleteEvent;
    /** The export could not begin, was broken off, or its end is not known. */
    readonly 'export-error': ExportErrorEvent;
  };
  readonly 'journey-audience': {
    /** New numbers have arrived. */
    readonly 'data-load': DataLoadEvent;
    /** The journey's steps could not be loaded; cancelable. */
    readonly 'load-error': LoadErrorEvent;
    /** A format was chosen; cancelled, nothing is downloaded. */
    readonly 'export-start': ExportStartEvent;
    /** The whole file has been sent. */
    readonly 'export-complete': ExportCompleteEvent;
    /** The export could not begin, was broken off, or its end is not known. */
    readonly 'export-error': ExportErrorEvent;
  };
  readonly 'journey-connection': {};
  readonly 'journey-export-button': {
    /** A format was chosen; cancelled, nothing is downloaded. */
    readonly 'export-start': ExportStartEvent;
    /** The whole file has been sent. */
    readonly 'export-complete': ExportCompleteEvent;
    /** The export could not begin, was broken off, or its end is not known. */
    readonly 'export-error': ExportErrorEvent;
  };
  readonly 'journey-flow': {
    /** A Report button was pressed; cancelable. */
    readonly 'report-click': ReportClickEvent;
    /** A step was chosen; cancelable: then no popover opens. */
    readonly 'step-select': StepSelectEvent;
    /** New numbers have arrived. */
    readonly 'data-load': DataLoadEvent;
    /** The numbers could not be loaded; cancelable. */
    readonly 'load-error': LoadErrorEvent;
    /** The format of an export was chosen; cancelled, nothing is downloaded. */
    readonly 'export-start': ExportStartEvent;
    /** The whole file has been sent. */
    readonly 'export-complete': ExportCompleteEvent;
    /** The export could not begin, was broken off, or its end is not known. */
    readonly 'export-error': ExportErrorEvent;
  };
  readonly 'journey-metric-card': {
    /** New numbers have arrived. */
    readonly 'data-load': DataLoadEvent;
    /** The numbers could not be loaded; cancelable. */
    readonly 'load-error': LoadErrorEvent;
    /** The format of an export was chosen; cancelled, nothing is downloaded. */
    readonly 'export-start': ExportStartEvent;
    /** The whole file has been sent. */
    readonly 'export-complete': ExportCompleteEvent;
    /** The export could not begin, was broken off, or its end is not known. */
    readonly 'export-error': ExportErrorEvent;
  };
  readonly 'journey-overview': {
    /** New numbers have arrived. */
    readonly 'data-load': DataLoadEvent;
    /** The numbers could not be loaded; cancelable. */
    readonly 'load-error': LoadErrorEvent;
    /** The format of an export was chosen; cancelled, nothing is downloaded. */
    readonly 'export-start': ExportStartEvent;
    /** The whole file has been sent. */
    readonly 'export-complete': ExportCompleteEvent;
    /** The export could not begin, was broken off, or its end is not known. */
    readonly 'export-error': ExportErrorEvent;
  };
  readonly 'journey-report-button': {
    /** The button was pressed; cancelable. */
    readonly 'report-click': ReportClickEvent;
    /** New numbers have arrived. */
    readonly 'data-load': DataLoadEvent;
    /** Whether there is a report could not be loaded; cancelable, though nothing is drawn either way. */
    readonly 'load-error': LoadErrorEvent;
  };
  readonly 'journey-step-metrics': {
    /** The Report button was pressed; cancelable. */
    readonly 'report-click': ReportClickEvent;
    /** New numbers have arrived. */
    readonly 'data-load': DataLoadEvent;
    /** The numbers could not be loaded; cancelable. */
    readonly 'load-error': LoadErrorEvent;
    /** The format of an export was chosen; cancelled, nothing is downloaded. */
    readonly 'export-start': ExportStartEvent;
    /** The whole file has been sent. */
    readonly 'export-complete': ExportCompleteEvent;
    /** The export could not begin, was broken off, or its end is not known. */
    readonly 'export-error': ExportErrorEvent;
  };
  readonly 'journey-table': {
    /** A Report button was pressed; cancelable. */
    readonly 'report-click': ReportClickEvent;
    /** A step was chosen; cancelable: then no popover opens. */
    readonly 'step-select': StepSelectEvent;
    /** New numbers have arrived. */
    readonly 'data-load': DataLoadEvent;
    /** The numbers could not be loaded; cancelable. */
    readonly 'load-error': LoadErrorEvent;
    /** The format of an export was chosen; cancelled, nothing is downloaded. */
    readonly 'export-start': ExportStartEvent;
    /** The whole file has been sent. */
    readonly 'export-complete': ExportCompleteEvent;
    /** The export could not begin, was broken off, or its end is not known. */
    readonly 'export-error': ExportErrorEvent;
  };
  readonly 'journey-trend': {
    /** New numbers have arrived. */
    readonly 'data-load': DataLoadEvent;
    /** The numbers could not be loaded; cancelable. */
    readonly 'load-error': LoadErrorEvent;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'journey-analytics': JourneyAnalytics;
    'journey-audience': JourneyAudience;
    'journey-connection': JourneyConnection;
    'journey-export-button': JourneyExportButton;
    'journey-flow': JourneyFlow;
    'journey-metric-card': JourneyMetricCard;
    'journey-overview': JourneyOverview;
    'journey-report-button': JourneyReportButton;
    'journey-step-metrics': JourneyStepMetrics;
    'journey-table': JourneyTable;
    'journey-trend': JourneyTrend;
  }

  /** They bubble out of shadow roots, so that every element may hear them. */
  interface HTMLElementEventMap {
    'data-load': DataLoadEvent;
    'export-complete': ExportCompleteEvent;
    'export-error': ExportErrorEvent;
    'export-start': ExportStartEvent;
    'load-error': LoadErrorEvent;
    'range-change': RangeChangeEvent;
    'report-click': ReportClickEvent;
    'step-select': StepSelectEvent;
  }
}
