// The elements in JSX of React 19: made by `npm run manifest` from custom-elements.json; do not change it by hand.
// oxlint-disable typescript/no-redundant-type-constituents -- without React its types are none
// React sets properties by their names and listens by `on` before the name of the event.
import type { JourneyAnalytics } from './elements/analytics/analytics.ts';
import type { JourneyAudience } from './elements/audience/audience.ts';
import type { JourneyConnection } from './elements/connection/connection.ts';
import type { JourneyExportButton } from './elements/export-button/export-button.ts';
import type { JourneyFlow } from './elements/flow/flow.ts';
import type { JourneyMetricCard } from './elements/metric-card/metric-card.ts';
import type { JourneyOverview } from './elements/overview/overview.ts';
import type { JourneyReportButton } from './elements/report-button/report-button.ts';
import type { JourneyStepMetrics } from './elements/step-metrics/step-metrics.ts';
import type { JourneyTable } from './elements/table/table.ts';
import type { JourneyTrend } from './elements/trend/trend.ts';
import type { JourneyElementEvents } from './element-types.ts';
// @ts-ignore -- a host without React has no such module
import type { DetailedHTMLProps, HTMLAttributes } from 'react';

type Listeners<Events> = {
  [Name in keyof Events & string as `on${Name}`]?: (event: Events[Name]) => void;
};

type Properties<E extends HTMLElement, Names extends keyof E, Events> = DetailedHTMLProps<
  HTMLAttributes<E>,
  E
> &
  Partial<Pick<E, Names>> &
  Listeners<Events>;

interface JourneyElements {
  'journey-analytics': Properties<
    JourneyAnalytics,
    | 'data'
    | 'direction'
    | 'reportUrl'
    | 'endpoint'
    | 'journey'
    | 'from'
    | 'to'
    | 'compare'
    | 'locale'
    | 'theme'
    | 'getToken'
    | 'messages',
    JourneyElementEvents['journey-analytics']
  >;
  'journey-audience': Properties<
    JourneyAudience,
    | 'data'
    | 'endpoint'
    | 'journey'
    | 'from'
    | 'to'
    | 'compare'
    | 'locale'
    | 'theme'
    | 'getToken'
    | 'messages',
    JourneyElementEvents['journey-audience']
  >;
  'journey-connection': Properties<
    JourneyConnection,
    'endpoint' | 'journey' | 'from' | 'to' | 'compare' | 'locale' | 'theme' | 'getToken' | 'messages',
    JourneyElementEvents['journey-connection']
  >;
  'journey-export-button': Properties<
    JourneyExportButton,
    | 'metric'
    | 'step'
    | 'platform'
    | 'outcome'
    | 'rows'
    | 'audience'
    | 'endpoint'
    | 'journey'
    | 'from'
    | 'to'
    | 'compare'
    | 'locale'
    | 'theme'
    | 'getToken'
    | 'messages',
    JourneyElementEvents['journey-export-button']
  >;
  'journey-flow': Properties<
    JourneyFlow,
    | 'data'
    | 'direction'
    | 'reportUrl'
    | 'endpoint'
    | 'journey'
    | 'from'
    | 'to'
    | 'compare'
    | 'locale'
    | 'theme'
    | 'getToken'
    | 'messages',
    JourneyElementEvents['journey-flow']
  >;
  'journey-metric-card': Properties<
    JourneyMetricCard,
    | 'metric'
    | 'data'
    | 'endpoint'
    | 'journey'
    | 'from'
    | 'to'
    | 'compare'
    | 'locale'
    | 'theme'
    | 'getToken'
    | 'messages',
    JourneyElementEvents['journey-metric-card']
  >;
  'journey-overview': Properties<
    JourneyOverview,
    | 'data'
    | 'endpoint'
    | 'journey'
    | 'from'
    | 'to'
    | 'compare'
    | 'locale'
    | 'theme'
    | 'getToken'
    | 'messages',
    JourneyElementEvents['journey-overview']
  >;
  'journey-report-button': Properties<
    JourneyReportButton,
    | 'data'
    | 'step'
    | 'reportUrl'
    | 'endpoint'
    | 'journey'
    | 'from'
    | 'to'
    | 'compare'
    | 'locale'
    | 'theme'
    | 'getToken'
    | 'messages',
    JourneyElementEvents['journey-report-button']
  >;
  'journey-step-metrics': Properties<
    JourneyStepMetrics,
    | 'step'
    | 'data'
    | 'reportUrl'
    | 'endpoint'
    | 'journey'
    | 'from'
    | 'to'
    | 'compare'
    | 'locale'
    | 'theme'
    | 'getToken'
    | 'messages',
    JourneyElementEvents['journey-step-metrics']
  >;
  'journey-table': Properties<
    JourneyTable,
    | 'data'
    | 'reportUrl'
    | 'endpoint'
    | 'journey'
    | 'from'
    | 'to'
    | 'compare'
    | 'locale'
    | 'theme'
    | 'getToken'
    | 'messages',
    JourneyElementEvents['journey-table']
  >;
  'journey-trend': Properties<
    JourneyTrend,
    | 'metric'
    | 'step'
    | 'platform'
    | 'outcome'
    | 'data'
    | 'endpoint'
    | 'journey'
    | 'from'
    | 'to'
    | 'compare'
    | 'locale'
    | 'theme'
    | 'getToken'
    | 'messages',
    JourneyElementEvents['journey-trend']
  >;
}

// @ts-ignore -- a host without React has no such module
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements extends JourneyElements {}
  }
}
