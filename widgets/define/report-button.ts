// Registers <journey-report-button>.
import { JourneyReportButton } from '../elements/report-button/report-button.ts';
import { defineElement } from '../internal/define-element.ts';

defineElement('journey-report-button', JourneyReportButton);
