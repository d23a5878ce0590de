// Registers <journey-analytics>, with the elements it is made of.
import { JourneyAnalytics } from '../elements/analytics/analytics.ts';
import { JourneyOverview } from '../elements/overview/overview.ts';
import { defineElement } from '../internal/define-element.ts';

defineElement('journey-overview', JourneyOverview);
defineElement('journey-analytics', JourneyAnalytics);
