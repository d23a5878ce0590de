// The panels over the diagram of <journey-flow>: the legend, where all entries are, and what the widths show.
import { expect, fixture, nextFrame } from '@open-wc/testing';
import type { Flow } from '../../bff/contract/index.ts';
import { exampleCount } from '../../widgets/elements/flow/legend.ts';
import { JourneyFlow } from '../../widgets/elements/flow/flow.ts';
import { defineElement } from '../../widgets/internal/define-element.ts';
import { flowStep } from '../fixtures/flow-steps.ts';
import { welcomeFlow } from '../fixtures/flow-welcome.ts';

defineElement('journey-flow', JourneyFlow);

async function make(width: number, properties: Partial<JourneyFlow> = {}): Promise<JourneyFlow> {
  const frame = document.createElement('div');
  frame.style.width = `${width}px`;
  const element = document.createElement('journey-flow');
  Object.assign(element, { locale: 'en', journey: 'welcome', data: welcomeFlow, ...properties });
  frame.append(element);
  await fixture(frame);
  await element.updateComplete;
  await nextFrame();
  await nextFrame();
  await element.updateComplete;
  return element;
}

function all(element: JourneyFlow, selector: string): HTMLElement[] {
  return [...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
}

function one(element: JourneyFlow, selector: string): HTMLElement {
  const [found] = all(element, selector);
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
}

const words = (element: Element) => element.textContent.replaceAll(/\s+/g, ' ').trim();
const isFolded = (element: JourneyFlow, name: string) =>
  one(element, `.overlay.${name}`).hasAttribute('data-folded');

function overlaps(a: DOMRect, b: DOMRect): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

describe('the panels of journey-flow', () => {
  it('are accessible open, folded, and opened over the picture, light and dark', async () => {
    for (const theme of ['light', 'dark']) {
      for (const width of [1_400, 800]) {
        const element = await make(width, { theme });
        element.style.background = theme === 'dark' ? '#0b0d10' : '#f4f5f7';
        await expect(element).to.be.accessible();
        if (width === 800) {
          for (const button of all(element, '.fold')) button.click();
          await expect(element).to.be.accessible();
        }
      }
    }
  }).timeout(30_000);

  it('say where all entries are, and it adds up', async () => {
    const element = await make(1_400);
    const where = one(element, '.overlay.where');
    expect(words(where)).to.contain('Where all 24,816 entries are now');
    expect(words(where)).to.contain('17.9% are still in the journey');
    expect(words(where)).to.contain('Exit: Purchased 6,04024.3%');
    expect(words(where)).to.contain('Adds up to 24,816.');
    const counts = all(element, '.overlay.where dd b').map((cell) =>
      Number(cell.textContent.replaceAll(',', '')),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(24_816);
  });

  it('say nothing where nobody has entered, or where numbers contradict each other', async () => {
    const { totals } = welcomeFlow;
    const none: Flow = {
      ...welcomeFlow,
      steps: [flowStep({ stepId: 'a', type: 'entry' })],
      transitions: [],
      totals: { ...totals, totalEntries: 0, entryUsers: 0, activeEntries: 0, totalExits: 0 },
    };
    expect(all(await make(1_400, { data: none }), '.overlay.where')).to.have.length(0);
    const wrong = { ...welcomeFlow, totals: { ...totals, totalEntries: 10 } };
    expect(all(await make(1_400, { data: wrong }), '.overlay.where')).to.have.length(0);
  });

  it('avoid steps: none is covered, at any width', async () => {
    for (const width of [1_440, 1_200, 1_000, 950, 700, 530]) {
      for (const direction of ['down', 'right']) {
        const element = await make(width, { direction });
        const nodes = all(element, '.layer .node').map((node) => node.getBoundingClientRect());
        for (const panel of all(element, '.overlay:not([data-folded])')) {
          const box = panel.getBoundingClientRect();
          expect(
            nodes.some((node) => overlaps(node, box)),
            `${width} ${direction}`,
          ).to.equal(false);
        }
        if (width < 900) expect(all(element, '.overlay:not([data-folded])')).to.have.length(0);
      }
    }
    expect(isFolded(await make(1_440), 'where'), 'there is room at 1440').to.equal(false);
  }).timeout(30_000);

  it('fold when a step comes under them, and stay as somebody has put them', async () => {
    const element = await make(1_400);
    expect(isFolded(element, 'legend')).to.equal(false);
    for (let index = 0; index < 6; index += 1) {
      one(element, '.zoom .icon-button:nth-of-type(2)').click();
    }
    const covered = all(element, '.overlay:not([data-folded])').filter((panel) =>
      all(element, '.layer .node').some((node) =>
        overlaps(node.getBoundingClientRect(), panel.getBoundingClientRect()),
      ),
    );
    expect(covered).to.have.length(0);
    one(element, '.overlay.legend .fold').click();
    const folded = isFolded(element, 'legend');
    element.fit();
    expect(isFolded(element, 'legend')).to.equal(folded);
    expect(one(element, '.overlay.legend .fold').ariaExpanded).to.equal(folded ? 'false' : 'true');
  });

  it('explain the marks that are there', async () => {
    const legend = words(one(await make(1_400), '.overlay.legend'));
    for (const text of [
      '10,000 entries moving',
      'or fewer',
      'Back to an earlier step',
      'Left without',
      'SMS',
    ]) {
      expect(legend).to.contain(text);
    }
    const plain: Flow = {
      ...welcomeFlow,
      steps: [flowStep({ stepId: 'a', type: 'entry', metrics: { entryCount: 3 } })],
      transitions: [],
    };
    const short = words(one(await make(1_400, { data: plain }), '.overlay.legend'));
    expect(short).not.to.contain('Back to');
    expect(short).not.to.contain('SMS');
    for (const scale of [1, 7, 24_816, 3_000_000])
      expect(String(exampleCount(scale))).to.match(/^(0|(15|[1234568])0*)$/);
  });

  it('shows users by the widths on demand', async () => {
    const data: Flow = {
      ...welcomeFlow,
      transitions: welcomeFlow.transitions.map((link) =>
        link.from === 'push' ? { ...link, users: 2_394 } : link,
      ),
    };
    const element = await make(1_400, { data });
    const band = () => Number(one(element, '[data-link*="push>wait"] .band').getAttribute('stroke-width'));
    const before = band();
    expect(before).to.be.closeTo((28 * 23_588) / 24_816, 0.01);
    const [, users] = all(element, '.tools .segmented button');
    users?.click();
    await element.updateComplete;
    expect(users?.ariaPressed).to.equal('true');
    expect(band()).to.be.closeTo((28 * 2_394) / 23_940, 0.01);
    expect(words(one(element, '.overlay.legend'))).to.contain('users moving');
    expect(words(one(element, '.link-label')), 'shares stay those of entries').to.contain('27.8%');
  });

  it('mirrors from right to left', async () => {
    const element = await make(1_400, { locale: 'ar' });
    const legend = one(element, '.overlay.legend').getBoundingClientRect();
    const where = one(element, '.overlay.where').getBoundingClientRect();
    expect(legend.left).to.be.above(where.left);
    await expect(element).to.be.accessible();
  });

  it('stands below the outline where there is no room', async () => {
    const element = await make(360);
    expect(all(element, '.overlay')).to.have.length(0);
    expect(words(one(element, '.where-block'))).to.contain('Where all 24,816 entries are now');
  });
});
