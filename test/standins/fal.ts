/**
 * A stand-in of fal's queue, from its contract. Besides the words of `fake-script.ts`, `code=` says for an accepted job:
 *
 *   untyped, silent   its failure is in the status without a type, or not at all; the result has it either way
 *   early, stumble    its first result is 400 "still in progress", or a 503 of fal's, although it is COMPLETED
 *   expired           its result is gone
 *   nameless          its result names no file
 *
 * and `fail=` any `type` of a model's error or `error_type` of fal's.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { INPUTS } from "./fal-inputs.ts";
import { type Ask, type Job, type Reply, type StandIn, startStandIn, type World } from "./standin.ts";

export const FAL_KEY = "5eCr3t-id:5eCr3t-of-the-operator";

const JWKS = "/.well-known/jwks.json";
/** HTTP statuses of fal's own errors; every other type is a model's. */
const INFRASTRUCTURE: Readonly<Record<string, number>> = {
  request_timeout: 504,
  startup_timeout: 504,
  runner_scheduling_failure: 503,
  runner_connection_timeout: 503,
  runner_disconnected: 503,
  runner_connection_refused: 503,
  runner_connection_error: 503,
  runner_incomplete_response: 502,
  runner_server_error: 500,
  internal_error: 500,
  client_disconnected: 499,
  client_cancelled: 499,
  bad_request: 400,
};
const MODEL: Readonly<Record<string, number>> = {
  internal_server_error: 500,
  generation_timeout: 504,
  downstream_service_error: 400,
  downstream_service_unavailable: 500,
};
/** What the words of the scripts are here. */
const FAILURES: Readonly<Record<string, string>> = {
  content_policy: "content_policy_violation",
  capacity: "runner_scheduling_failure",
  internal: "internal_error",
};

interface Order {
  readonly endpoint: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface FalStandIn extends StandIn {
  /** A call about a request, signed with the newest key. */
  sign(request: string, about?: { readonly body?: unknown; readonly seconds?: number }): SignedCall;
  /** From now on another key signs, and it alone is published. */
  rotate(): void;
  /** Whether the keys are given out. */
  keysAreUp: boolean;
}

interface SignedCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export async function startFal(): Promise<FalStandIn> {
  let keys = generateKeyPairSync("ed25519");
  const signCall: FalStandIn["sign"] = (
    request,
    { body = okBody(request), seconds = Date.now() / 1000 } = {},
  ) => signedCall(request, { body, seconds, key: keys.privateKey });
  const tell = async (job: Job): Promise<void> => {
    const hook = new URL(job.webhook ?? "");
    // A test upstream must not be talked into calling anybody else's machine.
    if (hook.hostname !== "127.0.0.1") return;
    const { headers, body } = signCall(job.id);
    await fetch(hook, { method: "POST", headers, body: new Uint8Array(body) }).catch(() => undefined);
  };
  const standIn = await startStandIn({
    answer(ask, world) {
      if (ask.path === JWKS) {
        if (ask.headers.authorization !== undefined) world.complain("our key went to the host of the keys");
        if (!own.keysAreUp) return { status: 503, body: "<h1>Service unavailable</h1>" };
        const jwk = keys.publicKey.export({ format: "jwk" });
        return { status: 200, body: { keys: [{ ...jwk, use: "sig", alg: "EdDSA", kid: "1" }] } };
      }
      if (ask.headers.authorization !== `Key ${FAL_KEY}`) {
        if (!/^Key \S+$/.test(ask.headers.authorization ?? "")) world.complain("authorization is no Key");
        return flat(401, "Authentication is required to access this application.");
      }
      const [, app, id = "", part = ""] =
        /^\/([^/]+\/[^/]+)\/requests\/([^/]+)(\/status|\/cancel)?$/.exec(ask.url.pathname) ?? [];
      if (app === undefined) return submit(ask, world, tell);
      return aboutRequest(ask, world, { app, job: world.jobs.get(decodeURIComponent(id)), part });
    },
  });
  const own: FalStandIn = {
    ...standIn,
    keysAreUp: true,
    sign: signCall,
    rotate: () => {
      keys = generateKeyPairSync("ed25519");
    },
  };
  return own;
}

function okBody(request: string): unknown {
  const video = { url: "https://v3b.fal.media/files/b/x/out.mp4", content_type: "video/mp4" };
  return { request_id: request, gateway_request_id: randomUUID(), status: "OK", payload: { video } };
}

function signedCall(
  request: string,
  { body, seconds, key }: { readonly body: unknown; readonly seconds: number; readonly key: KeyObject },
): SignedCall {
  const bytes = Buffer.from(JSON.stringify(body));
  const time = String(Math.floor(seconds));
  const user = "user_2vXq";
  const digest = createHash("sha256").update(bytes).digest("hex");
  const message = Buffer.from(`${request}\n${user}\n${time}\n${digest}`);
  return {
    headers: {
      "content-type": "application/json",
      "x-fal-webhook-request-id": request,
      "x-fal-webhook-user-id": user,
      "x-fal-webhook-timestamp": time,
      "x-fal-webhook-signature": sign(null, message, key).toString("hex"),
    },
    body: bytes,
  };
}

function submit(ask: Ask, world: World, tell: (job: Job) => Promise<void>): Promise<Reply> | Reply {
  const endpoint = ask.url.pathname.slice(1);
  const shape = INPUTS[endpoint];
  if (ask.method !== "POST") world.complain(`${ask.method} ${ask.path} is no call of the queue's`);
  if (ask.method !== "POST") return flat(405, "Method Not Allowed");
  if (!shape) world.complain(`there is no endpoint ${endpoint}`);
  if (!shape) return flat(404, `Application '${endpoint}' not found`);
  const strange = [...ask.url.searchParams.keys()].filter((name) => name !== "fal_webhook");
  const settings = Object.keys(ask.headers).filter((name) => name.startsWith("x-fal-"));
  for (const name of [...strange, ...settings]) world.complain(`${endpoint} was asked with ${name}`);
  const wrong = shape(ask.json, "body");
  for (const what of wrong) world.complain(what);
  if (wrong.length > 0) return modelError("literal_error", wrong.join(", "));
  const input = ask.json as Order["input"];
  const id = randomUUID();
  return world.submit({
    prompt: String(input.prompt ?? ""),
    id,
    webhook: ask.url.searchParams.get("fal_webhook"),
    order: { endpoint, input } satisfies Order,
    accepted: () => ({
      status: 200,
      body: { status: "IN_QUEUE", ...urls(world, endpoint, id), queue_position: 0 },
    }),
    refused(status, script) {
      const echo = script["echo-key"] ? ` You sent ${ask.headers.authorization}.` : "";
      const said = SAID[script.code ?? status] ?? "It cannot be done.";
      const typed = status === 422 || (status === 400 && script.code !== undefined);
      if (typed) return modelError(script.code ?? "string_too_long", `${said}${echo}`, status);
      return flat(status, `${said}${echo}`, status >= 500 ? (script.code ?? "internal_error") : undefined);
    },
    tell,
  });
}

const SAID: Readonly<Record<string, string>> = {
  401: "Authentication is required to access this application.",
  403: "Access denied.",
  404: "Application not found",
  429: "Too many requests.",
  locked: "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.",
  top_up: "User is locked. Reason: TOP_UP.",
  admin: "User is locked. Reason: Admin lock. Please contact support@fal.ai",
};

/** The app alone: the rest of the endpoint is not in a request's URLs. */
function urls(world: World, endpoint: string, id: string): Readonly<Record<string, string>> {
  const request = `${world.url}/${appOf(endpoint)}/requests/${id}`;
  return {
    request_id: id,
    response_url: request,
    status_url: `${request}/status`,
    cancel_url: `${request}/cancel`,
  };
}

function appOf(endpoint: string): string {
  return endpoint.split("/").slice(0, 2).join("/");
}

interface About {
  readonly app: string;
  readonly job: Job | undefined;
  readonly part: string;
}

function aboutRequest(ask: Ask, world: World, { app, job, part }: About): Reply {
  const method = part === "/cancel" ? "PUT" : "GET";
  if (ask.method !== method) world.complain(`${part} was asked with ${ask.method}`);
  if (ask.url.search !== (part === "/status" ? "?logs=0" : ""))
    world.complain(`${ask.path} has a strange query`);
  if (job && app !== appOf((job.order as Order).endpoint))
    world.complain(`${app} is not the app of ${job.id}`);
  if (part === "/cancel") return cancel(world, job);
  if (!job) return flat(404, "Request not found");
  if (part === "/status") return statusOf(world, job);
  return resultOf(world, job);
}

function cancel(world: World, job: Job | undefined): Reply {
  if (!job) return { status: 404, body: { status: "NOT_FOUND" } };
  const how = job.script.cancel;
  if (how === "too-late" || world.hasEnded(job))
    return { status: 400, body: { status: "ALREADY_COMPLETED" } };
  if (how !== "ignored") world.cancel(job);
  return { status: 202, body: { status: "CANCELLATION_REQUESTED" } };
}

function statusOf(world: World, job: Job): Reply {
  const fault = world.faultOf(job, (status) =>
    flat(
      status,
      status === 404 ? "Request not found" : "It broke.",
      status >= 500 ? "internal_error" : undefined,
    ),
  );
  if (fault) return fault;
  const { status_url, cancel_url, ...known } = urls(world, (job.order as Order).endpoint, job.id);
  const { status } = world.stateOf(job);
  if (!world.hasEnded(job)) {
    const word = { queued: "IN_QUEUE", running: "IN_PROGRESS" }[status] ?? status;
    const place = status === "queued" ? { queue_position: 2 } : { logs: null };
    return { status: 202, body: { status: word, ...known, ...place } };
  }
  const failure = failureOf(world, job);
  const { code } = job.script;
  const error = failure === undefined || code === "silent" ? {} : { error: "Request failed" };
  const type = "error" in error && code !== "untyped" ? { error_type: failure } : {};
  const metrics = { inference_time: 41.2 };
  return { status: 200, body: { status: "COMPLETED", ...known, logs: null, metrics, ...error, ...type } };
}

function failureOf(world: World, job: Job): string | undefined {
  const { status } = world.stateOf(job);
  if (status === "cancelled") return "client_cancelled";
  if (status !== "failed") return undefined;
  const word = job.script.fail ?? "";
  return FAILURES[word] ?? word;
}

function resultOf(world: World, job: Job): Reply {
  const { code } = job.script;
  const first = job.checks < 2;
  if (!world.hasEnded(job) || (code === "early" && first)) return flat(400, "Request is still in progress");
  if (code === "stumble" && first) return flat(503, "Runner disconnected", "runner_disconnected");
  if (code === "expired") return flat(404, "Request not found");
  const failure = failureOf(world, job);
  if (failure !== undefined) {
    const status = INFRASTRUCTURE[failure];
    if (status !== undefined) return flat(status, "It broke", failure);
    return modelError(failure, "blocked", MODEL[failure] ?? 422);
  }
  const { endpoint, input } = job.order as Order;
  const file = { content_type: "video/mp4", file_name: "out.mp4", file_size: 3481221 };
  const video = code === "nameless" ? file : { url: world.fileUrl(job), ...file };
  if (!endpoint.startsWith("fal-ai/wan/")) return { status: 200, body: { video } };
  const frames = { width: 1920, height: 1080, fps: 30, duration: 5, num_frames: 150 };
  const told = { seed: input.seed ?? 42, actual_prompt: "A fox, rewritten." };
  return { status: 200, body: { video: { ...video, ...frames }, ...told } };
}

function flat(status: number, detail: string, type?: string): Reply {
  if (type === undefined) return { status, body: { detail } };
  return { status, body: { detail, error_type: type }, headers: { "x-fal-error-type": type } };
}

function modelError(type: string, msg: string, status = 422): Reply {
  const url = `https://docs.fal.ai/errors#${type}`;
  const detail = [{ loc: ["body", "prompt"], msg, type, url, input: "p" }];
  return { status, body: { detail }, headers: { "x-fal-retryable": String(status >= 500) } };
}
