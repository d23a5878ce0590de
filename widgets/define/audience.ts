// Registers <journey-audience>, with the button that exports it.
import { JourneyAudience } from '../elements/audience/audience.ts';
import { JourneyExportButton } from '../elements/export-button/export-button.ts';
import { defineElement } from '../internal/define-element.ts';

defineElement('journey-export-button', JourneyExportButton);
defineElement('journey-audience', JourneyAudience);
