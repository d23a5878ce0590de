// What a console shows, kept in the address of the page, so that a reload, a bookmark and the browser's Back button work.
import type { RangeChangeDetail } from 'journey-analytics';
import { isLocale, type Locale } from './words.ts';

export type Theme = 'light' | 'dark';

/** A campaign of the host's own, as a Report button names it, or as an address does. */
export interface Campaign {
  readonly campaignId: string;
  readonly channel: string;
  readonly stepId: string;
}

export interface Address {
  readonly journey: string;
  readonly locale: Locale;
  readonly theme: Theme;
  /** Dates, empty: all time. */
  readonly from: string;
  readonly to: string;
  readonly compare: 'previous' | '';
  /** The campaign whose page is open. */
  readonly campaign?: Campaign | undefined;
}

const defaultJourney = 'welcome';

export function readAddress(): Address {
  const given = new URLSearchParams(location.search);
  const told = (name: string) => given.get(name) ?? '';
  const locale = told('locale');
  const theme = told('theme');
  const isDark = theme === '' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
  const campaignId = told('campaign');
  return {
    journey: told('journey') || defaultJourney,
    locale: isLocale(locale) ? locale : 'en',
    theme: isDark ? 'dark' : 'light',
    from: told('from'),
    to: told('to'),
    compare: told('compare') === 'previous' ? 'previous' : '',
    campaign: campaignId === '' ? undefined : { campaignId, channel: told('channel'), stepId: told('step') },
  };
}

/** Puts an address into the page's. A campaign's page is an entry of the browser's history, all else is not. */
export function writeAddress(address: Address): void {
  const { journey, locale, theme, from, to, compare, campaign } = address;
  const told = {
    journey,
    locale,
    theme,
    from,
    to,
    compare,
    campaign: campaign?.campaignId ?? '',
    channel: campaign?.channel ?? '',
    step: campaign?.stepId ?? '',
  };
  const query = new URLSearchParams(Object.entries(told).filter(([, value]) => value !== ''));
  const isOpened = campaign !== undefined && campaign.campaignId !== readAddress().campaign?.campaignId;
  history[isOpened ? 'pushState' : 'replaceState'](null, '', `?${query.toString()}`);
}

/** The range that a person has picked, as an address keeps it. */
export function rangeOf({ from, to, compare }: RangeChangeDetail): Pick<Address, 'from' | 'to' | 'compare'> {
  return { from: from ?? '', to: to ?? '', compare: compare === 'previous' ? 'previous' : '' };
}

/** Gives the page the language, the direction and the colours of an address: the widgets inside follow. */
export function dressPage({ locale, theme }: Address): void {
  const page = document.documentElement;
  page.lang = locale;
  page.dir = locale === 'ar' ? 'rtl' : 'ltr';
  page.classList.toggle('dark', theme === 'dark');
}
