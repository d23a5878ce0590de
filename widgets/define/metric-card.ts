// Registers <journey-metric-card>.
import { JourneyMetricCard } from '../elements/metric-card/metric-card.ts';
import { defineElement } from '../internal/define-element.ts';

defineElement('journey-metric-card', JourneyMetricCard);
