// The OpenAPI document: valid in its shape, names every route, and says of each what the service does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as v from 'valibot';
import { problems } from '../../bff/contract/index.ts';
import { definition } from '../support/sample-journey.ts';
import { startTestService, type TestService } from '../support/test-service.ts';

let service: TestService;
before(async () => {
  service = await startTestService();
});
after(() => service.stop());

const jsonSchema = v.record(v.string(), v.unknown());
const content = v.record(v.string(), v.strictObject({ schema: jsonSchema }));
const operation = v.strictObject({
  summary: v.pipe(v.string(), v.minLength(5)),
  security: v.array(v.record(v.picklist(['apiKey', 'apiKeyAsUser', 'embedToken']), v.array(v.never()))),
  parameters: v.array(
    v.strictObject({
      name: v.pipe(v.string(), v.minLength(1)),
      in: v.picklist(['path', 'query']),
      required: v.boolean(),
      schema: jsonSchema,
    }),
  ),
  requestBody: v.optional(v.strictObject({ required: v.boolean(), content })),
  responses: v.record(
    v.pipe(v.string(), v.regex(/^[1-5]\d\d$/)),
    v.looseObject({ description: v.pipe(v.string(), v.minLength(5)), content: v.optional(content) }),
  ),
});
const documentSchema = v.strictObject({
  openapi: v.pipe(v.string(), v.regex(/^3\.1\.\d$/)),
  info: v.looseObject({ title: v.string(), version: v.string() }),
  paths: v.record(
    v.pipe(v.string(), v.startsWith('/')),
    v.record(v.picklist(['get', 'put', 'post', 'delete']), operation),
  ),
  components: v.strictObject({
    schemas: v.record(v.string(), jsonSchema),
    securitySchemes: v.record(v.string(), jsonSchema),
  }),
});

async function readDocument() {
  const answer = await service.nobody.get('/v1/openapi.json');
  assert.equal(answer.status, 200);
  assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
  return answer.as(documentSchema);
}

test('has the shape of OpenAPI 3.1', async () => {
  const { paths, components } = await readDocument();
  assert.deepEqual(Object.keys(components.securitySchemes).toSorted(), [
    'apiKey',
    'apiKeyAsUser',
    'embedToken',
  ]);
  for (const [path, methods] of Object.entries(paths)) {
    const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name);
    for (const [method, { parameters, responses, requestBody }] of Object.entries(methods)) {
      const label = `${method} ${path}`;
      const named = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
      assert.deepEqual(named, inPath, label);
      const all = parameters.map(({ name }) => name);
      assert.equal(new Set(all).size, all.length, label);
      assert.ok(parameters.every((each) => each.in === 'query' || each.required));
      assert.ok(
        Object.keys(responses).some((status) => /^[23]/.test(status)),
        label,
      );
      if (method === 'get' || method === 'delete') assert.equal(requestBody, undefined, label);
    }
  }
});

test('refers only to what it holds', async () => {
  const document = await readDocument();
  const refer = (value: unknown): string[] => {
    if (Array.isArray(value)) return value.flatMap(refer);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, each]) =>
      key === '$ref' && typeof each === 'string' ? [each] : refer(each),
    );
  };
  const references = new Set(refer(document));
  assert.ok(references.has('#/components/schemas/Problem'));
  for (const reference of references) {
    const place = reference
      .split('/')
      .slice(1)
      .reduce<unknown>(
        (value, key) =>
          typeof value === 'object' && value !== null
            ? Object.entries(value).find(([name]) => name === key)?.[1]
            : undefined,
        document,
      );
    assert.notEqual(place, undefined, reference);
  }
});

test('names every route of the contract', async () => {
  const { paths } = await readDocument();
  const named = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  for (const route of [
    'put /v1/journeys/{journeyId}',
    'get /v1/journeys',
    'get /v1/journeys/{journeyId}',
    'delete /v1/journeys/{journeyId}',
    'post /v1/events',
    'post /v1/batch',
    'delete /v1/users/{userId}',
    'post /v1/embed-tokens',
    'get /v1/journeys/{journeyId}/overview',
    'get /v1/journeys/{journeyId}/flow',
    'get /v1/journeys/{journeyId}/steps/{stepId}',
    'get /v1/journeys/{journeyId}/trend',
    'get /v1/journeys/{journeyId}/changes',
    'post /v1/journeys/{journeyId}/audit',
    'get /v1/openapi.json',
    'get /health/live',
    'get /health/ready',
  ]) {
    assert.ok(named.includes(route), `${route} is missing`);
  }
});

test('every status the service answers is one it names, for each route', async () => {
  const { paths } = await readDocument();
  const { api } = await service.workspace('workspace-a');
  await api.put('/v1/journeys/welcome', definition);
  for (const [path, methods] of Object.entries(paths)) {
    if (path.endsWith('/changes')) continue; // it goes on for ever
    for (const [method, { responses, security }] of Object.entries(methods)) {
      const place = path.replace('{journeyId}', 'other').replaceAll(/\{\w+\}/g, 'start');
      const sendings = [
        { query: { nothing: '1' } },
        { json: {} },
        { json: 'x' },
        { bytes: '{' },
        { bytes: 'x', headers: { 'content-type': 'text/plain' } },
        { credential: null },
        { json: definition, query: { rebuild: 'true' } },
      ];
      for (const sending of sendings) {
        const { status } = await api.call(method.toUpperCase(), place, sending);
        if (security.length === 0 && status === 200) continue;
        assert.ok(Object.hasOwn(responses, String(status)), `${method} ${path} answered ${status}`);
      }
    }
  }
});

test('problems are from the closed list', async () => {
  const { components } = await readDocument();
  const { properties } = v.parse(
    v.object({ properties: v.object({ code: v.object({ enum: v.array(v.string()) }) }) }),
    components.schemas['Problem'],
  );
  assert.deepEqual(properties.code.enum, Object.keys(problems));
});
