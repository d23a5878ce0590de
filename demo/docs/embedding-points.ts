// What a host may rely on when it embeds the elements, why, and the tests that prove it.

export interface EmbeddingPoint {
  readonly group: string;
  readonly point: string;
  readonly why: string;
  /** By file and title, as it stands in the file. */
  readonly tests: readonly (readonly [file: string, title: string])[];
}

interface Group {
  readonly group: string;
  readonly points: readonly Omit<EmbeddingPoint, 'group'>[];
}

const token: Group = {
  group: 'Token',
  points: [
    {
      point: '`getToken` is asked at first need, once for all elements of a connection.',
      why: 'Your backend mints one token for a page, not one for each element.',
      tests: [
        ['test/widgets/token.test.ts', 'asks once for all who need a token at the same time, and keeps it'],
        ['test/widgets/connection.test.ts', 'is one for an endpoint and a getToken'],
      ],
    },
    {
      point: 'The token is in memory and in the `Authorization` header, and nowhere else. No cookie is sent.',
      why: 'Nothing of it is left in histories, logs of addresses, or storage.',
      tests: [
        [
          'test/widgets/connection.test.ts',
          'asks once for all who look, with the token in the header and nowhere else',
        ],
        ['test/widgets/connection.test.ts', 'sends no cookie of the page'],
        ['test/e2e/built-widgets.test.ts', 'draws everything, and what it shows are the numbers of the API'],
      ],
    },
    {
      point: 'It is renewed at 80 % of its life, without a reload.',
      why: 'A console may stay open all day with tokens of ten minutes.',
      tests: [
        ['test/widgets/token.test.ts', 'renews at 80 % of the life the host states, ahead of need'],
        ['test/widgets/token.test.ts', 'renews at 80 % of the life a JWT states'],
      ],
    },
    {
      point: 'After a 401 it is renewed once, and the request is repeated once.',
      why: 'A revoked key or a rotated secret heals by itself, and never loops.',
      tests: [
        ['test/widgets/connection.test.ts', 'repeats a request with a new token after a 401, once'],
        ['test/widgets/connection.test.ts', 'renews once for all requests that were refused'],
        ['test/widgets/connection.test.ts', 'gives up on a 401 that a new token does not heal'],
      ],
    },
    {
      point: 'A `getToken` that does not answer is given up after 30 seconds, by its `signal` too.',
      why: 'A hanging backend must not hang the page.',
      tests: [
        ['test/widgets/token.test.ts', 'stops waiting for a host that does not answer within 30 s'],
        [
          'test/widgets/token.test.ts',
          'aborts the question when nobody needs it, and asks anew when somebody does',
        ],
      ],
    },
    {
      point:
        'After a failure the pauses grow. It is asked again at once when the page is online or seen again.',
      why: 'A backend that is down is not asked more and more, and comes back quickly.',
      tests: [
        [
          'test/widgets/token.test.ts',
          'waits longer and longer for a host that gives none, and asks at once when told to',
        ],
        ['test/widgets/connection.test.ts', 'tries again at once on ${event}'],
      ],
    },
    {
      point: 'Without a scope its buttons are absent, and without permission there is no dead button.',
      why: 'People are not offered what they may not do.',
      tests: [
        ['test/widgets/export-button.test.ts', 'is not there without the scope, nor without a way to ask'],
        ['test/widgets/analytics.test.ts', 'offers no dead button without permission'],
        [
          'test/e2e/exports-screen.test.ts',
          'without the scope there is no button, and the numbers are there',
        ],
      ],
    },
  ],
};

const contract: Group = {
  group: 'Contract',
  points: [
    {
      point: 'Importing the classes registers nothing. Importing anything on a server does nothing.',
      why: 'It fits bundlers and server rendering.',
      tests: [
        ['test/widgets/define.test.ts', 'are not registered by importing their classes'],
        ['test/e2e/module-import.test.ts', '${entry} does nothing without a DOM'],
      ],
    },
    {
      point: 'Loaded twice, or in two versions, the first wins. One warning names both.',
      why: 'Pages of several teams may each bring their own.',
      tests: [
        ['test/e2e/built-widgets.test.ts', 'the same file twice is silent and works'],
        [
          'test/e2e/built-widgets.test.ts',
          'another version after it gives one warning that names both, and the first works',
        ],
      ],
    },
    {
      point: 'Settings may come in any order, before or after definition, and may change at any time.',
      why: 'Frameworks set properties when they like.',
      tests: [
        ['test/widgets/host-page.test.ts', 'may be set before the element is defined'],
        ['test/widgets/host-page.test.ts', 'are followed when they change'],
      ],
    },
    {
      point:
        'An element takes what it lacks from the nearest connection. Elements of one need share one request.',
      why: 'Six cards cost one request.',
      tests: [
        [
          'test/widgets/host-page.test.ts',
          'come from the nearest connection, and elements of one need ask once',
        ],
        ['test/widgets/host-page.test.ts', 'reach into shadow roots'],
      ],
    },
    {
      point: 'With `data` nothing is requested.',
      why: 'A host may fetch the numbers itself.',
      tests: [
        [
          'test/widgets/analytics.test.ts',
          'asks nothing when it is given data, and nor do the elements inside',
        ],
        ['test/widgets/host-page.test.ts', 'asks nothing'],
      ],
    },
    {
      point:
        '`report-click` tells the campaign. The element goes nowhere by itself unless `report-url` says where.',
      why: 'The report of a campaign is a page of the host.',
      tests: [
        [
          'test/widgets/report-button.test.ts',
          'tells the host, and leads where the host says when nobody takes the event',
        ],
        ['test/widgets/flow-element.test.ts', 'shows Report where there is one, and tells the host'],
      ],
    },
    {
      point: '`step-select`, `export-start` and `load-error` can be cancelled: the host does it its own way.',
      why: 'A console has its own panels, queues and messages.',
      tests: [
        ['test/widgets/flow-element.test.ts', 'asks the host before a step opens'],
        ['test/widgets/export-button.test.ts', 'downloads nothing when the host takes the event'],
        ['test/widgets/analytics.test.ts', 'leaves the word to a host that cancels load-error'],
      ],
    },
    {
      point: 'Every attribute, property, event, method and part is described in `custom-elements.json`.',
      why: 'Editors complete them, and types of React, Vue and Svelte are made from it.',
      tests: [
        ['test/e2e/manifest.test.ts', 'has what all elements have, and what it alone is promised to have'],
        ['test/e2e/manifest.test.ts', 'is described: each attribute, property, event, part and method'],
      ],
    },
    {
      point: 'All elements are 100 KB gzip at most, the overview alone 25 KB, and only the flow has D3.',
      why: 'A card is not worth a library of charts.',
      tests: [
        ['test/e2e/bundle-size.test.ts', 'everything is at most 100 KB'],
        ['test/e2e/bundle-size.test.ts', 'the overview alone is at most 25 KB'],
        ['test/e2e/bundle-size.test.ts', '${entry} loads no d3'],
      ],
    },
  ],
};

const look: Group = {
  group: 'Look',
  points: [
    {
      point: 'The host’s CSS cannot break the elements, and theirs does not leak.',
      why: 'Consoles have resets, and rules for `*` and `button`.',
      tests: [
        ['test/widgets/host-page.test.ts', 'cannot break an element by its styles'],
        ['test/widgets/host-page.test.ts', 'is not styled by an element'],
        ['test/e2e/built-widgets.test.ts', 'a hostile style sheet of the host changes nothing inside'],
      ],
    },
    {
      point: 'Custom properties on any ancestor set colours, sizes and font. Parts can be styled.',
      why: 'The elements look like the console around them.',
      tests: [
        ['test/widgets/host-page.test.ts', 'sets a colour by its custom property on any ancestor'],
        ['test/e2e/media.test.ts', 'a part is styled by the page'],
        ['test/e2e/manifest.test.ts', 'describes every part of its own templates'],
      ],
    },
    {
      point: 'They follow `color-scheme`. `theme` overrides it, for each element.',
      why: 'A page with a switch needs no code for the elements.',
      tests: [
        [
          'test/widgets/host-page.test.ts',
          'has light and dark elements beside each other, and one that follows it',
        ],
      ],
    },
    {
      point: 'They look at their own width, and work from 280 px up.',
      why: 'A card may stand in a side panel of a wide window.',
      tests: [
        ['test/widgets/step-metrics.test.ts', 'fits into 280 px'],
        ['test/widgets/trend.test.ts', 'fits into 280 px'],
        ['test/widgets/table.test.ts', 'keeps the name of the step in view, and no row is cut at 280 px'],
      ],
    },
    {
      point: 'A skeleton has the final size. Nothing moves when numbers come.',
      why: 'Nobody presses the wrong thing.',
      tests: [
        ['test/widgets/host-page.test.ts', 'does not move its content when numbers come'],
        ['test/widgets/trend.test.ts', 'keeps its size from the skeleton to the chart and to a failure'],
      ],
    },
    {
      point: 'In print the diagram becomes its table.',
      why: 'A picture of a part of the diagram says nothing.',
      tests: [['test/widgets/flow-element.test.ts', 'prints the table']],
    },
    {
      point: 'They follow `forced-colors` and `prefers-reduced-motion`.',
      why: 'These are settings of people who need them.',
      tests: [
        ['test/e2e/media.test.ts', 'in forced colours the bars, links and marks are still there'],
        ['test/e2e/media.test.ts', 'with reduced motion nothing moves by itself'],
      ],
    },
  ],
};

const content: Group = {
  group: 'Content',
  points: [
    {
      point: 'Report is shown exactly where `report.available` is true, as a real button.',
      why: 'A button that leads nowhere costs trust.',
      tests: [
        [
          'test/widgets/report-button.test.ts',
          'is there exactly where a report is, and takes no room where it is not',
        ],
      ],
    },
    {
      point: 'Export states the number of rows before the formats. At 0 it stays focusable and says why.',
      why: 'People know what they get.',
      tests: [
        ['test/widgets/export-button.test.ts', 'states the rows before the formats'],
        ['test/widgets/export-button.test.ts', 'at 0 stays focusable, opens nothing, and says why'],
      ],
    },
    {
      point: 'A file has as many rows as the screen says. A broken download is told as broken.',
      why: 'A list that does not match its number is worth nothing.',
      tests: [
        ['test/e2e/exports-screen.test.ts', 'of the conversion cards'],
        ['test/e2e/exports-screen.test.ts', 'of metrics of a step, over all time and over a range'],
        [
          'test/e2e/exports-screen.test.ts',
          'a download that breaks on the way is shown as broken and leaves no file; tried again it is whole',
        ],
      ],
    },
    {
      point: 'Texts are in English, Turkish, German and Arabic, several on one page, each in its direction.',
      why: 'A console has people of several languages.',
      tests: [
        ['test/widgets/host-page.test.ts', 'has elements in several languages, each with its direction'],
        ['test/widgets/languages.test.ts', '${language} has every text, with the places of the English one'],
        ['test/widgets/host-page.test.ts', 'can set any text, which is never taken for HTML'],
      ],
    },
    {
      point:
        'Numbers are written by `Intl`. 0 is 0, no base is a dash, and nothing is rounded to a bound it has not reached.',
      why: '“100 %” means all of them.',
      tests: [
        ['test/widgets/languages.test.ts', 'write numbers by Intl'],
        ['test/widgets/host-page.test.ts', 'shows zeros as zeros and no base as a dash'],
        ['test/widgets/host-page.test.ts', 'never rounds to a bound that was not reached'],
      ],
    },
    {
      point: 'Signals are a sentence with the numbers behind it, worst first, three at most.',
      why: 'An interpretation that cannot be checked is a guess.',
      tests: [
        ['test/widgets/flow/signals.test.ts', 'tells the numbers behind it, and what they are held against'],
        [
          'test/widgets/signals-strip.test.ts',
          'are three at most, worst first, each step once, with their numbers',
        ],
      ],
    },
  ],
};

const accessibility: Group = {
  group: 'Accessibility',
  points: [
    {
      point: 'axe finds nothing, in any state, light and dark.',
      why: 'WCAG 2.2 AA is the measure.',
      tests: [
        ['test/e2e/built-widgets.test.ts', 'the built page is accessible, as axe sees it, in either theme'],
        [
          'test/widgets/flow-element.test.ts',
          'is accessible as a diagram, a table, an outline and with an open step, light and dark',
        ],
        ['test/widgets/host-page.test.ts', 'says what ${scenario} means, accessibly'],
      ],
    },
    {
      point:
        'The flow is one tab stop. Arrows follow the transitions, Enter opens, Escape closes and returns the focus.',
      why: 'Everything can be done without a pointer.',
      tests: [
        ['test/widgets/flow-element.test.ts', 'is one tab stop, and its keys follow the links'],
        [
          'test/widgets/flow-element.test.ts',
          'opens a step with all its numbers, which add up, and gives the focus back',
        ],
      ],
    },
    {
      point: 'Each step’s name tells its numbers, and a table of the same numbers is one click away.',
      why: 'A diagram alone excludes people.',
      tests: [
        ['test/widgets/flow-element.test.ts', 'tells each step in one sentence'],
        [
          'test/widgets/flow-element.test.ts',
          'says the same numbers in the table, with the same popover and Report',
        ],
      ],
    },
    {
      point: 'Targets are 24 px or larger.',
      why: 'Not every hand is steady.',
      tests: [['test/e2e/media.test.ts', 'every target is 24 px or has that much room']],
    },
    {
      point: 'Arabic is read from right to left: columns, keys and stubs are mirrored.',
      why: 'A direction is more than an alignment.',
      tests: [
        [
          'test/widgets/flow-element.test.ts',
          'reads from right to left: columns, keys and stubs are mirrored',
        ],
        ['test/widgets/table.test.ts', 'reads from right to left, in the numbers of its language'],
      ],
    },
  ],
};

const robustness: Group = {
  group: 'Robustness',
  points: [
    {
      point: 'Everything works under the strict policy: no inline style, no eval, no third party.',
      why: 'The policy of the console stays as strict as it is.',
      tests: [
        ['test/e2e/built-widgets.test.ts', 'draws everything, and what it shows are the numbers of the API'],
        ['test/e2e/built-widgets.test.ts', 'the page’s policy is in force, so that silence says something'],
        [
          'test/e2e/bundle-size.test.ts',
          'everything has no eval and no inline worker, which a strict policy blocks',
        ],
      ],
    },
    {
      point: 'All texts of the API are texts, never HTML. Links lead to http and https only.',
      why: 'Names of steps come from people.',
      tests: [
        ['test/widgets/flow-element.test.ts', 'takes every text of the API as text'],
        ['test/widgets/flow-element.test.ts', 'leads only to http addresses, whatever the ids are'],
      ],
    },
    {
      point:
        'Loops, orphans, one step, 1,000 steps, zeros, long names and broken data are drawn, never thrown.',
      why: 'Journeys are made by people, and some are odd.',
      tests: [
        [
          'test/widgets/flow-element.test.ts',
          'draws the odd ones: no step, one, loops, orphans, nobody, names of 200 characters',
        ],
        [
          'test/widgets/table.test.ts',
          'is usable with 1,000 steps and 3,000 transitions, and prints them all',
        ],
        ['test/widgets/analytics-page.test.ts', 'takes broken data without throwing'],
      ],
    },
    {
      point: 'When a refresh fails the last good numbers stay, with their time. An error says what to do.',
      why: 'An outage of a minute does not empty the screen.',
      tests: [
        ['test/widgets/analytics.test.ts', 'stay, with the time they are from'],
        ['test/widgets/analytics.test.ts', 'says so once, with what to do and a code to quote'],
      ],
    },
    {
      point: 'A removed element leaves no request, timer or observer. Attached again it goes on.',
      why: 'Pages of one application come and go.',
      tests: [
        [
          'test/e2e/built-widgets.test.ts',
          'elements that are removed leave no request, timer, frame, observer or listener',
        ],
        ['test/widgets/flow-element.test.ts', 'can leave the page and come back'],
      ],
    },
    {
      point:
        'Live numbers need one stream for a journey, two for a page at most, and none while it is hidden. Workspaces beside each other stay apart.',
      why: 'Browsers allow six connections to a host.',
      tests: [
        ['test/widgets/live-changes.test.ts', 'are one stream for a journey, with the token in the header'],
        [
          'test/widgets/live-changes.test.ts',
          'are two streams a page at most; a third takes the place of one that ends',
        ],
        ['test/widgets/live-changes.test.ts', 'close while the page is hidden, and come back'],
        [
          'test/e2e/built-widgets.test.ts',
          'two connections on one page keep their workspaces, themes and languages apart',
        ],
      ],
    },
  ],
};

export const embeddingPoints: readonly EmbeddingPoint[] = [
  token,
  contract,
  look,
  content,
  accessibility,
  robustness,
].flatMap(({ group, points }) => points.map((point) => ({ group, ...point })));
