/** The shapes of wire.ts, errors.ts and request.ts as schemas. */
import { ERRORS, type ErrorCode } from "../../../core/errors.ts";
import { EXTRAS } from "../../../core/task.ts";
import { type JsonSchema, object, orNull, type Rendered, ref } from "../../openapi/description.ts";
import { valuesOf } from "../../openapi/errors.ts";
import { renderError, taskErrorCode } from "./errors.ts";
import { DIALECT } from "./wire.ts";

export const name = (what: string): string => `${DIALECT}.${what}`;
export const own = (what: string): JsonSchema => ref(name(what));

export const rendered: Rendered = { render: renderError, schema: own("Error") };
/** Before anything is looked at: who asks, how often a wrong key was tried, and a mistake of ours. */
export const ALWAYS: readonly ErrorCode[] = ["unauthenticated", "rate_limited", "bug"];

const text: JsonSchema = { type: "string" };
const flag: JsonSchema = { type: "boolean" };
const amount: JsonSchema = { type: "number", minimum: 0 };
const count: JsonSchema = { type: "integer", minimum: 0 };
const url: JsonSchema = { type: "string", format: "uri" };
const one = (value: string): JsonSchema => ({ type: "string", const: value });
const list = (items: JsonSchema): JsonSchema => ({ type: "array", items });
const listOf = (items: JsonSchema): JsonSchema => object({ object: one("list"), data: list(items) });
const STATUS: JsonSchema = { type: "string", enum: ["pending", "processing", "completed", "failed"] };
const PERCENT: JsonSchema = { type: "integer", minimum: 0, maximum: 100 };
const PLACE: JsonSchema = { type: "integer", minimum: 1, description: "1 is next; only while it waits." };
const UNIX: JsonSchema = { type: "integer", description: "Unix seconds." };

export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  [name("Task")]: object(
    {
      id: { type: "string", pattern: "^task-unified-\\d+-[a-z0-9]{8}$" },
      object: one("video.generation.task"),
      type: one("video"),
      model: text,
      status: {
        ...STATUS,
        description: "A cancelled task is a failed one, with the code request_cancelled.",
      },
      progress: { ...PERCENT, description: "Percent; 100 is completed, and only that." },
      created: UNIX,
      results: { oneOf: [list(own("Result")), { type: "null" }], description: "null until it is completed." },
      error: orNull(own("TaskError")),
      late_results: {
        ...list(own("Result")),
        description: "What came of a failed task after all; it stays failed and is not charged.",
      },
      usage: own("Usage"),
      task_info: own("TaskInfo"),
    },
    { optional: ["late_results"] },
  ),
  [name("Usage")]: object({
    credits_reserved: {
      ...amount,
      description: "The hold, or the final charge once it is charged; 0 once released.",
    },
    user_group: text,
    billing_rule: one("per_second"),
    billing: { type: "string", enum: ["free", "held", "charged", "released", "unknown"] },
  }),
  [name("TaskInfo")]: object(
    {
      can_cancel: flag,
      estimated_time: {
        ...amount,
        description: "Seconds from creation to the end, as expected at creation.",
      },
      video_duration: {
        type: ["number", "null"],
        description: "Seconds asked for; null where the model has left the catalogue since.",
      },
      queue_position: PLACE,
      test: { type: "boolean", const: true, description: "Made with a test key: free, by our own renderer." },
    },
    { optional: ["queue_position", "test"] },
  ),
  [name("Result")]: {
    ...object(
      {
        url: { ...url, description: "Signed; valid for 24 hours unless the operator chose otherwise." },
        content_type: text,
        width: count,
        height: count,
        duration: { ...amount, description: "Seconds, measured." },
        fps: { type: ["number", "null"] },
        audio: flag,
        size: { ...count, description: "Bytes." },
        sha256: { type: "string", pattern: "^[0-9a-f]{64}$" },
        notes: {
          ...list(object({ field: text, message: text })),
          description: "What was asked and does not show, or shows otherwise.",
        },
        ...Object.fromEntries(EXTRAS.map((extra) => [`${extra}_url`, url])),
      },
      { optional: EXTRAS.map((extra) => `${extra}_url`) },
    ),
    additionalProperties: { description: "What the provider told about it, such as the seed." },
  },
  [name("TaskError")]: object(
    {
      code: { type: "string", enum: taskCodes() },
      message: text,
      type: one("task_error"),
      field: text,
      retryable: flag,
      billed: {
        enum: [false, "unknown"],
        description: "A failed task is never charged; unknown: the provider may have charged the operator.",
      },
    },
    { optional: ["field"] },
  ),
  [name("Progress")]: object(
    { id: text, status: STATUS, progress: PERCENT, queue_position: PLACE },
    { optional: ["queue_position"] },
  ),
  [name("TaskList")]: object({
    object: one("list"),
    data: list(own("Task")),
    has_more: flag,
    next: { type: ["string", "null"], description: "The `after` of the next page." },
  }),
  [name("Quote")]: object({
    object: one("video.generation.quote"),
    model: text,
    input: {
      type: "object",
      additionalProperties: true,
      description: "Every parameter, defaults filled in.",
    },
    route: object({ provider: text }),
    price: object({ credits: amount, usd: amount, billing_rule: one("per_second") }),
    estimated_time: amount,
    valid: { type: "boolean", const: true },
  }),
  [name("File")]: object({
    id: text,
    filename: text,
    url: { ...url, description: "For the parameters that take a URL; signed." },
    size: { ...count, description: "Bytes." },
    created: UNIX,
    content_type: text,
    expires: UNIX,
  }),
  [name("Model")]: object({
    id: text,
    object: one("model"),
    owned_by: text,
    name: text,
    supported_endpoint_types: list(text),
    available: { ...flag, description: "Somebody is open here who can do some of its work for this key." },
    parameters: {
      type: "object",
      additionalProperties: { type: "object", additionalProperties: true, required: ["kind", "about"] },
      description: "What a create takes, as the catalogue has it.",
    },
    rules: { ...list(text), description: "What must hold between parameters, in sentences." },
  }),
  [name("ModelList")]: listOf(own("Model")),
  [name("Credits")]: object({
    success: flag,
    message: text,
    data: object(
      { token: own("Balance"), user: own("Balance") },
      { about: "Of the key, and of its account." },
    ),
  }),
  [name("Balance")]: object({
    remaining_credits: { type: "number" },
    unlimited_credits: flag,
    used_credits: { type: "number" },
    held_credits: { type: "number" },
  }),
  [name("Error")]: object({
    error: {
      ...object(
        {
          message: {
            ...text,
            description: "What is wrong and what would be right; ends with the request's id.",
          },
          type: valuesOf(renderError, (body) => errorOf(body).type),
          code: valuesOf(renderError, (body) => errorOf(body).code),
          problems: list(own("Problem")),
          unsupported_advanced_options: { ...list(text), description: "Names of the parameters." },
          retryable: { ...flag, description: "The same request may succeed later." },
          billed: { type: "boolean", const: false },
        },
        { optional: ["problems", "unsupported_advanced_options"] },
      ),
    },
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

function taskCodes(): readonly string[] {
  return [...new Set((Object.keys(ERRORS) as ErrorCode[]).map(taskErrorCode))].sort();
}

function errorOf(body: object): { readonly type: string; readonly code: string } {
  return (body as { error: { type: string; code: string } }).error;
}
