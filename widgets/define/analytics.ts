// Registers <journey-analytics>, with the elements it is made of.
import { JourneyAnalytics } from '../elements/analytics/analytics.ts';
import { JourneyFlow } from '../elements/flow/flow.ts';
import { JourneyOverview } from '../elements/overview/overview.ts';
import { defineElement } from '../internal/define-element.ts';

defineElement('journey-overview', JourneyOverview);
defineElement('journey-flow', JourneyFlow);
defineElement('journey-analytics', JourneyAnalytics);
