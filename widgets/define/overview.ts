// Registers <journey-overview>.
import { JourneyOverview } from '../elements/overview/overview.ts';
import { defineElement } from '../internal/define-element.ts';

defineElement('journey-overview', JourneyOverview);
