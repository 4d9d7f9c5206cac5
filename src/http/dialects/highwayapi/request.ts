/** What a client sent, read: the body and headers of a create, and which result is asked for. */
import type { FastifyRequest } from "fastify";
import { ReelayError } from "../../../core/errors.ts";
import type { JsonObject } from "../../../core/json.ts";
import { nearest } from "../../../core/nearest.ts";
import type { Idempotency } from "../../../core/store.ts";
import type { TestPlan } from "../../../core/test-plan.ts";
import { readIdempotency } from "../../idempotency-key.ts";
import { DIALECT } from "./wire.ts";

interface Create {
  /** What the request calls the model. */
  readonly path: string;
  /** The model's own parameters, and nothing of ours. */
  readonly body: JsonObject;
  /** To be echoed. */
  readonly webhook: JsonObject | null;
  readonly callbackUrl: string | null;
  /** Nobody is paid, and it ends as asked. */
  readonly test: TestPlan | null;
  readonly idempotency: Idempotency | null;
}

export const WEBHOOK_URL = "extra.webhook.url";

const LONGEST_URL = 2048;

/** How a test ends. Our own renderer makes the video of one that succeeds. */
const ENDS: ReadonlyMap<unknown, TestPlan> = new Map<unknown, TestPlan>([
  ["TASK_STATUS_SUCCEED", {}],
  ["TASK_STATUS_FAILED", { fail: "provider_failed" }],
]);

/** `path`: what the URL calls the model; left out where the body does, as `model`. */
export function readCreate({ body, headers }: FastifyRequest, path?: string): Create {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new ReelayError("malformed_request", "The body is not a JSON object.");
  }
  const { extra, ...rest } = body as JsonObject;
  const { model, ...fields } = rest;
  const named = path ?? model;
  if (typeof named !== "string") {
    throw invalid(
      "model",
      "`model` is missing or no text. Send what follows /v3/async/ in a model's path.",
      model,
    );
  }
  const parameters = path === undefined ? fields : rest;
  return {
    path: named,
    body: parameters,
    ...readExtra(extra),
    // With the dialect: the same key must not answer with a task that another one made.
    idempotency: readIdempotency(headers["idempotency-key"], {
      ...{ dialect: DIALECT, path: named, parameters },
      ...(extra === undefined ? {} : { extra }),
    }),
  };
}

/** Whether the server may call the URL is the gateway's to say. */
function readExtra(extra: unknown): Pick<Create, "webhook" | "callbackUrl" | "test"> {
  const none = { webhook: null, callbackUrl: null, test: null };
  if (extra === undefined) return none;
  const { webhook } = objectOf("extra", extra, ["webhook"]);
  if (webhook === undefined) return none;
  const { url, test_mode } = objectOf("extra.webhook", webhook, ["url", "test_mode"]);
  if (typeof url !== "string" || url.length > LONGEST_URL || !URL.canParse(url)) {
    const what = typeof url === "string" ? `a text of ${url.length} characters` : JSON.stringify(url);
    const message = `\`${WEBHOOK_URL}\` is ${what ?? "missing"}, which is not allowed; send an https URL of at most ${LONGEST_URL} characters.`;
    throw invalid(WEBHOOK_URL, message.slice(0, 300));
  }
  return { webhook: webhook as JsonObject, callbackUrl: url, test: readTest(test_mode) };
}

function readTest(mode: unknown): TestPlan | null {
  if (mode === undefined) return null;
  const name = "extra.webhook.test_mode";
  const { enabled, return_task_status = "TASK_STATUS_SUCCEED" } = objectOf(name, mode, [
    "enabled",
    "return_task_status",
  ]);
  // Strict: who misspells a test would pay for it.
  if (typeof enabled !== "boolean") {
    throw invalid(`${name}.enabled`, `\`${name}.enabled\` must be true or false.`, enabled);
  }
  const plan = ENDS.get(return_task_status);
  if (!plan) {
    const allowed = [...ENDS.keys()].join(" or ");
    const message = `\`${name}.return_task_status\` must be ${allowed}.`;
    throw invalid(`${name}.return_task_status`, message, return_task_status);
  }
  return enabled ? plan : null;
}

function objectOf(name: string, value: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(name, `\`${name}\` must be an object with ${known.join(", ")}.`, value);
  }
  const strange = Object.keys(value).find((key) => !known.includes(key));
  if (strange !== undefined) {
    const meant = nearest(strange, known);
    const hint = meant === undefined ? `it takes ${known.join(", ")}` : `did you mean "${meant}"?`;
    const field = `${name}.${strange.slice(0, 60)}`;
    throw invalid(field, `\`${field}\` is no parameter here (${hint}).`);
  }
  return value as Record<string, unknown>;
}

export function readTaskId({ query }: FastifyRequest): string {
  const { task_id } = query as Readonly<Record<string, unknown>>;
  if (typeof task_id === "string" && task_id !== "") return task_id;
  throw invalid("task_id", "Send the query parameter `task_id` once, with what a create answered.", task_id);
}

function invalid(field: string, message: string, received?: unknown): ReelayError {
  const shown = typeof received === "object" && received !== null ? "an object or a list" : received;
  return new ReelayError("invalid_parameters", message, {
    problems: [{ field, message, ...(shown === undefined ? {} : { received: shown }) }],
  });
}
