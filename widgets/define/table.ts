// Registers <journey-table>.
import { JourneyTable } from '../elements/table/table.ts';
import { defineElement } from '../internal/define-element.ts';

defineElement('journey-table', JourneyTable);
