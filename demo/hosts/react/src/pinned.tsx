// Single elements, which take what they need from the connection around them.
import type { ExportStartEvent, ReportClickEvent } from 'journey-analytics';
import { pinnedSteps } from '../../shared/backend.ts';
import type { Words } from '../../shared/words.ts';

interface PinnedProperties {
  readonly journey: string;
  readonly texts: Words;
  readonly openCampaign: (event: ReportClickEvent) => void;
  readonly holdBack: (event: ExportStartEvent) => void;
}

export function Pinned({ journey, texts, openCampaign, holdBack }: PinnedProperties) {
  const step = pinnedSteps[journey];
  return (
    <div className="pinned">
      <div className="stack">
        <journey-metric-card metric="convertedUsers" onexport-start={holdBack} />
        <journey-metric-card metric="conversionEvents" onexport-start={holdBack} />
        <div className="panel entrants">
          <p>
            <strong>{texts.entrants}</strong>
            <span className="hint">{texts.entrantsHint}</span>
          </p>
          <journey-export-button metric="entryUsers" onexport-start={holdBack} />
        </div>
        <journey-trend metric="totalEntries" />
        <journey-trend metric="convertedUsers" />
      </div>
      {step !== undefined && (
        <journey-step-metrics step={step} onreport-click={openCampaign} onexport-start={holdBack} />
      )}
    </div>
  );
}
