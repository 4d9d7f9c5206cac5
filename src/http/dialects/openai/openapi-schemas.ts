/** The shapes of wire.ts, errors.ts and reference.ts as schemas. */
import { ERRORS, type ErrorCode } from "../../../core/errors.ts";
import { type JsonSchema, object, orNull, type Rendered, ref } from "../../openapi/description.ts";
import { valuesOf } from "../../openapi/errors.ts";
import { URL_SCHEMA } from "../../openapi/field-schema.ts";
import { renderError, taskErrorCode } from "./errors.ts";
import { DIALECT } from "./wire.ts";

export const name = (what: string): string => `${DIALECT}.${what}`;
export const own = (what: string): JsonSchema => ref(name(what));

export const rendered: Rendered = { render: renderError, schema: own("Error") };
/** Before anything is looked at: who asks, how often a wrong key was tried, and a mistake of ours. */
export const ALWAYS: readonly ErrorCode[] = ["unauthenticated", "rate_limited", "bug"];

const text: JsonSchema = { type: "string" };
const flag: JsonSchema = { type: "boolean" };
const list = (items: JsonSchema): JsonSchema => ({ type: "array", items });
const one = (value: string): JsonSchema => ({ type: "string", const: value });
const textOrNull: JsonSchema = { type: ["string", "null"] };
const UNIX: JsonSchema = { type: "integer", description: "Unix seconds." };
const UNIX_OR_NULL: JsonSchema = { type: ["integer", "null"], description: "Unix seconds." };

export const CALLBACK: JsonSchema = {
  type: ["string", "null"],
  format: "uri",
  maxLength: 2048,
  description: "Called once the video has ended, with an event as its body. https, on the public internet.",
};

/** Of a picture: where it is, or what it is. */
export const REFERENCE_SCHEMA: JsonSchema = {
  description: "What the video starts from: a link, the bytes themselves, or an upload of the same key.",
  oneOf: [
    { type: "null" },
    {
      ...object({
        image_url: {
          anyOf: [
            URL_SCHEMA,
            {
              type: "string",
              contentEncoding: "base64",
              contentMediaType: "image/*",
              // They are kept as an upload first, whose shape then has a say in the size.
              "x-made": true,
              pattern: "^data:[\\w.+/-]{0,100};base64,[A-Za-z0-9+/]+={0,2}$",
            },
          ],
        },
      }),
      additionalProperties: false,
    },
    { ...object({ file_id: { type: "string", minLength: 1, "x-made": true } }), additionalProperties: false },
  ],
};

export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  [name("Video")]: object({
    id: { type: "string", pattern: "^video_[0-9a-z]+$" },
    object: one("video"),
    model: { ...text, description: "The model that really works, whatever name the request had for it." },
    status: { type: "string", enum: ["queued", "in_progress", "completed", "failed"] },
    progress: { type: "integer", minimum: 0, maximum: 100 },
    created_at: UNIX,
    completed_at: UNIX_OR_NULL,
    expires_at: { ...UNIX_OR_NULL, description: "Until when it is kept; null while it runs." },
    size: {
      ...text,
      description:
        "As asked until it is completed, then as measured; a resolution's name where a picture that we do not hold decides.",
    },
    seconds: {
      ...text,
      description:
        "As `size`; empty where the model has left the catalogue since and there is no video to measure.",
    },
    prompt: textOrNull,
    remixed_from_video_id: textOrNull,
    error: orNull(own("VideoError")),
    notes: {
      ...list(object({ field: text, message: text })),
      description: "What was asked and does not show.",
    },
    billing: object({
      state: { type: "string", enum: ["free", "held", "charged", "released", "unknown"] },
      credits: { type: "number", minimum: 0, description: "One is a US cent." },
    }),
  }),
  [name("VideoError")]: object({
    code: {
      type: "string",
      enum: [...new Set((Object.keys(ERRORS) as ErrorCode[]).map(taskErrorCode))].sort(),
    },
    message: text,
    param: textOrNull,
    retryable: flag,
    billed: { enum: [false, "unknown"] },
  }),
  [name("VideoList")]: object({
    object: one("list"),
    data: list(own("Video")),
    first_id: textOrNull,
    last_id: { ...textOrNull, description: "The `after` of the next page." },
    has_more: flag,
  }),
  [name("Deleted")]: object({
    id: text,
    deleted: { type: "boolean", const: true },
    object: one("video.deleted"),
  }),
  [name("Event")]: object({
    id: text,
    object: one("event"),
    created_at: UNIX,
    type: { type: "string", enum: ["video.completed", "video.failed"] },
    data: own("Video"),
  }),
  [name("Error")]: object({
    error: object(
      {
        message: { ...text, description: "What is wrong and what would be right." },
        type: valuesOf(renderError, (body) => errorOf(body).type),
        param: { ...textOrNull, description: "The first field that is wrong." },
        code: valuesOf(renderError, (body) => errorOf(body).code),
        problems: list(own("Problem")),
        retryable: flag,
        billed: { type: "boolean", const: false },
      },
      { optional: ["problems"] },
    ),
  }),
  [name("Problem")]: object(
    {
      field: text,
      message: text,
      received: { description: "What came, shortened." },
      allowed: { description: "What is allowed." },
    },
    { optional: ["received", "allowed"] },
  ),
};

function errorOf(body: object): { readonly type: string; readonly code: string } {
  return (body as { error: { type: string; code: string } }).error;
}
