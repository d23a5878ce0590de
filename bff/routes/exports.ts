// Routes of exports and audiences: files, one-time links, how an export is going, the audit trail.
import { hash, randomBytes, randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import * as v from 'valibot';
import { inWorkspace, withTicketHash } from '../../db/client.ts';
import {
  insertExport,
  selectExport,
  selectExports,
  selectTicket,
  takeExport,
} from '../../db/queries/exports.ts';
import { credentialOf, requireJourney, type Caller } from '../auth/caller.ts';
import { isInUse } from '../auth/credentials.ts';
import {
  audienceAnswerSchema,
  audienceExportQuerySchema,
  audienceSchema,
  emptyQuerySchema,
  exportLinkSchema,
  exportListSchema,
  exportListQuerySchema,
  exportQuerySchema,
  exportStateSchema,
  parseDate,
  rangeQuerySchema,
} from '../contract/index.ts';
import { describeError } from '../describe-error.ts';
import { countAudience, fileHeader, tableOf, type ExportRequest } from '../exports/exported.ts';
import { openExport, requireRows } from '../exports/stream-export.ts';
import { Failure } from '../failure.ts';
import { readJson } from '../middleware/read-body.ts';
import { readQuery } from '../middleware/read-query.ts';
import { openReading } from '../metrics/read-journey.ts';
import { pathParameter, type Route, type Services } from './route.ts';

const audienceBytes = 100_000;
/** How long a link may wait to be fetched. */
const linkSeconds = 60;

const media = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

const hashOfTicket = (ticket: string) => hash('sha256', ticket, 'hex');
const uuid = v.pipe(v.string(), v.uuid());

/** Whether an export is the caller's: a subject's, whoever's word its token was, or the key's own. */
const isOwn = (exported: Pick<Caller, 'credentialId' | 'subject'>, { credentialId, subject }: Caller) =>
  exported.subject === subject && (subject !== null || exported.credentialId === credentialId);

/** The export that a request for a metric asks for. */
function metricRequest(context: Context, caller: Caller): ExportRequest {
  const journeyId = pathParameter(context, 'journeyId');
  requireJourney(caller, journeyId);
  const { bom, ...query } = readQuery(context, exportQuerySchema);
  return { journeyId, ...query, bom: bom !== 'false', metric: pathParameter(context, 'metric') };
}

/** The export that a request for an audience asks for. */
async function audienceRequest(context: Context, caller: Caller): Promise<ExportRequest> {
  const journeyId = pathParameter(context, 'journeyId');
  requireJourney(caller, journeyId);
  const { bom, ...query } = readQuery(context, audienceExportQuerySchema);
  const { where } = await readJson(context, audienceSchema, audienceBytes);
  return { journeyId, ...query, bom: bom !== 'false', audience: where };
}

type Exporter = Pick<Caller, 'workspaceId' | 'credentialId' | 'subject'>;

const headersOf = ({ format }: ExportRequest, rows: number, contentDisposition: string) => ({
  'Content-Type': media[format],
  'Content-Disposition': contentDisposition,
  'X-Row-Count': String(rows),
  'Cache-Control': 'no-store',
  Vary: 'Authorization, Origin',
});

/** Streams an export as the answer, in a slot that is given back when it has ended. */
async function stream(
  context: Context,
  { database, numbers: cache, logger, instruments }: Services,
  exporter: Exporter,
  request: ExportRequest,
  release: () => void,
  taken: string | null,
): Promise<Response> {
  const { workspaceId, credentialId, subject } = exporter;
  const exportId = taken ?? randomUUID();
  const { journeyId, format } = request;
  const { rows, contentDisposition, body } = await openExport(
    { database, cache, workspaceId },
    request,
    { exportId, credentialId, subject, journeyId, request, format },
    {
      isTaken: taken !== null,
      settled(ending) {
        release();
        if (ending !== 'refused') instruments.exported(format, ending);
      },
      broken(error) {
        if (!(error instanceof Failure))
          logger.warn({ exportId, ...describeError(error) }, 'an export was broken off');
      },
    },
  );
  return context.body(body, 200, headersOf(request, rows, contentDisposition));
}

/** Streams an export to a caller, unless too many run already. */
function streamTo(
  context: Context,
  services: Services,
  caller: Caller,
  request: ExportRequest,
): Promise<Response> {
  return stream(context, services, caller, request, services.exportSlots.take(credentialOf(caller)), null);
}

/** What is known of a file without making it. */
function headOf(
  { database, numbers: cache }: Services,
  { workspaceId }: Caller,
  request: ExportRequest,
): Promise<{ rows: number; contentDisposition: string }> {
  return inWorkspace(
    database,
    workspaceId,
    async (tx) => {
      const reading = await openReading(tx, { cache, workspaceId }, request.journeyId);
      const table = await tableOf(reading, request);
      requireRows(table);
      return { rows: table.rowCount, contentDisposition: fileHeader(reading, request) };
    },
    { snapshot: true },
  );
}

/** Makes a one-time link to an export, which has its rows by then. */
async function link(
  context: Context,
  services: Services,
  caller: Caller,
  request: ExportRequest,
): Promise<Response> {
  const { database } = services;
  const { workspaceId, credentialId, subject } = caller;
  const { journeyId, format } = request;
  const { rows } = await headOf(services, caller, request);
  const ticket = randomBytes(24).toString('base64url');
  const exportId = randomUUID();
  const record = { exportId, credentialId, subject, journeyId, request, format, rows };
  const { expiresAt } = await inWorkspace(database, workspaceId, (tx) =>
    insertExport(tx, workspaceId, record, { hash: hashOfTicket(ticket), seconds: linkSeconds }),
  );
  context.header('Cache-Control', 'no-store');
  return context.json({ url: `/v1/downloads/${ticket}`, expiresAt, exportId, rows }, 201);
}

const file = { 200: null } as const;
const exportProblems = ['not_found', 'nothing_to_export', 'too_many_requests'] as const;
const bodyProblems = [
  'invalid_body',
  'payload_too_large',
  'unsupported_media_type',
  'validation_failed',
] as const;

const metricExport: Route = {
  method: 'get',
  path: '/v1/journeys/:journeyId/exports/:metric',
  summary: 'The users behind a metric, as a file',
  access: 'export',
  query: exportQuerySchema,
  answers: file,
  problems: exportProblems,
  async handle(context, services, caller) {
    const request = metricRequest(context, caller);
    if (context.req.method !== 'HEAD') return streamTo(context, services, caller, request);
    // Nobody would read a body, so none is made and nothing leaves for the audit trail to tell.
    const { rows, contentDisposition } = await headOf(services, caller, request);
    return context.body(null, 200, headersOf(request, rows, contentDisposition));
  },
};

const metricLink: Route = {
  method: 'post',
  path: '/v1/journeys/:journeyId/exports/:metric/link',
  summary: 'A one-time link to the users behind a metric',
  access: 'export',
  query: exportQuerySchema,
  answers: { 201: exportLinkSchema },
  problems: exportProblems,
  handle: (context, services, caller) => link(context, services, caller, metricRequest(context, caller)),
};

const audience: Route = {
  method: 'post',
  path: '/v1/journeys/:journeyId/audience',
  summary: 'Count a combination of metrics as one set of users',
  access: 'read',
  query: rangeQuerySchema,
  body: { schema: audienceSchema },
  answers: { 200: audienceAnswerSchema },
  problems: ['not_found', ...bodyProblems],
  async handle(context, { database, numbers: cache }, caller) {
    const { workspaceId } = caller;
    const journeyId = pathParameter(context, 'journeyId');
    requireJourney(caller, journeyId);
    const range = readQuery(context, rangeQuerySchema);
    const { where } = await readJson(context, audienceSchema, audienceBytes);
    const answer = await inWorkspace(
      database,
      workspaceId,
      async (tx) => {
        const reading = await openReading(tx, { cache, workspaceId }, journeyId);
        const { asOf, pendingEvents } = reading.state;
        return { users: await countAudience(reading, where, range), asOf, pendingEvents };
      },
      { snapshot: true },
    );
    context.header('Cache-Control', 'no-store');
    return context.json(answer);
  },
};

const audienceExport: Route = {
  method: 'post',
  path: '/v1/journeys/:journeyId/audience/export',
  summary: 'The users of an audience, as a file',
  access: 'export',
  query: audienceExportQuerySchema,
  body: { schema: audienceSchema },
  answers: file,
  problems: [...exportProblems, ...bodyProblems],
  handle: async (context, services, caller) =>
    streamTo(context, services, caller, await audienceRequest(context, caller)),
};

const audienceLink: Route = {
  method: 'post',
  path: '/v1/journeys/:journeyId/audience/link',
  summary: 'A one-time link to the users of an audience',
  access: 'export',
  query: audienceExportQuerySchema,
  body: { schema: audienceSchema },
  answers: { 201: exportLinkSchema },
  problems: [...exportProblems, ...bodyProblems],
  handle: async (context, services, caller) =>
    link(context, services, caller, await audienceRequest(context, caller)),
};

const download: Route = {
  method: 'get',
  path: '/v1/downloads/:ticket',
  summary: 'The file of a one-time link',
  access: 'open',
  query: emptyQuerySchema,
  answers: file,
  problems: ['not_found', 'link_used', 'too_many_requests'],
  async handle(context, services) {
    readQuery(context, emptyQuerySchema);
    const { database } = services;
    const ticket = hashOfTicket(pathParameter(context, 'ticket'));
    const known = await withTicketHash(database, ticket, (tx) => selectTicket(tx, ticket));
    if (!known) throw new Failure('not_found', 'There is no such link.');
    if (!known.isOpen) throw new Failure('link_used');
    if (context.req.method === 'HEAD') return context.body(null, 200, { 'Cache-Control': 'no-store' });
    if (!(await isInUse(database, known.credentialId))) throw new Failure('link_used');
    // The slot comes first, so that a link is not used up when there is none.
    const release = services.exportSlots.take(credentialOf(known));
    const taken = await withTicketHash(database, ticket, (tx) => takeExport(tx, ticket)).catch(
      (error: unknown) => {
        release();
        throw error;
      },
    );
    if (!taken) {
      release();
      throw new Failure('link_used');
    }
    // Only what metricRequest and audienceRequest have parsed is ever stored.
    return stream(context, services, taken, taken.request as ExportRequest, release, taken.exportId);
  },
};

const exportState: Route = {
  method: 'get',
  path: '/v1/exports/:exportId',
  summary: 'How an export is going',
  access: 'export',
  query: emptyQuerySchema,
  answers: { 200: exportStateSchema },
  problems: ['not_found'],
  async handle(context, { database }, caller) {
    readQuery(context, emptyQuerySchema);
    const exportId = pathParameter(context, 'exportId');
    const { workspaceId } = caller;
    const found = v.is(uuid, exportId)
      ? await inWorkspace(database, workspaceId, (tx) => selectExport(tx, workspaceId, exportId))
      : undefined;
    if (!found || !isOwn(found, caller)) {
      throw new Failure('not_found', 'There is no such export.');
    }
    const { state, rows, rowsSent } = found;
    context.header('Cache-Control', 'no-store');
    return context.json({ state, rows, rowsSent });
  },
};

/** A day that there is: of others the database would say that they are none. */
const isDate = (text: string) => parseDate(text.slice(0, 10)) !== undefined;
/** As the list writes it. Of offsets there are some that the database does not take. */
const cursorTime = v.pipe(v.string(), v.isoTimestamp(), v.endsWith('Z'), v.check(isDate));
const cursorSchema = v.pipe(
  v.string(),
  v.transform((text) => Buffer.from(text, 'base64url').toString('utf8').split(' ')),
  v.tuple([cursorTime, uuid]),
);

const exportList: Route = {
  method: 'get',
  path: '/v1/exports',
  summary: 'The audit trail of exports, newest first',
  access: 'write',
  query: exportListQuerySchema,
  answers: { 200: exportListSchema },
  problems: [],
  async handle(context, { database }, { workspaceId }) {
    const { cursor, limit } = readQuery(context, exportListQuerySchema);
    const place = cursor === undefined ? undefined : v.safeParse(cursorSchema, cursor);
    if (place && !place.success) {
      throw new Failure('invalid_parameter', 'The cursor is not one of an answer.', [
        { path: 'cursor', message: 'must be the nextCursor of an answer' },
      ]);
    }
    const after = place ? { createdAt: place.output[0], exportId: place.output[1] } : null;
    const rows = await inWorkspace(database, workspaceId, (tx) =>
      selectExports(tx, workspaceId, { after, limit: limit + 1 }),
    );
    const exports = rows.slice(0, limit);
    const last = rows.length > limit ? exports.at(-1) : undefined;
    const nextCursor = last ? Buffer.from(`${last.createdAt} ${last.exportId}`).toString('base64url') : null;
    return context.json({ exports, nextCursor });
  },
};

export const exportRoutes: readonly Route[] = [
  metricExport,
  metricLink,
  audience,
  audienceExport,
  audienceLink,
  download,
  exportState,
  exportList,
];
