// Registers <journey-connection>.
import { JourneyConnection } from '../elements/connection/connection.ts';
import { defineElement } from '../internal/define-element.ts';

defineElement('journey-connection', JourneyConnection);
