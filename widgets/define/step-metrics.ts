// Registers <journey-step-metrics>.
import { JourneyStepMetrics } from '../elements/step-metrics/step-metrics.ts';
import { defineElement } from '../internal/define-element.ts';

defineElement('journey-step-metrics', JourneyStepMetrics);
