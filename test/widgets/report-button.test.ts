// <journey-report-button>: there exactly where the step has a report.
import { expect, fixture } from '@open-wc/testing';
import { JourneyReportButton } from '../../widgets/elements/report-button/report-button.ts';
import type { ReportClickEvent } from '../../widgets/events/report-click.ts';
import { defineElement } from '../../widgets/internal/define-element.ts';
import { welcomeFlow } from '../fixtures/flow-welcome.ts';
import { endpointFor, until } from './endpoint.ts';

defineElement('journey-report-button', JourneyReportButton);

async function make(properties: Partial<JourneyReportButton>): Promise<JourneyReportButton> {
  const element = document.createElement('journey-report-button');
  Object.assign(element, { locale: 'en', journey: 'welcome', ...properties });
  await fixture(element);
  await element.updateComplete;
  return element;
}

const button = (element: JourneyReportButton) => element.shadowRoot?.querySelector('button') ?? null;

describe('journey-report-button', () => {
  it('is accessible, light and dark, and names its step', async () => {
    for (const theme of ['light', 'dark']) {
      const element = await make({ data: welcomeFlow, step: 'push', theme });
      element.style.background = theme === 'dark' ? '#0b0d10' : '#ffffff';
      await expect(element).to.be.accessible();
      expect(button(element)?.getAttribute('aria-label')).to.equal('Report of Welcome push');
      const { width, height } = button(element)?.getBoundingClientRect() ?? new DOMRect();
      expect(Math.min(width, height)).to.be.at.least(24);
    }
  });

  it('is there exactly where a report is, and takes no room where it is not', async () => {
    for (const { stepId, report } of welcomeFlow.steps) {
      const element = await make({ data: welcomeFlow, step: stepId });
      expect(button(element) !== null, stepId).to.equal(report.available);
      if (!report.available) expect(element.getBoundingClientRect().width).to.equal(0);
    }
    expect(button(await make({ data: welcomeFlow, step: 'no such step' }))).to.equal(null);
    expect(button(await make({ data: welcomeFlow }))).to.equal(null);
  });

  it('tells the host, and leads where the host says when nobody takes the event', async () => {
    const element = await make({ data: welcomeFlow, step: 'push', reportUrl: '#r/{campaignId}/{channel}' });
    const details: unknown[] = [];
    const take = (event: Event) => {
      details.push((event as ReportClickEvent).detail);
      event.preventDefault();
    };
    document.addEventListener('report-click', take);
    button(element)?.click();
    document.removeEventListener('report-click', take);
    expect(details).to.deep.equal([
      { journeyId: 'welcome', stepId: 'push', campaignId: 'cmp-welcome-push', channel: 'push' },
    ]);
    expect(location.hash).to.equal('');
    button(element)?.click();
    expect(location.hash).to.equal('#r/cmp-welcome-push/push');
    history.replaceState(null, '', location.pathname + location.search);
  });

  it('comes and goes with step and data', async () => {
    const element = await make({ step: 'push' });
    expect(button(element)).to.equal(null);
    element.data = welcomeFlow;
    await element.updateComplete;
    expect(button(element)).not.to.equal(null);
    element.setAttribute('step', 'wait');
    await element.updateComplete;
    expect(button(element)).to.equal(null);
  });

  it('is absent while nothing can be loaded, and says so by an event', async () => {
    const codes: string[] = [];
    const listen = (event: Event) => codes.push(event.type);
    document.addEventListener('load-error', listen);
    const element = await make({
      step: 'push',
      endpoint: endpointFor('failing').url,
      getToken: () => Promise.resolve('token'),
    });
    await until(() => codes.length > 0);
    document.removeEventListener('load-error', listen);
    expect(button(element)).to.equal(null);
    await expect(element).to.be.accessible();
  });
});
