// Registers all elements.
import { JourneyAnalytics } from './elements/analytics/analytics.ts';
import { JourneyAudience } from './elements/audience/audience.ts';
import { JourneyConnection } from './elements/connection/connection.ts';
import { JourneyExportButton } from './elements/export-button/export-button.ts';
import { JourneyFlow } from './elements/flow/flow.ts';
import { JourneyMetricCard } from './elements/metric-card/metric-card.ts';
import { JourneyOverview } from './elements/overview/overview.ts';
import { JourneyTrend } from './elements/trend/trend.ts';
import { JourneyReportButton } from './elements/report-button/report-button.ts';
import { JourneyStepMetrics } from './elements/step-metrics/step-metrics.ts';
import { JourneyTable } from './elements/table/table.ts';
import { defineElement } from './internal/define-element.ts';
import { addLanguages } from './locales/add-languages.ts';

addLanguages();
defineElement('journey-connection', JourneyConnection);
defineElement('journey-metric-card', JourneyMetricCard);
defineElement('journey-overview', JourneyOverview);
defineElement('journey-flow', JourneyFlow);
defineElement('journey-trend', JourneyTrend);
defineElement('journey-export-button', JourneyExportButton);
defineElement('journey-table', JourneyTable);
defineElement('journey-report-button', JourneyReportButton);
defineElement('journey-step-metrics', JourneyStepMetrics);
defineElement('journey-audience', JourneyAudience);
defineElement('journey-analytics', JourneyAnalytics);
