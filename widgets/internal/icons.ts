// The icons: 16 px grid, 1.5 px stroke, in the colour of the text around them. Always decorative: words stand beside them.
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

const shapes = {
  push: svg`<rect x="4.25" y="1.75" width="7.5" height="12.5" rx="1.75"/><path d="M7 11.9h2"/>`,
  email: svg`<rect x="1.75" y="3.25" width="12.5" height="9.5" rx="1.75"/><path d="m2.2 4.6 5 4a1.3 1.3 0 0 0 1.6 0l5-4"/>`,
  sms: svg`<path d="M3.5 2.75h9A1.75 1.75 0 0 1 14.25 4.5v5A1.75 1.75 0 0 1 12.5 11.25H7.4L4.25 13.75v-2.5H3.5A1.75 1.75 0 0 1 1.75 9.5v-5A1.75 1.75 0 0 1 3.5 2.75Z"/><path d="M5 7h.01M8 7h.01M11 7h.01"/>`,
  inapp: svg`<rect x="1.75" y="2.25" width="12.5" height="11.5" rx="1.75"/><path d="M1.75 5.25h12.5"/><rect x="4.75" y="7.75" width="6.5" height="3.25" rx=".75"/>`,
  custom: svg`<path d="M8 1.75 13.5 4.9v6.2L8 14.25 2.5 11.1V4.9L8 1.75Z"/><path d="M2.7 5 8 8l5.3-3M8 8v6"/>`,
  wait: svg`<circle cx="8" cy="8" r="6.25"/><path d="M8 4.5V8l2.25 1.5"/>`,
  event: svg`<path d="M8.75 1.75 3.25 9h4l-.5 5.25L12.25 7h-4l.5-5.25Z"/>`,
  branch: svg`<path d="M8 1.75V5.5M8 5.5c0 3-4.5 2-4.5 6M8 5.5c0 3 4.5 2 4.5 6"/><path d="m1.75 10 1.75 1.9L5.25 10M10.75 10l1.75 1.9L14.25 10"/>`,
  ab: svg`<path d="M6 1.75h4M6.75 1.75v4L2.9 12.3a1.3 1.3 0 0 0 1.15 1.95h7.9a1.3 1.3 0 0 0 1.15-1.95L9.25 5.75v-4"/><path d="M4.75 9.75h6.5"/>`,
  entry: svg`<path d="M9.5 2.25h2.25A1.75 1.75 0 0 1 13.5 4v8a1.75 1.75 0 0 1-1.75 1.75H9.5"/><path d="M2 8h7.25M6.75 5.25 9.5 8l-2.75 2.75"/>`,
  exit: svg`<path d="M6.5 2.25H4.25A1.75 1.75 0 0 0 2.5 4v8a1.75 1.75 0 0 0 1.75 1.75H6.5"/><path d="M6.5 8h7.25M11 5.25 13.75 8 11 10.75"/>`,
  done: svg`<circle cx="8" cy="8" r="6.25"/><path d="m5.25 8.25 1.9 1.9 3.6-4"/>`,
  check: svg`<path d="m3 8.5 3.25 3.25L13 4.75"/>`,
  report: svg`<path d="M5 11 11 5M6 5h5v5"/>`,
  help: svg`<circle cx="8" cy="8" r="6.25"/><path d="M6.4 6.3A1.7 1.7 0 0 1 8 5.1c.95 0 1.7.65 1.7 1.55 0 1.25-1.7 1.3-1.7 2.45M8 11.2h.01"/>`,
  plus: svg`<path d="M8 3v10M3 8h10"/>`,
  minus: svg`<path d="M3 8h10"/>`,
  fit: svg`<path d="M2.25 5.75v-2c0-.83.67-1.5 1.5-1.5h2M10.25 2.25h2c.83 0 1.5.67 1.5 1.5v2M13.75 10.25v2c0 .83-.67 1.5-1.5 1.5h-2M5.75 13.75h-2c-.83 0-1.5-.67-1.5-1.5v-2"/>`,
  table: svg`<rect x="1.75" y="2.75" width="12.5" height="10.5" rx="1.5"/><path d="M1.75 6.25h12.5M6.25 6.25v7M1.75 9.75h12.5"/>`,
  chevron: svg`<path d="m4.5 6.25 3.5 3.5 3.5-3.5"/>`,
  close: svg`<path d="m4 4 8 8M12 4l-8 8"/>`,
  warning: svg`<path d="M7.1 2.6 1.7 11.9a1.05 1.05 0 0 0 .9 1.6h10.8a1.05 1.05 0 0 0 .9-1.6L8.9 2.6a1.05 1.05 0 0 0-1.8 0Z"/><path d="M8 6.25v3M8 11.4h.01"/>`,
  drop: svg`<path d="M2.25 3.5h3.25l3 7.5h5.25M11 8.25 13.75 11 11 13.75"/>`,
  download: svg`<path d="M8 2v8M4.75 7 8 10.25 11.25 7M2.5 13.5h11"/>`,
  file: svg`<path d="M9 1.75H4.75A1.5 1.5 0 0 0 3.25 3.25v9.5a1.5 1.5 0 0 0 1.5 1.5h6.5a1.5 1.5 0 0 0 1.5-1.5V5.5L9 1.75Z"/><path d="M9 1.75V5.5h3.75"/>`,
  refresh: svg`<path d="M13.25 8a5.25 5.25 0 1 1-1.6-3.77"/><path d="M13.5 1.9v3h-3"/>`,
  calendar: svg`<rect x="2.25" y="3" width="11.5" height="10.75" rx="1.75"/><path d="M2.25 6.5h11.5M5.25 1.5V4M10.75 1.5V4"/>`,
  up: svg`<path d="M8 12.5v-9M4.5 7 8 3.5 11.5 7"/>`,
  down: svg`<path d="M8 3.5v9M4.5 9 8 12.5 11.5 9"/>`,
  flow: svg`<rect x="5.25" y="1.75" width="5.5" height="3.75" rx="1"/><rect x="1.5" y="10.5" width="5" height="3.75" rx="1"/><rect x="9.5" y="10.5" width="5" height="3.75" rx="1"/><path d="M8 5.5V8M4 10.5V9c0-.55.45-1 1-1h6c.55 0 1 .45 1 1v1.5"/>`,
  sort: svg`<path d="m5 6 3-3 3 3M5 10l3 3 3-3"/>`,
  search: svg`<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.25 3.25"/>`,
  lock: svg`<rect x="3" y="7" width="10" height="6.75" rx="1.5"/><path d="M5.25 7V4.75a2.75 2.75 0 0 1 5.5 0V7"/>`,
  loop: svg`<path d="M4 10.75A4.25 4.25 0 0 1 4.25 2.5h5a4 4 0 0 1 0 8H6.5"/><path d="M8.75 8 6.25 10.5 8.75 13"/>`,
} as const satisfies Readonly<Record<string, SVGTemplateResult>>;

/** Those that show the direction of reading: they turn with it. */
const directional: ReadonlySet<string> = new Set(['entry', 'exit', 'report', 'drop', 'loop']);

export type IconName = keyof typeof shapes;

export function icon(name: IconName, size: '' | 'small' | 'tiny' | 'big' | 'big bad' = ''): TemplateResult {
  const turns = directional.has(name) ? 'directional' : '';
  return html`<svg class="icon ${size} ${turns}" viewBox="0 0 16 16" aria-hidden="true">
    ${shapes[name]}
  </svg>`;
}
