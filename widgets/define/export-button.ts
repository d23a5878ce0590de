// Registers <journey-export-button>.
import { JourneyExportButton } from '../elements/export-button/export-button.ts';
import { defineElement } from '../internal/define-element.ts';

defineElement('journey-export-button', JourneyExportButton);
