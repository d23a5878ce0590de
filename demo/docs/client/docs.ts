// A page of the documentation: its examples run with the demo's journey, as any host's page would run them.
import type { GetToken, JourneyConnection } from '../../../widgets/index.ts';

/** A host's backend would mint the token with its API key; the demo's service has a route that does. */
const getToken: GetToken = async ({ signal }) => {
  const response = await fetch('/demo/embed-token', { method: 'POST', signal });
  if (!response.ok) throw new Error(`no token: status ${response.status}`);
  return (await response.json()) as { token: string; expiresAt: string };
};

/** Numbers come by themselves, and would push away what somebody has done. */
const untold = 'data-load';

function startExamples(): void {
  for (const element of document.querySelectorAll('[data-live]')) {
    // Until its class is registered the element is a plain one; its properties may be set all the same.
    const live = element as JourneyConnection;
    live.getToken = getToken;
    live.setAttribute('endpoint', location.origin);
  }
  const names = (document.body.dataset['events'] ?? '').split(' ').filter((name) => name !== untold);
  for (const example of document.querySelectorAll('.example')) {
    const heard = example.querySelector('.heard');
    for (const name of names) {
      example.addEventListener(name, (event) => {
        // The elements' events are their own classes, which this page does not bundle: only the shape is known here.
        const { detail } = event as unknown as { detail: unknown };
        if (heard) heard.textContent = `${name} ${JSON.stringify(detail)}`;
      });
    }
  }
}

const root = document.documentElement;
const themeButton = document.querySelector('#theme');
const menuButton = document.querySelector('#menu');
const pages = document.querySelector('#pages');
const key = 'documentation-theme';

function showTheme(isDark: boolean): void {
  root.classList.toggle('dark', isDark);
  root.classList.toggle('light', !isDark);
  themeButton?.setAttribute('aria-pressed', String(isDark));
}

function showPages(isOpen: boolean): void {
  pages?.classList.toggle('closed', !isOpen);
  menuButton?.setAttribute('aria-expanded', String(isOpen));
}

const chosen = localStorage.getItem(key);
showTheme(chosen === null ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark');
themeButton?.addEventListener('click', () => {
  const isDark = !root.classList.contains('dark');
  localStorage.setItem(key, isDark ? 'dark' : 'light');
  showTheme(isDark);
});
showPages(false);
menuButton?.addEventListener('click', () => showPages(pages?.classList.contains('closed') === true));
startExamples();
