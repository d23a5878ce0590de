// Registers <journey-analytics>, with the elements it is made of.
import { JourneyAnalytics } from '../elements/analytics/analytics.ts';
import { JourneyAudience } from '../elements/audience/audience.ts';
import { JourneyExportButton } from '../elements/export-button/export-button.ts';
import { JourneyFlow } from '../elements/flow/flow.ts';
import { JourneyOverview } from '../elements/overview/overview.ts';
import { defineElement } from '../internal/define-element.ts';

defineElement('journey-export-button', JourneyExportButton);
defineElement('journey-audience', JourneyAudience);
defineElement('journey-overview', JourneyOverview);
defineElement('journey-flow', JourneyFlow);
defineElement('journey-analytics', JourneyAnalytics);
