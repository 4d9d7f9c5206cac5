/** A request's body, JSON or a form, as one: its fields by name, and the file that came with it. */
import type { FastifyRequest } from "fastify";
import { ReelayError } from "../../../core/errors.ts";
import type { Json, JsonObject } from "../../../core/json.ts";
import type { KeyRecord } from "../../../core/store.ts";
import type { Gateway, UploadView } from "../../../tasks/gateway.ts";
import { readForm } from "../../form.ts";
import { invalidField } from "./errors.ts";

export interface Body {
  readonly fields: JsonObject;
  /** Every value is text, for it came in a form. */
  readonly form: boolean;
}

interface Reading {
  readonly gateway: Pick<Gateway, "upload">;
  readonly key: KeyRecord;
  /** The only field that may be a file. */
  readonly fileField: string | null;
  /** Told all the rest before a file is kept: a request that is refused for it leaves nothing behind. */
  readonly check: (body: Body, hasFile: boolean) => void;
}

/** A picture of 20 MiB in base64, as a data: URL, and the rest of the request. */
export const MOST_TEXT = 29 * 1024 * 1024;

/** What `@fastify/multipart` is registered with. */
export const FORM_LIMITS = {
  files: 1,
  fields: 100,
  fieldSize: MOST_TEXT,
  fileSize: Number.POSITIVE_INFINITY,
};

/** `upload` is the file, kept for this key; where the request then fails, it is for the caller to drop. */
export async function readBody(
  request: FastifyRequest,
  { gateway, key, fileField, check }: Reading,
): Promise<Body & { readonly upload: UploadView | null }> {
  if (!request.isMultipart()) {
    const body = { fields: objectOf(request.body), form: false };
    check(body, false);
    return { ...body, upload: null };
  }
  const form = readForm(request, MOST_TEXT);
  try {
    const file = await form.nextFile();
    if (file === undefined) {
      const body = { fields: fieldsOf(form.fields), form: true };
      check(body, false);
      return { ...body, upload: null };
    }
    if (file.field !== fileField) throw noFile(file.field, fileField);
    let fields: JsonObject = {};
    const upload = await gateway.upload({
      key,
      source: file.bytes,
      form: async () => {
        await form.nextFile();
        fields = fieldsOf(form.fields);
        check({ fields, form: true }, true);
        return { name: file.filename, autoCleanup: true };
      },
    });
    return { fields, form: true, upload };
  } catch (error) {
    form.drain();
    throw error;
  }
}

function objectOf(body: unknown): JsonObject {
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as JsonObject;
  throw new ReelayError(
    "malformed_request",
    "The body is neither a JSON object nor a form (multipart/form-data).",
  );
}

function noFile(field: string, wanted: string | null): ReelayError {
  const name = JSON.stringify(field.slice(0, 80));
  const remedy =
    wanted === null
      ? "this request takes none"
      : `the file goes into "${wanted}"; others are sent as links, by the names of the model's parameters`;
  return invalidField(field.slice(0, 80), `${name} is a file, and ${remedy}.`);
}

/** `a[b]` is the field b of a, `a[]` an item of the list a, and a name that comes twice is a list as well. */
export function fieldsOf(pairs: readonly (readonly [name: string, text: string])[]): JsonObject {
  const fields = new Map<string, Json>();
  for (const [written, text] of pairs) {
    const [, name = written, inner] = /^([^[\]]+)\[([^[\]]*)\]$/.exec(written) ?? [];
    const before = fields.get(name);
    if (inner === undefined) {
      fields.set(name, before === undefined ? text : [...listOf(before), text]);
    } else if (inner === "") {
      fields.set(name, [...(before === undefined ? [] : listOf(before)), text]);
    } else {
      const more = typeof before === "object" && !Array.isArray(before) ? before : {};
      fields.set(name, Object.fromEntries([...Object.entries(more ?? {}), [inner, text]]));
    }
  }
  return Object.fromEntries(fields);
}

function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}
