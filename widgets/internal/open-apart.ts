// Opens a download apart from the page, so that whatever comes back can never take the page's place.

/** The link stands in no document: a host's router does not see the click, and no policy on styles or frames concerns it. */
export function openApart(address: URL): void {
  const link = document.createElement('a');
  link.href = address.href;
  link.rel = 'noreferrer noopener';
  link.target = '_blank';
  link.download = '';
  link.click();
}
