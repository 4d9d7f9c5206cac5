/** Ways through an OpenAPI document. */
export interface Described {
  readonly method: string;
  readonly path: string;
  readonly operation: OperationObject;
}

interface OperationObject {
  readonly operationId: string;
  readonly summary: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly ParameterObject[];
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaObject>> };
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

interface ParameterObject {
  readonly name: string;
  readonly in: string;
  readonly schema: object;
  readonly example?: unknown;
}

export interface MediaObject {
  readonly schema: object;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface ResponseObject {
  readonly headers: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, MediaObject>>;
  readonly links?: Readonly<Record<string, { readonly operationId: string; readonly parameters: object }>>;
}

export interface OpenapiDocument {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly headers: Readonly<Record<string, { readonly schema: object; readonly example: unknown }>>;
  };
}

export function operationsOf({ paths }: OpenapiDocument): readonly Described[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

/** Every object in it, however deep. */
export function* objectsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Readonly<Record<string, unknown>>;
  for (const part of Object.values(value)) yield* objectsIn(part);
}

/** What a `$ref` of this document points at; undefined where nothing is there. */
export function resolve(document: OpenapiDocument, pointer: string): unknown {
  const parts = pointer.replace(/^#\//, "").split("/");
  return parts.reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
}
