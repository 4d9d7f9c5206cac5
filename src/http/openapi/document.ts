/** Descriptions as one OpenAPI 3.1 document. */
import type { Answer, Body, Call, Description, HeaderName, Operation, Parameter } from "./description.ts";
import { failuresOf } from "./errors.ts";
import { HEADERS, WIRE_NAMES } from "./headers.ts";

type Table = Readonly<Record<string, unknown>>;

export interface DocumentOptions {
  readonly title: string;
  readonly about: string;
  readonly version: string;
}

const KEY = "key";

export function openapiDocument(
  parts: readonly Description[],
  { title, about, version }: DocumentOptions,
): Table {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { name, operations } of parts) {
    for (const operation of operations) {
      paths[operation.path] = {
        ...paths[operation.path],
        [operation.method]: operationObject(operation, name),
      };
    }
  }
  return {
    openapi: "3.1.1",
    info: { title, version, description: about, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    // Where this document was read is where the server is.
    servers: [{ url: "/" }],
    security: [{ [KEY]: [] }],
    tags: parts.map((part) => ({ name: part.name, description: part.about })),
    paths,
    components: {
      securitySchemes: {
        [KEY]: {
          type: "http",
          scheme: "bearer",
          description: "A key that `reelay keys create NAME` has printed.",
        },
      },
      headers: HEADERS,
      schemas: Object.assign({}, ...parts.map(({ schemas }) => schemas)),
    },
  };
}

function operationObject(operation: Operation, tag: string): Table {
  const { id, summary, about, parameters = [], body, calls, open } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(about === undefined ? {} : { description: about }),
    ...(open ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters: parameters.map(parameterObject) } : {}),
    ...(body === undefined ? {} : { requestBody: bodyObject(body) }),
    responses: responses(operation),
    ...(calls === undefined ? {} : { callbacks: mapped(calls, callObject) }),
  };
}

function parameterObject({ name, in: place, about, required, schema, example }: Parameter): Table {
  return {
    name,
    in: place,
    description: about,
    ...(required || place === "path" ? { required: true } : {}),
    schema,
    ...(example === undefined ? {} : { example }),
  };
}

function bodyObject({ about, required, content }: Body): Table {
  return { ...(about === undefined ? {} : { description: about }), required, content };
}

function responses(operation: Operation): Table {
  const good = Object.entries(operation.answers).map(
    ([status, answer]) => [status, answerObject(answer)] as const,
  );
  const bad = [...failuresOf(operation)].map(([status, { about, content }]) => {
    return [
      String(status),
      { description: about, headers: headersObject(failureHeaders(status, operation)), content },
    ] as const;
  });
  return Object.fromEntries([...good, ...bad]);
}

/** Whoever is told how many creates are left is told so in every answer to one. */
function failureHeaders(status: number, { answers }: Operation): readonly HeaderName[] {
  const limits = Object.values(answers)
    .flatMap(({ headers = [] }) => headers)
    .filter((name) => name === "RateLimit" || name === "RateLimitPolicy");
  return [...limits, ...(status === 429 || status === 503 ? (["RetryAfter"] as const) : [])];
}

function answerObject({ about, content, headers = [], links }: Answer): Table {
  return {
    description: about,
    headers: headersObject(headers),
    ...(content === undefined ? {} : { content }),
    ...(links === undefined ? {} : { links: linksObject(links) }),
  };
}

function headersObject(names: readonly HeaderName[]): Table {
  const all = new Set(["RequestId" as const, ...names]);
  return Object.fromEntries(
    [...all].map((name) => [WIRE_NAMES[name], { $ref: `#/components/headers/${name}` }]),
  );
}

function linksObject(links: NonNullable<Answer["links"]>): Table {
  return Object.fromEntries(
    // A link's name may not have every character that an id may.
    Object.entries(links).map(([operationId, parameters]) => [operationId, { operationId, parameters }]),
  );
}

function callObject({ to, summary, about, schema, headers }: Call): Table {
  return {
    [to]: {
      post: {
        summary,
        description: about,
        security: [],
        parameters: headers.map(parameterObject),
        requestBody: { required: true, content: { "application/json": { schema } } },
        responses: { "2XX": { description: "Taken; it is not sent again." } },
      },
    },
  };
}

function mapped<T>(table: Readonly<Record<string, T>>, change: (value: T) => unknown): Table {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, change(value)]));
}
