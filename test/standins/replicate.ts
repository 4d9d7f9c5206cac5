/**
 * Replicate's API of official models, from section 5 of the contract and its published OpenAPI: predictions that are
 * made, read, listed and cancelled, problems as `{title, detail, status}`, and calls signed as Standard Webhooks are.
 */
import { createHmac, randomBytes } from "node:crypto";
import { request } from "undici";
import { INPUTS, inputProblems } from "./replicate-inputs.ts";
import { type Ask, type Job, type Reply, type StandIn, startStandIn, type World } from "./standin.ts";
import { list, matching, object, oneOf, type Shape } from "./strict.ts";

export const REPLICATE_KEY = "r8_5eCr3tOfTheOperator";
export const REPLICATE_SECRET = `whsec_${Buffer.from("a secret of the stand-in").toString("base64")}`;

export interface ReplicateOptions {
  /** Whether predictions show where they call back: the client's types have it, the OpenAPI does not. */
  readonly showsWebhook?: boolean;
  readonly pageSize?: number;
  /** Lists all that there is, whatever time is asked for. */
  readonly ignoresTimes?: boolean;
  /** Where the next page of a list is, instead of here. */
  readonly nextAt?: string;
}

interface Order {
  readonly model: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly webhook?: string;
}

const MAKE = /^\/v1\/models\/([^/]+\/[^/]+)\/predictions$/;
const ONE = /^\/v1\/predictions\/([^/]+)(\/cancel)?$/;
const LATE_LOOKS = 2;

const BODY: Readonly<Record<string, Shape>> = {
  webhook: matching(/^https?:\/\//),
  webhook_events_filter: list(oneOf("start", "output", "logs", "completed"), 1),
};

export function startReplicate(options: ReplicateOptions = {}): Promise<StandIn> {
  const looks = new Map<string, number>();
  return startStandIn({
    answer(ask, world) {
      const { pathname } = ask.url;
      if (ask.headers.authorization !== `Bearer ${REPLICATE_KEY}`) return problem(401);
      const route = `${ask.method} ${pathname}`;
      if (route === "GET /v1/account") {
        return { status: 200, body: { type: "organization", username: "acme", name: "Acme" } };
      }
      if (route === "GET /v1/webhooks/default/secret")
        return { status: 200, body: { key: REPLICATE_SECRET } };
      if (route === "GET /v1/predictions") return listPredictions(ask, world, { looks, options });
      const [, model] = (ask.method === "POST" && MAKE.exec(pathname)) || [];
      if (model !== undefined) return make(ask, world, { model, options });
      const [, id, cancel] = ONE.exec(pathname) ?? [];
      if (id === undefined || ask.method !== (cancel ? "POST" : "GET")) {
        world.complain(`there is no ${ask.method} ${ask.path}`);
        return problem(404);
      }
      const job = world.jobs.get(id);
      if (!job) return problem(404);
      if (cancel) return cancelOne(job, world, options);
      return world.faultOf(job, (status) => problem(status)) ?? show(job, world, options);
    },
  });
}

function make(
  ask: Ask,
  world: World,
  { model, options }: { readonly model: string; readonly options: ReplicateOptions },
): Promise<Reply> | Reply {
  if (ask.headers.prefer !== undefined) world.complain("Prefer makes the answer wait for the video");
  const input = Object.hasOwn(INPUTS, model) ? INPUTS[model] : undefined;
  if (input === undefined) {
    world.complain(`there is no model ${model}`);
    return problem(404);
  }
  const body = ask.json as Omit<Order, "model">;
  const wrong = [...object({ input }, BODY)(body, "body"), ...inputProblems(model, body?.input ?? {})];
  if (wrong.length > 0) {
    for (const what of wrong) world.complain(what);
    return invalid(wrong);
  }
  const order: Order = { model, ...body };
  return world.submit({
    prompt: String(body.input.prompt ?? ""),
    id: randomBytes(13).toString("hex"),
    webhook: body.webhook ?? null,
    order,
    accepted: (job) => ({ ...show(job, world, options), status: 201 }),
    refused: (status, script) => {
      const echo = script["echo-key"] ? ` You sent ${ask.headers.authorization}.` : "";
      if (status === 422) return invalid([`input.duration: it is wrong.${echo}`]);
      return problem(status, `The request was refused.${echo}`);
    },
    tell: async (job) => {
      const { headers, body } = signCall(predictionOf(job, world, options));
      // Nobody there: Replicate gives up, too, after some tries.
      await request(String(job.webhook), { method: "POST", headers, body }).catch(() => undefined);
    },
  });
}

/** A call as it is sent. */
export function signCall(prediction: object): {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
} {
  const body = Buffer.from(JSON.stringify(prediction));
  const id = `msg_${randomBytes(12).toString("hex")}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(REPLICATE_SECRET.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${signature}`,
    },
    body,
  };
}

const TITLES: Readonly<Record<number, string>> = { 401: "Unauthenticated", 402: "Insufficient credit" };

function problem(status: number, detail = "The requested resource could not be found."): Reply {
  // All that comes with a 429.
  if (status === 429)
    return { status, body: { detail: "Request was throttled. Your rate limit resets in ~30s." } };
  return { status, body: { title: TITLES[status] ?? "Error", detail, status } };
}

function invalid(wrong: readonly string[]): Reply {
  const fields = wrong.map((description) => ({ field: "input.duration", description }));
  const detail = wrong.map((one) => `- ${one}\n`).join("");
  return {
    status: 422,
    body: { title: "Input validation failed", detail, status: 422, invalid_fields: fields },
  };
}

const WORDS: Readonly<Record<string, string>> = {
  queued: "starting",
  running: "processing",
  cancelled: "canceled",
};
const FAILURES: Readonly<Record<string, string>> = {
  content_policy:
    "The input or output was flagged as sensitive. Please try again with different inputs. (E005) (x1)",
  capacity: "Service is currently unavailable due to high demand. Please try again later. (E003) (x2)",
};
/** Ends that are other than a failure, by the script's `fail`. */
const OTHER_ENDS: Readonly<Record<string, string>> = {
  aborted: "aborted",
  canceled: "canceled",
  data_removed: "succeeded",
  no_output: "succeeded",
  list: "succeeded",
};

const show = (job: Job, world: World, options: ReplicateOptions) => ({
  status: 200,
  body: predictionOf(job, world, options),
});

function predictionOf(job: Job, world: World, { showsWebhook = false }: ReplicateOptions): object {
  const { model, input, webhook } = job.order as Order;
  const { fail = "" } = job.script;
  const { status: state, progress } = world.stateOf(job);
  const status = (state === "failed" ? OTHER_ENDS[fail] : undefined) ?? WORDS[state] ?? state;
  const ended = world.hasEnded(job);
  const removed = fail === "data_removed" && ended;
  const base = `${world.url}/v1/predictions/${job.id}`;
  return {
    ...{ id: job.id, model, version: "hidden", source: "api", status, data_removed: removed },
    input: removed ? {} : input,
    logs: state === "running" ? `loading\n 3%|#\n${progress}%|########` : "",
    output: status === "succeeded" && !removed ? outputOf(job, world) : null,
    error: status === "failed" ? (FAILURES[fail] ?? `Prediction interrupted: ${fail}`) : null,
    created_at: new Date(job.acceptedAt).toISOString(),
    started_at: status === "starting" ? null : new Date(job.acceptedAt).toISOString(),
    completed_at: ended ? new Date().toISOString() : null,
    urls: { get: base, cancel: `${base}/cancel`, web: `https://replicate.com/p/${job.id}` },
    metrics: ended ? { predict_time: 61.2, total_time: 62 } : {},
    ...(showsWebhook && webhook !== undefined ? { webhook, webhook_events_filter: ["completed"] } : {}),
  };
}

function outputOf(job: Job, world: World): unknown {
  if (job.script.fail === "no_output") return null;
  return job.script.fail === "list" ? [world.fileUrl(job)] : world.fileUrl(job);
}

const QUERY: readonly string[] = ["created_after", "created_before", "source", "cursor"];

function listPredictions(
  { url }: Ask,
  world: World,
  { looks, options }: { readonly looks: Map<string, number>; readonly options: ReplicateOptions },
): Reply {
  for (const name of url.searchParams.keys()) {
    if (!QUERY.includes(name)) world.complain(`the list of predictions has no ${name}`);
  }
  const timeAt = (name: string, otherwise: number): number =>
    options.ignoresTimes ? otherwise : Date.parse(url.searchParams.get(name) ?? "") || otherwise;
  const after = timeAt("created_after", 0);
  const before = timeAt("created_before", Number.POSITIVE_INFINITY);
  const shown = [...world.jobs.values()]
    .filter(({ acceptedAt }) => acceptedAt >= after && acceptedAt < before)
    .filter((job) => isShown(job, looks))
    .toReversed();
  const { pageSize = 100, nextAt = world.url } = options;
  const from = Number(url.searchParams.get("cursor") ?? 0);
  const next = new URL(`${nextAt}/v1/predictions`);
  for (const [name, value] of url.searchParams) next.searchParams.set(name, value);
  next.searchParams.set("cursor", String(from + pageSize));
  return {
    status: 200,
    body: {
      next: from + pageSize < shown.length ? next.href : null,
      previous: null,
      results: shown.slice(from, from + pageSize).map((job) => predictionOf(job, world, options)),
    },
  };
}

function isShown({ id, script }: Job, looks: Map<string, number>): boolean {
  const look = (looks.get(id) ?? 0) + 1;
  looks.set(id, look);
  return script.find !== "nothing" && (script.find !== "later" || look > LATE_LOOKS);
}

/** The prediction as it then stands: one that has ended stays what it is, one that is ending is not yet canceled. */
function cancelOne(job: Job, world: World, options: ReplicateOptions): Reply {
  if (!world.hasEnded(job) && job.script.cancel !== "ignored") world.cancel(job);
  return show(job, world, options);
}
