/** What a server promises, read from its own OpenAPI document: operations, and whether a value fits a schema. */
import Ajv, { type ValidateFunction } from "ajv/dist/2020.js";

export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Answer {
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
  readonly links?: Readonly<Record<string, Link>>;
}

interface Link {
  readonly operationId: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Operation {
  readonly id: string;
  /** The part of the server that it is of: a dialect, most often. */
  readonly tag: string;
  readonly method: string;
  readonly path: string;
  /** Needs no key. */
  readonly open: boolean;
  readonly parameters: readonly Parameter[];
  readonly body:
    | { readonly required: boolean; readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
    | undefined;
  readonly answers: Readonly<Record<string, Answer>>;
}

export interface Contract {
  readonly operations: readonly Operation[];
  /** The schema that a `$ref` names; another schema as it is. */
  resolve(schema: Schema): Schema;
  /** As a client's value: what the schema takes. */
  fits(schema: Schema, value: unknown): boolean;
  /** As an answer: also, every property that is there is described. What is wrong, or undefined. */
  fault(schema: Schema, value: unknown): string | undefined;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
}

interface RawOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Operation["body"];
  readonly responses: Operation["answers"];
}

export async function readContract(url: string): Promise<Contract> {
  const response = await fetch(`${url}/openapi.json`);
  if (!response.ok) throw new Error(`/openapi.json answered ${response.status}`);
  const document = (await response.json()) as Document;
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, raw]) => toOperation(method, path, raw)),
  );
  const takes = openJudge(document);
  const gives = openJudge(closed(document) as Document);
  return {
    operations,
    resolve: (schema) => (typeof schema.$ref === "string" ? pointed(document, schema.$ref) : schema),
    fits: (schema, value) => takes(schema)(value),
    fault(schema, value) {
      const judge = gives(closed(schema) as Schema);
      if (judge(value)) return undefined;
      const [first] = judge.errors ?? [];
      return `${first?.instancePath || "the body"} ${first?.message ?? ""} ${JSON.stringify(first?.params ?? {})}`;
    },
  };
}

function toOperation(method: string, path: string, raw: RawOperation): Operation {
  return {
    id: raw.operationId,
    tag: raw.tags[0] ?? "",
    method: method.toUpperCase(),
    path,
    open: raw.security?.length === 0,
    parameters: raw.parameters ?? [],
    body: raw.requestBody,
    answers: raw.responses,
  };
}

function pointed(document: Document, pointer: string): Schema {
  const parts = pointer.slice(2).split("/");
  return parts.reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], document) as Schema;
}

/** Compiles each schema once. */
function openJudge(document: Document): (schema: Schema) => ValidateFunction {
  const ajv = new Ajv.default({
    strict: false,
    validateFormats: false,
    validateSchema: false,
  });
  ajv.addSchema({ ...document, $id: "doc:" });
  const compiled = new Map<string, ValidateFunction>();
  return (schema) => {
    const text = JSON.stringify(schema);
    const known = compiled.get(text);
    if (known) return known;
    const judge = ajv.compile(JSON.parse(text.replaceAll('"$ref":"#/', '"$ref":"doc:#/')));
    compiled.set(text, judge);
    return judge;
  };
}

/** Objects that name their properties take no others, unless they say so. */
function closed(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(closed);
  const parts = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, closed(part)]));
  const names = parts.type === "object" && "properties" in parts && !("additionalProperties" in parts);
  return names ? { ...parts, additionalProperties: false } : parts;
}
