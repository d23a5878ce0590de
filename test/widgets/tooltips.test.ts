// The definition of a metric: by pointer and by focus, until Escape.
import { expect, fixture } from '@open-wc/testing';
import '../../widgets/define/metric-card.ts';
import { until } from './endpoint.ts';
import { busy } from './overview-data.ts';

async function cardWithHelp(): Promise<{ help: HTMLElement; shown: () => boolean; tooltip: HTMLElement }> {
  const card = document.createElement('journey-metric-card');
  Object.assign(card, { metric: 'conversionRate', data: busy, locale: 'en' });
  await fixture(card);
  await card.updateComplete;
  const help = card.shadowRoot?.querySelector<HTMLElement>('.help');
  const tooltip = card.shadowRoot?.querySelector<HTMLElement>('.tooltip');
  if (!help || !tooltip) throw new Error('the card has no definition');
  return { help, tooltip, shown: () => tooltip.matches(':popover-open') };
}

const point = (target: Element, type: string) =>
  target.dispatchEvent(new PointerEvent(type, { bubbles: true, composed: true }));

describe('the definition of a metric', () => {
  it('is described to those who do not see it', async () => {
    const { help, tooltip } = await cardWithHelp();
    expect(help.getAttribute('aria-label')).to.equal('What is Conversion Rate?');
    expect(help.getAttribute('aria-describedby')).to.equal(tooltip.id);
    expect(tooltip.textContent).to.contain('divided by users who entered');
  });

  it('shows at once on focus, goes by Escape and when the focus goes', async () => {
    const { help, shown } = await cardWithHelp();
    help.focus();
    expect(shown()).to.equal(true);
    help.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }));
    expect(shown()).to.equal(false);
    help.blur();
    help.focus();
    expect(shown()).to.equal(true);
    help.blur();
    expect(shown()).to.equal(false);
  });

  it('shows when the pointer rests, and stays while the pointer is on it', async () => {
    const { help, shown, tooltip } = await cardWithHelp();
    point(help, 'pointerover');
    expect(shown()).to.equal(false);
    await until(shown);
    point(help, 'pointerout');
    point(tooltip, 'pointerover');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(shown()).to.equal(true);
    point(tooltip, 'pointerout');
    await until(() => !shown());
  });

  it('lies inside the window', async () => {
    const { help, tooltip } = await cardWithHelp();
    help.focus();
    const { left, right, top, bottom } = tooltip.getBoundingClientRect();
    expect(left).to.be.at.least(0);
    expect(right).to.be.at.most(document.documentElement.clientWidth);
    expect(top).to.be.at.least(0);
    expect(bottom).to.be.at.most(document.documentElement.clientHeight);
  });
});
