/** The shapes of wire.ts, errors.ts and request.ts as schemas. */
import type { DialectSettings } from "../../dialect.ts";
import { type JsonSchema, object, type Rendered, ref } from "../../openapi/description.ts";
import { openErrors, REASON_NAMES, type Reason } from "./errors.ts";
import { DIALECT } from "./wire.ts";

export const name = (what: string): string => `${DIALECT}.${what}`;
export const own = (what: string): JsonSchema => ref(name(what));

export function renderedAs(reason: Reason, { highwayStatuses }: DialectSettings): Rendered {
  return { render: openErrors(reason, highwayStatuses), schema: own("Error") };
}

const text: JsonSchema = { type: "string" };
const list = (items: JsonSchema): JsonSchema => ({ type: "array", items });
const NONE: JsonSchema = { type: "array", maxItems: 0 };
const MOMENT: JsonSchema = {
  type: "string",
  pattern: "^\\d*$",
  description: "Milliseconds since 1970; empty for what has not happened.",
};
const REASON: JsonSchema = { type: "string", enum: REASON_NAMES };

/** Beside a model's own parameters, in every create. */
export const EXTRA: JsonSchema = {
  ...object({ webhook: own("Webhook") }, { optional: ["webhook"] }),
  additionalProperties: false,
};

export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  [name("Webhook")]: {
    ...object(
      {
        url: {
          type: "string",
          format: "uri",
          maxLength: 2048,
          description: "Called once the task has ended; https.",
        },
        test_mode: {
          ...object(
            {
              enabled: { type: "boolean" },
              return_task_status: {
                type: "string",
                enum: ["TASK_STATUS_SUCCEED", "TASK_STATUS_FAILED"],
                default: "TASK_STATUS_SUCCEED",
              },
            },
            {
              optional: ["return_task_status"],
              about: "Where it is enabled nobody is paid, and the task ends as asked.",
            },
          ),
          additionalProperties: false,
        },
      },
      { optional: ["test_mode"] },
    ),
    additionalProperties: false,
  },
  [name("Made")]: object({ task_id: { type: "string", format: "uuid" } }),
  [name("Result")]: object({
    extra: object(
      {
        seed: { ...text, description: "The one that was used, or asked for; empty where it is not known." },
        debug_info: object({
          request_info: text,
          submit_time_ms: MOMENT,
          execute_time_ms: MOMENT,
          complete_time_ms: MOMENT,
        }),
        webhook: own("Webhook"),
        notes: {
          ...list(object({ field: text, message: text })),
          description: "What was asked and does not show.",
        },
        error: own("Failure"),
        late_videos: {
          ...list(own("Video")),
          description: "What came of a failed task after all; it is not charged.",
        },
        test: { type: "boolean", const: true },
      },
      { optional: ["webhook", "notes", "error", "late_videos", "test"] },
    ),
    task: object({
      task_id: text,
      status: {
        type: "string",
        enum: ["TASK_STATUS_QUEUED", "TASK_STATUS_PROCESSING", "TASK_STATUS_SUCCEED", "TASK_STATUS_FAILED"],
      },
      reason: { ...text, description: "Why it failed, else empty." },
      task_type: text,
      eta: { type: "integer", minimum: 0, description: "Seconds to the end, as expected at creation." },
      progress_percent: { type: "integer", minimum: 0, maximum: 100 },
    }),
    images: NONE,
    videos: { ...list(own("Video")), description: "Empty until it has succeeded." },
    audios: NONE,
  }),
  [name("Video")]: object({
    video_url: { type: "string", format: "uri" },
    video_url_ttl: {
      type: "string",
      pattern: "^\\d+$",
      description: "Seconds that the link lives at least.",
    },
    video_type: { type: "string", const: "mp4" },
  }),
  [name("Failure")]: object(
    {
      reason: REASON,
      message: text,
      field: text,
      retryable: { type: "boolean" },
      billed: { enum: [false, "unknown"] },
    },
    { optional: ["field"] },
  ),
  [name("Event")]: object({
    event_type: { type: "string", const: "ASYNC_TASK_RESULT" },
    payload: own("Result"),
  }),
  [name("Error")]: object({
    code: { type: "integer", description: "The status." },
    reason: REASON,
    message: text,
    metadata: {
      type: "object",
      additionalProperties: text,
      description: "details, field, received, allowed, retryable, billed, request_id: texts.",
    },
  }),
};
