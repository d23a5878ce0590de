// What the developer of a host page is told when an element was never told whom to ask.
import { aTimeout, expect, fixture } from '@open-wc/testing';
import { JourneyReportButton } from '../../widgets/elements/report-button/report-button.ts';
import { defineElement } from '../../widgets/internal/define-element.ts';
import { welcomeFlow } from '../fixtures/flow-welcome.ts';

defineElement('journey-report-button', JourneyReportButton);

async function make(properties: Partial<JourneyReportButton>): Promise<JourneyReportButton> {
  const element = document.createElement('journey-report-button');
  Object.assign(element, { journey: 'welcome', step: 'push', ...properties });
  return fixture(element);
}

describe('an element without endpoint or getToken', () => {
  it('says once, after some seconds and in the console only, what is missing', async () => {
    const said: string[] = [];
    const { warn } = console;
    console.warn = (...words: unknown[]) => said.push(words.join(' '));
    try {
      await make({ data: welcomeFlow });
      const late = await make({ endpoint: 'https://bff.example' });
      const gone = await make({});
      gone.remove();
      await make({ endpoint: 'https://bff.example' });
      await make({});
      await aTimeout(300);
      expect(said).to.deep.equal([]);
      late.data = welcomeFlow;
      await aTimeout(5_000);
    } finally {
      console.warn = warn;
    }
    expect(said).to.have.length(1);
    expect(said[0]).to.contain('<journey-report-button> waits for getToken.');
  }).timeout(12_000);
});
