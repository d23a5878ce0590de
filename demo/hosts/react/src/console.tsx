// The whole console: bar, journey and campaign.
import type { ExportStartEvent, ReportClickEvent } from 'journey-analytics';
import { useEffect, useRef, useState } from 'react';
import { rangeOf } from '../../shared/address.ts';
import { endpoint, getToken, loadJourneys, type Journey } from '../../shared/backend.ts';
import { deepestFocus } from '../../shared/focus.ts';
import { heldBackNotice, rangeText, words } from '../../shared/words.ts';
import { CampaignPage } from './campaign-page.tsx';
import { Pinned } from './pinned.tsx';
import { TopBar } from './top-bar.tsx';
import { useAddress } from './use-address.ts';

export function Console() {
  const [address, change] = useAddress();
  const [journeys, setJourneys] = useState<readonly Journey[]>([]);
  const [asksFirst, setAsksFirst] = useState(false);
  const [notice, setNotice] = useState('');
  const beforeCampaign = useRef<HTMLElement | null>(null);
  const { journey, locale, theme, from, to, compare, campaign } = address;
  const texts = words[locale];
  const name = journeys.find(({ journeyId }) => journeyId === journey)?.name ?? journey;
  const isOpen = campaign !== undefined;

  useEffect(() => {
    loadJourneys()
      .then(setJourneys)
      .catch((error: unknown) => {
        setNotice(texts.noJourneys);
        console.error(error);
      });
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, whatever the language becomes
  }, []);
  useEffect(() => {
    if (!isOpen) beforeCampaign.current?.focus();
  }, [isOpen]);

  const openCampaign = (event: ReportClickEvent) => {
    event.preventDefault();
    beforeCampaign.current = deepestFocus();
    change({ campaign: event.detail });
  };
  const holdBack = (event: ExportStartEvent) => {
    if (!asksFirst) return;
    event.preventDefault();
    setNotice(heldBackNotice(locale, event.detail));
  };
  const range = { from: from || null, to: to || null, compare: compare || null };

  return (
    <>
      <title>{`${name} · Northwind`}</title>
      <TopBar address={address} journeys={journeys} change={change} />
      {campaign && (
        <CampaignPage campaign={campaign} address={address} goBack={() => change({ campaign: undefined })} />
      )}
      <main hidden={isOpen}>
        <h1 className="unseen">{name}</h1>
        <div className="line">
          <p role="status">
            {texts.range}: {rangeText(locale, from, to)}
            {compare && `, ${texts.compared}`}
          </p>
          <label className="ask">
            <input
              type="checkbox"
              checked={asksFirst}
              onChange={({ target }) => setAsksFirst(target.checked)}
            />
            {texts.askFirst}
          </label>
        </div>
        {notice && (
          <div className="notice" role="status">
            <p>{notice}</p>
            <button className="control" type="button" onClick={() => setNotice('')}>
              {texts.close}
            </button>
          </div>
        )}
        <journey-analytics
          endpoint={endpoint}
          getToken={getToken}
          journey={journey}
          locale={locale}
          theme={theme}
          {...range}
          onrange-change={({ detail }) => change(rangeOf(detail))}
          onreport-click={openCampaign}
          onexport-start={holdBack}
        />
        <div className="pinned-head">
          <h2>{texts.pinned}</h2>
          <p className="hint">{texts.pinnedHint}</p>
        </div>
        <journey-connection
          endpoint={endpoint}
          getToken={getToken}
          journey={journey}
          locale={locale}
          theme={theme}
          {...range}
        >
          <Pinned journey={journey} texts={texts} openCampaign={openCampaign} holdBack={holdBack} />
        </journey-connection>
      </main>
    </>
  );
}
