// The design's values. Each reads the public custom property first, so that a host sets it on the element or anywhere
// around it; `light-dark` follows the nearest `color-scheme`.
import { css, unsafeCSS, type CSSResult } from 'lit';

const colours: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  surface: ['#ffffff', '#15191f'],
  'surface-sunken': ['#f7f8fa', '#0f1216'],
  'surface-raised': ['#ffffff', '#1c2128'],
  'surface-hover': ['#f1f3f6', '#222831'],
  'surface-selected': ['#ffffff', '#39414d'],
  track: ['#e8ebf0', '#2d343f'],
  border: ['#e3e6eb', '#282e37'],
  'border-node': ['#d3d8e0', '#353d48'],
  'border-control': ['#868f9d', '#6d7786'],
  text: ['#12161c', '#eceef2'],
  'text-muted': ['#535c69', '#a7b0bd'],
  'text-subtle': ['#666f7c', '#8d97a6'],
  'text-on-solid': ['#ffffff', '#0f1216'],
  solid: ['#1b2028', '#eceef2'],
  accent: ['#1d5bd1', '#82aefc'],
  'accent-soft': ['#e9f0fd', '#1a2a47'],
  focus: ['#1d5bd1', '#82aefc'],
  positive: ['#0d7048', '#57cf96'],
  'positive-soft': ['#e4f5ec', '#13301f'],
  negative: ['#b3261e', '#f5867d'],
  'negative-soft': ['#fdecea', '#3a1a18'],
  warning: ['#8a5300', '#efb755'],
  'warning-soft': ['#fdf3e0', '#33260c'],
  'channel-push': ['#3f45ae', '#8d9df5'],
  'channel-push-soft': ['#eeeefb', '#24264a'],
  'channel-email': ['#9c5d21', '#fab45f'],
  'channel-email-soft': ['#fbf0e4', '#3a2812'],
  'channel-sms': ['#087970', '#8fdfbe'],
  'channel-sms-soft': ['#e2f4f1', '#10332e'],
  'channel-inapp': ['#75225f', '#e07fae'],
  'channel-inapp-soft': ['#faeaf3', '#40192c'],
  'channel-custom': ['#4a4f02', '#a8a146'],
  'channel-custom-soft': ['#f3f2dc', '#2d2a0c'],
  'channel-logic': ['#4b5563', '#b4bcc8'],
  'channel-logic-soft': ['#eef0f3', '#262c35'],
  'flow-canvas': ['#fafbfc', '#101318'],
  'flow-band': ['#dbe2ec', '#2b3442'],
  'flow-line': ['#6a7789', '#8492a6'],
  'flow-band-active': ['#c3d6f8', '#24437c'],
  'balance-moved': ['#46526a', '#adc0d8'],
  'balance-waiting': ['#8391a5', '#6d788b'],
  'balance-exited': ['#c07d33', '#f0be55'],
  'balance-failed': ['#a81d15', '#eb8373'],
  'balance-held': ['#8a57ae', '#a183d4'],
  'balance-converted': ['#0d7048', '#86e5b8'],
  ring: ['rgb(18 22 28 / 0.08)', 'rgb(255 255 255 / 0.09)'],
};

const plain: Readonly<Record<string, string>> = {
  font: "'Inter', ui-sans-serif, system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  'text-xs': '11px',
  'text-sm': '12px',
  'text-md': '13px',
  'text-lg': '15px',
  'text-xl': '20px',
  'text-value': '26px',
  'radius-sm': '4px',
  'radius-md': '6px',
  'radius-lg': '10px',
  'radius-full': '999px',
  'shadow-1': '0 1px 2px light-dark(rgb(18 22 28 / 0.05), rgb(0 0 0 / 0.3))',
  'shadow-2':
    '0 0 0 1px var(--j-ring), 0 8px 24px -6px light-dark(rgb(18 22 28 / 0.18), rgb(0 0 0 / 0.7)), 0 2px 6px light-dark(rgb(18 22 28 / 0.06), rgb(0 0 0 / 0.4))',
};

const declarations = [
  ...Object.entries(colours).map(([name, [light, dark]]) => [name, `light-dark(${light}, ${dark})`] as const),
  ...Object.entries(plain),
].map(([name, value]) => `--j-${name}: var(--journey-${name}, ${value});`);

/** Inside, every value is read as `--j-…`; outside, `--journey-…` sets it. */
export const tokens: CSSResult = css`
  :host {
    ${unsafeCSS(declarations.join('\n'))}
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
`;
