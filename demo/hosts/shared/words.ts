// The console's own texts in the languages that the widgets speak.
import type { ExportDetail } from 'journey-analytics';

export const locales = ['en', 'tr', 'de', 'ar'] as const;
export type Locale = (typeof locales)[number];

export const languageNames: Readonly<Record<Locale, string>> = {
  en: 'English',
  tr: 'Türkçe',
  de: 'Deutsch',
  ar: 'العربية',
};

export function isLocale(text: string): text is Locale {
  return locales.some((locale) => locale === text);
}

export interface Words {
  readonly journeys: string;
  readonly allHosts: string;
  readonly madeWith: string;
  readonly journey: string;
  readonly language: string;
  readonly dark: string;
  readonly askFirst: string;
  readonly range: string;
  readonly allTime: string;
  readonly compared: string;
  readonly pinned: string;
  readonly pinnedHint: string;
  readonly entrants: string;
  readonly entrantsHint: string;
  readonly campaign: string;
  readonly channel: string;
  readonly step: string;
  readonly back: string;
  readonly campaignHint: string;
  readonly noJourneys: string;
  readonly close: string;
  readonly heldBack: (rows: string, format: string) => string;
}

const en: Words = {
  journeys: 'Journeys',
  allHosts: 'All hosts',
  madeWith: 'Made with',
  journey: 'Journey',
  language: 'Language',
  dark: 'Dark',
  askFirst: 'Ask before exporting',
  range: 'Range',
  allTime: 'All time',
  compared: 'compared with the earlier period',
  pinned: 'Pinned',
  pinnedHint: 'Single elements of the same connection: one request serves them all.',
  entrants: 'Everyone who entered',
  entrantsHint: 'One row for each person, for your own tools.',
  campaign: 'Campaign',
  channel: 'Channel',
  step: 'Step',
  back: 'Back to the journey',
  campaignHint:
    'Northwind’s own page: the widgets say which campaign was asked for, and the console opens it.',
  noJourneys: 'The journeys could not be loaded. Is the service running?',
  close: 'Close',
  heldBack: (rows, format) =>
    `The export of ${rows} rows (${format}) was held back, because this console asks first. Untick “Ask before exporting” to let it through.`,
};

const tr: Words = {
  journeys: 'Yolculuklar',
  allHosts: 'Tüm konsollar',
  madeWith: 'Altyapı:',
  journey: 'Yolculuk',
  language: 'Dil',
  dark: 'Koyu',
  askFirst: 'Dışa aktarmadan önce sor',
  range: 'Aralık',
  allTime: 'Tüm zamanlar',
  compared: 'önceki dönemle karşılaştırmalı',
  pinned: 'Sabitlenenler',
  pinnedHint: 'Aynı bağlantının tek tek öğeleri: hepsine bir istek yeter.',
  entrants: 'Giren herkes',
  entrantsHint: 'Kendi araçlarınız için her kişi bir satır.',
  campaign: 'Kampanya',
  channel: 'Kanal',
  step: 'Adım',
  back: 'Yolculuğa dön',
  campaignHint: 'Northwind’in kendi sayfası: öğeler hangi kampanyanın istendiğini söyler, konsol onu açar.',
  noJourneys: 'Yolculuklar yüklenemedi. Servis çalışıyor mu?',
  close: 'Kapat',
  heldBack: (rows, format) =>
    `${rows} satırlık dışa aktarma (${format}) durduruldu, çünkü bu konsol önce sorar. Geçmesi için “Dışa aktarmadan önce sor” işaretini kaldırın.`,
};

const de: Words = {
  journeys: 'Journeys',
  allHosts: 'Alle Konsolen',
  madeWith: 'Gebaut mit',
  journey: 'Journey',
  language: 'Sprache',
  dark: 'Dunkel',
  askFirst: 'Vor dem Export fragen',
  range: 'Zeitraum',
  allTime: 'Gesamter Zeitraum',
  compared: 'verglichen mit dem Zeitraum davor',
  pinned: 'Angeheftet',
  pinnedHint: 'Einzelne Elemente derselben Verbindung: eine Anfrage genügt für alle.',
  entrants: 'Alle, die eingetreten sind',
  entrantsHint: 'Eine Zeile je Person, für eigene Werkzeuge.',
  campaign: 'Kampagne',
  channel: 'Kanal',
  step: 'Schritt',
  back: 'Zurück zur Journey',
  campaignHint:
    'Northwinds eigene Seite: Die Elemente sagen, welche Kampagne gewünscht ist, die Konsole öffnet sie.',
  noJourneys: 'Die Journeys konnten nicht geladen werden. Läuft der Dienst?',
  close: 'Schließen',
  heldBack: (rows, format) =>
    `Der Export von ${rows} Zeilen (${format}) wurde zurückgehalten, weil diese Konsole vorher fragt. Ohne Haken bei „Vor dem Export fragen“ läuft er durch.`,
};

const ar: Words = {
  journeys: 'الرحلات',
  allHosts: 'كل المنصات',
  madeWith: 'مبنية بـ',
  journey: 'الرحلة',
  language: 'اللغة',
  dark: 'داكن',
  askFirst: 'السؤال قبل التصدير',
  range: 'النطاق',
  allTime: 'كل الأوقات',
  compared: 'مقارنة بالفترة السابقة',
  pinned: 'المثبتة',
  pinnedHint: 'عناصر منفردة من الاتصال نفسه: طلب واحد يكفيها جميعًا.',
  entrants: 'كل من دخل',
  entrantsHint: 'صف لكل شخص، لأدواتك الخاصة.',
  campaign: 'الحملة',
  channel: 'القناة',
  step: 'الخطوة',
  back: 'العودة إلى الرحلة',
  campaignHint: 'صفحة Northwind نفسها: تذكر العناصر الحملة المطلوبة، وتفتحها المنصة.',
  noJourneys: 'تعذر تحميل الرحلات. هل الخدمة قيد التشغيل؟',
  close: 'إغلاق',
  heldBack: (rows, format) =>
    `أوقف تصدير ${rows} صفًا (${format}) لأن هذه المنصة تسأل أولًا. أزل علامة «السؤال قبل التصدير» ليتم التصدير.`,
};

export const words: Readonly<Record<Locale, Words>> = { en, tr, de, ar };

/** What is said when an export was cancelled. */
export function heldBackNotice(locale: Locale, { rows, format }: ExportDetail): string {
  return words[locale].heldBack((rows ?? 0).toLocaleString(locale), format.toUpperCase());
}

/** The range in a line of text, as the reader writes dates. */
export function rangeText(locale: Locale, from: string, to: string): string {
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const [first, last] = [from, to].map((date) => (date === '' ? undefined : new Date(`${date}T00:00:00Z`)));
  if (first && last) return dates.formatRange(first, last);
  if (!first && !last) return words[locale].allTime;
  return `${first ? dates.format(first) : '…'} – ${last ? dates.format(last) : '…'}`;
}
