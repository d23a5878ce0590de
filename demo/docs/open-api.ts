// The OpenAPI document, as the service serves it, and the shapes in it as texts.
import { openApiOf } from '../../bff/openapi.ts';
import { changesRoute } from '../../bff/routes/changes.ts';
import { exportRoutes } from '../../bff/routes/exports.ts';
import { operationRoutes } from '../../bff/routes/operation.ts';
import { readingRoutes } from '../../bff/routes/reading.ts';
import { postSegmentBatch } from '../../bff/routes/segment.ts';
import { writingRoutes } from '../../bff/routes/writing.ts';

/** A JSON Schema, as far as the document uses it. */
export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly prefixItems?: readonly Schema[];
  readonly $ref?: string;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: Schema & { readonly default?: unknown };
}

export interface Operation {
  readonly summary: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** The document, of the routes in the order in which the service has them. */
export function openApi(): OpenApi {
  const contract = [...writingRoutes, postSegmentBatch, ...readingRoutes, changesRoute, ...exportRoutes];
  // The document is plain JSON of this shape, which a test holds against the one that is served.
  return openApiOf([...contract, ...operationRoutes(contract, undefined)]) as unknown as OpenApi;
}

const isPlainName = (name: string) => /^[A-Za-z_]\w*$/.test(name);

function objectText(schema: Schema, indent: string): string {
  const inner = `${indent}  `;
  const lines = Object.entries(schema.properties ?? {}).map(([name, part]) => {
    const optional = schema.required?.includes(name) ? '' : '?';
    const key = isPlainName(name) ? name : JSON.stringify(name);
    return `${inner}${key}${optional}: ${shapeText(part, inner)}`;
  });
  if (typeof schema.additionalProperties === 'object') {
    lines.push(`${inner}[name]: ${shapeText(schema.additionalProperties, inner)}`);
  }
  return lines.length === 0 ? 'object' : `{\n${lines.join(',\n')}\n${indent}}`;
}

/** A schema as a text: JSON with types in the places of values, and `?` at what may be absent. */
export function shapeText(schema: Schema, indent = ''): string {
  if (schema.$ref !== undefined) return schema.$ref.replace(/^.*\//, '');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map((choice) => shapeText(choice, indent)))].join(' | ');
  if (schema.type === 'array') {
    if (schema.prefixItems)
      return `[${schema.prefixItems.map((item) => shapeText(item, indent)).join(', ')}]`;
    return `[${schema.items ? shapeText(schema.items, indent) : 'any'}]`;
  }
  if (schema.type === 'object') return objectText(schema, indent);
  return schema.type ?? 'any';
}
