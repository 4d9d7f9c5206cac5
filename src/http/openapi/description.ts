/**
 * What a part of the server tells about itself, from which its OpenAPI document is made. Names of schemas and operations
 * begin with the part's own name and a dot, so that all parts fit into one document.
 */
import type { ErrorCode } from "../../core/errors.ts";
import type { RenderError } from "../dialect.ts";

/** JSON Schema 2020-12, whose keywords we do not type again. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Description {
  /** The name of the part, which is also the tag of its operations. */
  readonly name: string;
  readonly title: string;
  /** Markdown. */
  readonly about: string;
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly operations: readonly Operation[];
}

export interface Operation {
  readonly id: string;
  readonly method: "get" | "post" | "delete";
  /** With `{id}` for what varies. */
  readonly path: string;
  /** For people, one line. */
  readonly summary: string;
  /** Markdown. */
  readonly about?: string;
  /** Needs no key. */
  readonly open?: true;
  readonly parameters?: readonly Parameter[];
  readonly body?: Body;
  /** What it answers where all is well, by status. */
  readonly answers: Readonly<Record<string, Answer>>;
  /** What can go wrong, as our own errors: status, body and example are what `rendered` makes of each. */
  readonly errors: readonly ErrorCode[];
  readonly rendered: Rendered;
  /** Calls that we make to the client because of it. */
  readonly calls?: Readonly<Record<string, Call>>;
}

/** How errors look: what renders them, and the schema that the result fits. */
export interface Rendered {
  readonly render: RenderError;
  readonly schema: JsonSchema;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly about: string;
  readonly required?: true;
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

export interface Body {
  readonly about?: string;
  /** A create without a body is refused, a cancel is not. */
  readonly required: boolean;
  readonly content: Readonly<Record<string, Content>>;
}

export interface Content {
  readonly schema: JsonSchema;
  readonly examples?: Readonly<Record<string, { readonly summary?: string; readonly value: unknown }>>;
}

export interface Answer {
  readonly about: string;
  /** By content type; left out where there is no body. */
  readonly content?: Readonly<Record<string, Content>>;
  /** Besides the ones that every answer has. */
  readonly headers?: readonly HeaderName[];
  /** What of it leads on: operation id -> its parameters, as runtime expressions of OpenAPI. */
  readonly links?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Call {
  /** Where it goes, as a runtime expression. */
  readonly to: string;
  readonly summary: string;
  readonly about: string;
  readonly schema: JsonSchema;
  readonly headers: readonly Parameter[];
}

/** Headers of answers, described once in document.ts. */
export type HeaderName =
  | "RetryAfter"
  | "RateLimit"
  | "RateLimitPolicy"
  | "IdempotentReplayed"
  | "PreferenceApplied"
  | "ETag";

/** A schema of the same document by its name. */
export function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

/** An object of which every property is there unless it is named in `optional`. */
export function object(
  properties: Readonly<Record<string, JsonSchema>>,
  { optional = [], about }: { readonly optional?: readonly string[]; readonly about?: string } = {},
): JsonSchema {
  return {
    type: "object",
    ...(about === undefined ? {} : { description: about }),
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    properties,
  };
}

export function orNull(schema: JsonSchema): JsonSchema {
  return { oneOf: [schema, { type: "null" }] };
}

/** A body of one content type, most often JSON. */
export function json(schema: JsonSchema, examples?: Content["examples"]): Record<string, Content> {
  return { "application/json": { schema, ...(examples === undefined ? {} : { examples }) } };
}
