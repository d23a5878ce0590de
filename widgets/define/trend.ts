// Registers <journey-trend>.
import { JourneyTrend } from '../elements/trend/trend.ts';
import { defineElement } from '../internal/define-element.ts';

defineElement('journey-trend', JourneyTrend);
