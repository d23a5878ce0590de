// The classes, without side effects: `define.ts` registers them.
export { JourneyAnalytics, type AnalyticsData } from './elements/analytics/analytics.ts';
export { JourneyConnection } from './elements/connection/connection.ts';
export { JourneyFlow } from './elements/flow/flow.ts';
export { JourneyMetricCard } from './elements/metric-card/metric-card.ts';
export { JourneyOverview } from './elements/overview/overview.ts';
export { JourneyTrend } from './elements/trend/trend.ts';
export { JourneyReportButton } from './elements/report-button/report-button.ts';
export { JourneyTable } from './elements/table/table.ts';
export { DataLoadEvent, type DataLoadDetail } from './events/data-load.ts';
export { RangeChangeEvent, type RangeChangeDetail } from './events/range-change.ts';
export { LoadErrorEvent, type LoadErrorDetail } from './events/load-error.ts';
export { ReportClickEvent, type ReportClickDetail } from './events/report-click.ts';
export { StepSelectEvent, type StepSelectDetail } from './events/step-select.ts';
export type { GetToken, TokenAnswer, TokenReason } from './connection/token-source.ts';
export type { MessageOverrides } from './locales/language.ts';
export { version } from './version.ts';
