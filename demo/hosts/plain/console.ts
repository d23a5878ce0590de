// The console without a framework: elements are found, given properties and listened to as any other element of a page.
import { dressPage, rangeOf, readAddress, writeAddress, type Address } from '../shared/address.ts';
import { endpoint, getToken, loadJourneys, pinnedSteps } from '../shared/backend.ts';
import { deepestFocus } from '../shared/focus.ts';
import { heldBackNotice, isLocale, languageNames, locales, rangeText, words } from '../shared/words.ts';

function find<Name extends keyof HTMLElementTagNameMap>(name: Name, id = ''): HTMLElementTagNameMap[Name] {
  const element = document.querySelector<HTMLElementTagNameMap[Name]>(id === '' ? name : `${name}#${id}`);
  if (!element) throw new Error(`the page has no ${name} ${id}`);
  return element;
}

const analytics = find('journey-analytics');
const connection = find('journey-connection');
const pinnedStep = find('journey-step-metrics');
const campaignTrend = find('journey-trend', 'campaign-trend');
const overview = find('main', 'overview');
const campaignPage = find('main', 'campaign');
const journeyMenu = find('select', 'journey');
const localeMenu = find('select', 'locale');
const themeButton = find('button', 'theme');
const notice = find('div', 'notice');

let address: Address = readAddress();
let beforeCampaign: HTMLElement | null = null;

function say(text: string): void {
  notice.hidden = text === '';
  const line = notice.querySelector('p');
  if (line) line.textContent = text;
}

function showWords(): void {
  const texts = words[address.locale];
  for (const element of document.querySelectorAll<HTMLElement>('[data-word]')) {
    const text = texts[element.dataset['word'] as keyof typeof texts]; // the page names texts alone
    if (typeof text === 'string') element.textContent = text;
  }
  const name = journeyMenu.selectedOptions[0]?.textContent ?? address.journey;
  document.title = `${name} · Northwind`;
  find('h1', 'title').textContent = name;
  const { from, to, compare } = address;
  const compared = compare === '' ? '' : `, ${texts.compared}`;
  find('p', 'range').textContent = `${texts.range}: ${rangeText(address.locale, from, to)}${compared}`;
}

function showCampaign(): void {
  const { campaign, locale } = address;
  const wasOpen = !campaignPage.hidden;
  campaignPage.hidden = campaign === undefined;
  overview.hidden = campaign !== undefined;
  if (campaign) {
    find('dd', 'campaign-id').textContent = campaign.campaignId;
    find('dd', 'campaign-channel').textContent = campaign.channel;
    find('dd', 'campaign-step').textContent = campaign.stepId;
    // An element alone, without a connection around it.
    Object.assign(campaignTrend, {
      journey: address.journey,
      locale,
      theme: address.theme,
      step: campaign.stepId,
    });
    const title = find('h1', 'campaign-title');
    title.textContent = `${words[locale].campaign} ${campaign.campaignId}`;
    if (!wasOpen) title.focus();
  } else if (wasOpen) beforeCampaign?.focus();
}

function show(): void {
  const { journey, locale, theme, from, to, compare } = address;
  dressPage(address);
  journeyMenu.value = journey;
  localeMenu.value = locale;
  themeButton.setAttribute('aria-pressed', String(theme === 'dark'));
  const shared = { journey, locale, theme, from: from || null, to: to || null, compare: compare || null };
  Object.assign(analytics, shared);
  Object.assign(connection, shared);
  const step = pinnedSteps[journey];
  pinnedStep.step = step ?? null;
  pinnedStep.hidden = step === undefined;
  showWords();
  showCampaign();
}

function change(changes: Partial<Address>): void {
  address = { ...address, ...changes };
  writeAddress(address);
  show();
}

for (const element of [analytics, connection, campaignTrend]) Object.assign(element, { endpoint, getToken });
document.body.addEventListener('report-click', (event) => {
  event.preventDefault();
  beforeCampaign = deepestFocus();
  change({ campaign: event.detail });
});
document.body.addEventListener('export-start', (event) => {
  if (!find('input', 'ask').checked) return;
  event.preventDefault();
  say(heldBackNotice(address.locale, event.detail));
});
analytics.addEventListener('range-change', ({ detail }) => change(rangeOf(detail)));
journeyMenu.addEventListener('change', () => change({ journey: journeyMenu.value }));
localeMenu.addEventListener('change', () => {
  if (isLocale(localeMenu.value)) change({ locale: localeMenu.value });
});
themeButton.addEventListener('click', () => change({ theme: address.theme === 'dark' ? 'light' : 'dark' }));
find('button', 'back').addEventListener('click', () => change({ campaign: undefined }));
notice.querySelector('button')?.addEventListener('click', () => say(''));
addEventListener('popstate', () => {
  address = readAddress();
  show();
});

localeMenu.append(...locales.map((locale) => new Option(languageNames[locale], locale)));
show();
loadJourneys()
  .then((journeys) => {
    journeyMenu.replaceChildren(...journeys.map(({ journeyId, name }) => new Option(name, journeyId)));
    return show();
  })
  .catch((error: unknown) => {
    say(words[address.locale].noJourneys);
    console.error(error);
  });
