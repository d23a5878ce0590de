// The page about theming: what is chosen is set on the example around the elements, and shown as CSS to copy.

function byId<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`the page has no #${id}`);
}

const form = byId('theming-form', HTMLFormElement);
const shown = byId('theming-css', HTMLElement);
const target = document.querySelector<HTMLElement>('#theming-example .live');
if (!target) throw new Error('the page has no example to theme');

/** What was set before, to be taken away again. */
const all = [
  '--journey-accent',
  '--journey-radius-lg',
  '--journey-radius-md',
  '--journey-font',
  'color-scheme',
];

/** How much dearer than its own colour the accent's ground is. */
const soft = (accent: string) => `color-mix(in oklab, ${accent} 14%, transparent)`;

function declarations(): ReadonlyMap<string, string> {
  const chosen = new FormData(form);
  const value = (name: string) => {
    const given = chosen.get(name);
    return typeof given === 'string' ? given : '';
  };
  const found = new Map<string, string>();
  if (chosen.has('own-accent')) {
    found.set('--journey-accent', value('accent'));
    found.set('--journey-accent-soft', soft(value('accent')));
    found.set('--journey-focus', value('accent'));
  }
  if (value('radius') !== '10') {
    found.set('--journey-radius-lg', `${value('radius')}px`);
    found.set('--journey-radius-md', `${Math.round(Number(value('radius')) * 0.6)}px`);
  }
  if (value('font') !== '') found.set('--journey-font', value('font'));
  if (value('scheme') !== '') found.set('color-scheme', value('scheme'));
  return found;
}

function show(): void {
  const found = declarations();
  for (const name of [...all, '--journey-accent-soft', '--journey-focus']) target?.style.removeProperty(name);
  for (const [name, value] of found) target?.style.setProperty(name, value);
  const lines = Array.from(found, ([name, value]) => `  ${name}: ${value};`);
  shown.textContent =
    lines.length === 0
      ? '/* Nothing is set: these are the presets. */'
      : `.analytics {\n${lines.join('\n')}\n}`;
}

form.addEventListener('input', show);
form.addEventListener('submit', (event) => event.preventDefault());
show();
