// The console's own page of one campaign.
import { useEffect, useRef } from 'react';
import type { Address, Campaign } from '../../shared/address.ts';
import { endpoint, getToken } from '../../shared/backend.ts';
import { words } from '../../shared/words.ts';

interface CampaignPageProperties {
  readonly campaign: Campaign;
  readonly address: Address;
  readonly goBack: () => void;
}

export function CampaignPage({ campaign, address, goBack }: CampaignPageProperties) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const { journey, locale, theme } = address;
  const texts = words[locale];
  const { campaignId, channel, stepId } = campaign;
  return (
    <main className="campaign">
      <button className="control" type="button" onClick={goBack}>
        {texts.back}
      </button>
      <h1 tabIndex={-1} ref={title}>
        {texts.campaign} {campaignId}
      </h1>
      <p className="hint">{texts.campaignHint}</p>
      <dl className="facts panel">
        <div>
          <dt>{texts.campaign}</dt>
          <dd>{campaignId}</dd>
        </div>
        <div>
          <dt>{texts.channel}</dt>
          <dd>{channel}</dd>
        </div>
        <div>
          <dt>{texts.step}</dt>
          <dd>{stepId}</dd>
        </div>
      </dl>
      {/* An element alone, without a connection around it. */}
      <journey-trend
        metric="sentCount"
        step={stepId}
        endpoint={endpoint}
        getToken={getToken}
        journey={journey}
        locale={locale}
        theme={theme}
      />
    </main>
  );
}
