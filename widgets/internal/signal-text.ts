// A signal as one sentence, with the numbers behind it.
import type { Signal } from '../flow/signals.ts';
import type { Language } from '../locales/language.ts';
import type { IconName } from './icons.ts';

const icons = {
  deliveryTrouble: 'warning',
  friction: 'drop',
  lowEngagement: 'down',
  pileUp: 'wait',
  undefinedTransition: 'branch',
  unusedTransition: 'branch',
  unreachedStep: 'branch',
  rateNotFinal: 'wait',
} as const satisfies Record<Signal['kind'], IconName>;

export function signalIcon({ kind }: Signal): IconName {
  return icons[kind];
}

export function signalText(signal: Signal, nameOf: (stepId: string) => string, language: Language): string {
  const count = (value: number) => language.count(value);
  switch (signal.kind) {
    case 'rateNotFinal':
      return language.text('signal.rateNotFinal', { count: count(signal.concerned) }, signal.concerned);
    case 'unreachedStep':
      return language.text('signal.unreachedStep', { whole: count(signal.whole) });
    case 'unusedTransition':
    case 'undefinedTransition':
      return language.text(`signal.${signal.kind}`, {
        count: count(signal.kind === 'undefinedTransition' ? signal.count : 0),
        whole: count(signal.whole),
        to: nameOf(signal.transition.to),
      });
    default: {
      const { kind, rate, usual, whole } = signal;
      const values = { rate: language.rate(rate), count: count(signal.count), whole: count(whole) };
      let fact = language.text(`signal.${kind}`, values);
      if (kind === 'deliveryTrouble' && signal.platform !== null) {
        fact = language.text('signal.platform', {
          platform: language.text(`platform.${signal.platform}`),
          fact,
        });
      }
      return usual === null
        ? fact
        : language.text(`signal.usual.${usual.source}`, { fact, rate: language.rate(usual.rate) });
    }
  }
}
