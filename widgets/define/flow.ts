// Registers <journey-flow>.
import { JourneyFlow } from '../elements/flow/flow.ts';
import { defineElement } from '../internal/define-element.ts';

defineElement('journey-flow', JourneyFlow);
