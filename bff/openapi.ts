// The OpenAPI document, written from the routes and their schemas.
import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { problems, problemSchema, type ProblemCode } from './contract/index.ts';
import type { Route } from './routes/route.ts';

/** Checks that JSON Schema cannot say are left out of the document; the service makes them all the same. */
function jsonSchemaOf(schema: GenericSchema, typeMode: 'input' | 'output') {
  const { $schema: _, ...rest } = toJsonSchema(schema, { errorMode: 'ignore', typeMode });
  return rest;
}

function parametersOf(route: Route) {
  const names = Array.from(route.path.matchAll(/:(\w+)/g), ([, name = '']) => name);
  const inPath = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  if (!route.query) return inPath;
  const { properties = {}, required = [] } = jsonSchemaOf(route.query, 'input');
  const inQuery = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
  return [...inPath, ...inQuery];
}

const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

function problemAnswers(codes: readonly ProblemCode[]) {
  const byStatus = Map.groupBy(codes, (code) => problems[code].status);
  return Object.fromEntries(
    Array.from(byStatus, ([status, some]) => [
      status,
      {
        description: some.map((code) => `${problems[code].title} (${code})`).join('; '),
        content: problemContent,
      },
    ]),
  );
}

function operationOf(route: Route) {
  const secured: ProblemCode[] = route.access === 'open' ? [] : ['unauthorized', 'forbidden'];
  const refused: ProblemCode[] = [
    'invalid_parameter',
    'unknown_parameter',
    ...secured,
    ...route.problems,
    'unavailable',
  ];
  const answers = Object.entries(route.answers).map(([status, schema]) => [
    status,
    schema
      ? {
          description: route.summary,
          content: { 'application/json': { schema: jsonSchemaOf(schema, 'output') } },
        }
      : { description: status === '304' ? 'Nothing has changed' : route.summary },
  ]);
  const body = route.body && {
    required: true,
    content: Object.fromEntries(
      (route.body.media ?? ['application/json']).map((media) => [
        media,
        { schema: jsonSchemaOf(route.body?.schema ?? problemSchema, 'input') },
      ]),
    ),
  };
  const schemes = {
    open: [],
    write: [{ apiKey: [] }],
    read: [{ apiKey: [] }, { embedToken: [] }],
    export: [{ apiKey: [] }, { embedToken: [] }],
  };
  return {
    summary: route.summary,
    security: [...schemes[route.access], ...(route.acceptsBasic ? [{ apiKeyAsUser: [] }] : [])],
    parameters: parametersOf(route),
    ...(body ? { requestBody: body } : {}),
    responses: { ...problemAnswers([...new Set(refused)]), ...Object.fromEntries(answers) },
  };
}

/** Writes the document (OpenAPI 3.1). */
export function openApiOf(routes: readonly Route[]): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Journey Analytics', version: '1' },
    paths,
    components: {
      schemas: { Problem: jsonSchemaOf(problemSchema, 'output') },
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of a workspace: jk_…' },
        apiKeyAsUser: {
          type: 'http',
          scheme: 'basic',
          description: 'An API key as the user name, with an empty password',
        },
        embedToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A short-lived embed token',
        },
      },
    },
  };
}
