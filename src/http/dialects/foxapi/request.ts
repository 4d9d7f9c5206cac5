/** What a client sent, read: the body and headers of a create, and the query of a list. */
import type { FastifyRequest } from "fastify";
import { ReelayError } from "../../../core/errors.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { Idempotency, TaskFilter } from "../../../core/store.ts";
import type { TaskState } from "../../../core/task.ts";
import { readIdempotency } from "../../idempotency-key.ts";

interface Create {
  readonly model: string;
  /** The model's own parameters, and nothing of ours. */
  readonly body: JsonObject;
  readonly callbackUrl: string | null;
  readonly idempotency: Idempotency | null;
  /** Tell what it would become and cost; make nothing. */
  readonly dryRun: boolean;
}

export const LONGEST_URL = 2048;

export function readCreate({ body, query, headers }: FastifyRequest): Create {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new ReelayError("malformed_request", "The body is not a JSON object.");
  }
  // A dry run is no other request than the one it asks about: one fingerprint for both.
  const { dry_run, ...asked } = body as JsonObject;
  const { model, callback_url, ...rest } = asked;
  if (typeof model !== "string") {
    const message = "`model` is missing or no string. Send the id of a model; GET /v1/models lists them.";
    throw invalid("model", message, model);
  }
  return {
    model,
    body: rest,
    callbackUrl: readCallback(callback_url ?? null),
    // With the dialect: the same key must not answer with a task that another one made.
    idempotency: readIdempotency(headers["idempotency-key"], { dialect: "foxapi", asked }),
    dryRun: readFlag(dry_run) || readFlag((query as Query).dry_run),
  };
}

/** Whether the server may call it is the gateway's to say. */
function readCallback(url: unknown): string | null {
  if (url === null) return null;
  if (typeof url !== "string" || url.length > LONGEST_URL || !URL.canParse(url)) {
    const what = typeof url === "string" ? `a text of ${url.length} characters` : JSON.stringify(url);
    const message = `\`callback_url\` is ${what.slice(0, 100)}, which is not allowed; send an https URL of at most ${LONGEST_URL} characters, or null for none.`;
    throw invalid("callback_url", message);
  }
  return url;
}

/** Strict, unlike a mere wish: who misspells a dry run would pay for it. */
function readFlag(value: unknown): boolean {
  if (value === true || value === "true" || value === "1") return true;
  if (value === undefined || value === null) return false;
  if (value === false || value === "false" || value === "0") return false;
  throw invalid("dry_run", "`dry_run` must be true or false.", value);
}

type Query = Readonly<Record<string, unknown>>;

/** A cancelled task is a failed one in this dialect. */
export const STATES: ReadonlyMap<string, readonly TaskState[]> = new Map([
  ["pending", ["pending"]],
  ["processing", ["processing"]],
  ["completed", ["completed"]],
  ["failed", ["failed", "cancelled"]],
]);
export const LIST_QUERY = ["status", "model", "limit", "after"] as const;
export const MOST_TASKS = 100;
const FEW_TASKS = 20;

/** `GET /v1/tasks`: a name or value that is not understood is refused, or the answer would be to another question. */
export function readList(request: FastifyRequest): Pick<TaskFilter, "states" | "model" | "after" | "limit"> {
  const query = request.query as Query;
  for (const [name, value] of Object.entries(query)) {
    if (!LIST_QUERY.some((known) => known === name)) {
      throw invalid(
        name,
        `\`${name}\` is no query parameter of this list; allowed are ${LIST_QUERY.join(", ")}.`,
      );
    }
    if (typeof value !== "string" || value === "") {
      throw invalid(name, `\`${name}\` must be sent once and with a value.`, value);
    }
  }
  const { status, model, limit = String(FEW_TASKS), after } = query as Readonly<Record<string, string>>;
  const states = status === undefined ? undefined : STATES.get(status);
  if (status !== undefined && !states) {
    const allowed = [...STATES.keys()].join(", ");
    throw invalid("status", `\`status\` is "${status}" but must be one of ${allowed}.`, status);
  }
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > MOST_TASKS) {
    throw invalid("limit", `\`limit\` must be a whole number from 1 to ${MOST_TASKS}.`, limit);
  }
  return {
    limit: Number(limit),
    ...(states ? { states } : {}),
    ...(model === undefined ? {} : { model }),
    ...(after === undefined ? {} : { after }),
  };
}

function invalid(field: string, message: string, received?: unknown): ReelayError {
  return new ReelayError("invalid_parameters", message, {
    problems: [{ field, message, ...(received === undefined ? {} : { received }) }],
  });
}
