// Registering elements: once, whoever comes first, and harmless when it happens again.
import { expect } from '@open-wc/testing';
import { LitElement } from 'lit';
import { defineElement } from '../../widgets/internal/define-element.ts';
import { version } from '../../widgets/version.ts';

function warningsOf(act: () => void): string[] {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => warnings.push(text);
  try {
    act();
  } finally {
    console.warn = warn;
  }
  return warnings;
}

describe('elements', () => {
  it('are not registered by importing their classes', async () => {
    const classes = await import('../../widgets/index.ts');
    expect(customElements.get('journey-overview')).to.equal(undefined);
    expect(classes.JourneyOverview.version).to.equal(version);
  });

  it('are registered by define, all of them', async () => {
    await import('../../widgets/define.ts');
    const classes = await import('../../widgets/index.ts');
    const registered = ['analytics', 'connection', 'flow', 'metric-card', 'overview'].map((name) =>
      customElements.get(`journey-${name}`),
    );
    expect(registered).not.to.include(undefined);
    expect(registered).to.eql([
      classes.JourneyAnalytics,
      classes.JourneyConnection,
      classes.JourneyFlow,
      classes.JourneyMetricCard,
      classes.JourneyOverview,
    ]);
  });

  it('have the version of the package', async () => {
    const { version: published } = (await (await fetch('/package.json')).json()) as { version: string };
    expect(version).to.equal(published);
  });

  it('may be registered again, silently', () => {
    class Again extends LitElement {}
    const warnings = warningsOf(() => {
      defineElement('journey-again', Again);
      defineElement('journey-again', Again);
    });
    expect(warnings).to.eql([]);
  });

  it('of another version stay when they were first, with one warning that names both', () => {
    class Old extends LitElement {
      static readonly version = '0.0.7';
    }
    class New extends LitElement {}
    class OtherNew extends LitElement {}
    const warnings = warningsOf(() => {
      defineElement('journey-old', Old);
      defineElement('journey-old-too', class extends Old {});
      defineElement('journey-old', New);
      defineElement('journey-old-too', OtherNew);
    });
    expect(customElements.get('journey-old')).to.equal(Old);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain('0.0.7').and.to.contain(version);
  });
});
