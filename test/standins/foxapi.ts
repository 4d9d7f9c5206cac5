/**
 * FoxAPI (served-dialects, section 1), or a Reelay, which speaks the same and has `Idempotency-Key` and cancel besides.
 * Words in a script: `code=` and `fail=` are the dialect's own codes; `word=completed` is FoxAPI's known defect, to say so
 * before the results are there.
 */
import { createHash, createHmac, randomInt } from "node:crypto";
import type { Script } from "../support/fake-script.ts";
import { MODELS, orNull } from "./foxapi-models.ts";
import { type Ask, type Job, type Reply, type StandIn, startStandIn, type World } from "./standin.ts";
import { matching, object, type Shape, text } from "./strict.ts";

interface FoxapiOptions {
  readonly key: string;
  readonly reelay?: boolean;
  /** What an upload is answered with in place of a file. */
  readonly refuseUpload?: Reply;
}

/** Contract 1.6. */
const CALLBACK: Shape = (value, place) =>
  orNull(matching(/^https:\/\/(?!127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|localhost)\S{1,2040}$/))(
    value,
    place,
  );

export async function startFoxapi({ key, reelay = false, refuseUpload }: FoxapiOptions): Promise<StandIn> {
  /** What each Idempotency-Key was to make, and of which request; used it is once that job is there. */
  const keys = new Map<string, { readonly fingerprint: string; readonly id: string }>();

  const create = async (ask: Ask, world: World): Promise<Reply> => {
    const order = ask.json;
    if (!isObject(order)) return refusal(400, "malformed_request", "invalid_request_error");
    if (typeof order.model !== "string" || !Object.hasOwn(MODELS, order.model)) {
      world.complain(`there is no model ${String(order.model)}`);
      return refusal(422, "model_not_found");
    }
    const name = ask.headers["idempotency-key"];
    if (name !== undefined && !reelay) world.complain("FoxAPI has no Idempotency-Key");
    const used = reelay && name !== undefined ? keys.get(String(name)) : undefined;
    const job = used && world.jobs.get(used.id);
    const fingerprint = createHash("sha256").update(JSON.stringify(order)).digest("hex");
    if (job && used.fingerprint !== fingerprint) return refusal(422, "idempotency_mismatch");
    if (job) return { status: 200, body: viewOf(job, world), headers: { "idempotent-replayed": "true" } };
    const problems = problemsOf(order.model, order);
    if (problems.length > 0) {
      // A Reelay has this answer for everybody who wants to know whether a key has been used.
      if (!(reelay && typeof order.prompt === "number")) for (const one of problems) world.complain(one);
      return refusal(422, "invalid_parameters", "invalid_request_error", problems.join(" "));
    }
    const id = newId();
    keys.set(String(name), { fingerprint, id });
    return world.submit({
      prompt: String(order.prompt ?? ""),
      id,
      order,
      accepted: (one) => ({ status: 200, body: viewOf(one, world) }),
      refused: (status, script) => refuse(status, script, ask),
    });
  };

  return startStandIn({
    async answer(ask, world) {
      const { pathname } = ask.url;
      if (ask.headers.authorization !== `Bearer ${key}`)
        return refusal(401, undefined, "authentication_error");
      const [, id = "", verb] = /^\/v1\/tasks\/([^/]+)(\/cancel)?$/.exec(pathname) ?? [];
      if (ask.method === "POST" && pathname === "/v1/videos/generations") return create(ask, world);
      if (ask.method === "GET" && id !== "" && !verb) return readTask(id, world);
      if (ask.method === "POST" && verb && reelay) return cancelTask(id, world);
      if (ask.method === "POST" && pathname === "/v1/files/upload/stream")
        return refuseUpload ?? takeFile(ask, world);
      if (ask.method === "GET" && pathname === "/v1/models") {
        const data = Object.keys(MODELS).map((model) => ({ id: model, object: "model" }));
        return { status: 200, body: { object: "list", data } };
      }
      world.complain(`there is no ${ask.method} ${ask.path}`);
      return refusal(404, undefined, "not_found");
    },
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function problemsOf(model: string, order: unknown): readonly string[] {
  const [required = {}, optional = {}] = MODELS[model] ?? [];
  return object({ model: text(), ...required }, { ...optional, callback_url: CALLBACK })(order, "body");
}

function newId(): string {
  const tail = randomInt(36 ** 5, 36 ** 6).toString(36);
  return `task-unified-${Math.floor(Date.now() / 1000)}-00${tail}`;
}

function refusal(
  status: number,
  code?: string,
  type = "invalid_request_error",
  message = `It is ${code ?? type}.`,
): Reply {
  const error = { message: `${message} (request_id: r1)`, type, ...(code === undefined ? {} : { code }) };
  return { status, body: { error } };
}

const TYPES: Readonly<Record<number, string>> = {
  401: "authentication_error",
  402: "insufficient_quota",
  403: "permission_error",
  404: "not_found",
  413: "file_too_large_error",
  429: "rate_limit_error",
  500: "server_error",
  503: "service_unavailable_error",
};

function refuse(status: number, { code, ...script }: Script, ask: Ask): Reply {
  const echo = script["echo-key"] ? ` You sent ${ask.headers.authorization}.` : "";
  // The one 422 that is of another type (F19).
  const type = code === "service_unavailable_error" ? code : (TYPES[status] ?? "invalid_request_error");
  return refusal(status, code === type ? undefined : code, type, `It is refused.${echo}`);
}

function readTask(id: string, world: World): Reply {
  const job = world.jobs.get(id);
  if (!job) return refusal(404, undefined, "not_found");
  return (
    world.faultOf(job, (status, script) => refusal(status, script.code, TYPES[status])) ?? {
      status: 200,
      body: viewOf(job, world),
    }
  );
}

function cancelTask(id: string, world: World): Reply {
  const job = world.jobs.get(id);
  if (!job) return refusal(404, "task_not_found", "not_found");
  const over = job.script.cancel === "too-late" || (world.hasEnded(job) && job.cancelledAt === null);
  if (over) return refusal(409, "task_not_cancellable");
  world.cancel(job);
  return { status: 200, body: viewOf(job, world) };
}

/** Contract 1.4: the four states, with every key that is documented. */
function viewOf(job: Job, world: World): object {
  const { status, progress } = world.stateOf(job);
  const error = errorOf(job, status);
  const done = status === "succeeded";
  const words: Readonly<Record<string, string>> = {
    queued: "pending",
    running: "processing",
    succeeded: "completed",
    failed: "failed",
    cancelled: "failed",
  };
  return {
    id: job.id,
    object: "video.generation.task",
    type: "video",
    model: (job.order as { model: string }).model,
    status: words[status] ?? status,
    progress: done ? 100 : Math.floor(progress),
    created: Math.floor(job.acceptedAt / 1000),
    results: done
      ? [
          {
            url: world.fileUrl(job),
            content_type: "video/mp4",
            seed: 42,
            notes: [
              { field: "duration", message: "5 seconds were asked, the result has 1." },
              { field: "negative_prompt", message: "It does not show." },
            ],
          },
        ]
      : null,
    error,
    usage: { credits_reserved: 5, user_group: "default" },
    task_info: { can_cancel: error === null && !done, estimated_time: 45 },
  };
}

function errorOf({ script }: Job, status: string): object | null {
  if (status !== "failed" && status !== "cancelled") return null;
  const code = status === "cancelled" ? "request_cancelled" : script.fail;
  return { code, message: `It failed with ${code}.`, type: "task_error" };
}

async function takeFile(ask: Ask, world: World): Promise<Reply> {
  const form = await ask.form();
  const file = form.get("file");
  const unknown = [...form.keys()].filter((name) => !["file", "file_name", "auto_cleanup"].includes(name));
  for (const name of unknown) world.complain(`an upload has no field ${name}`);
  if (file === null || typeof file === "string" || file.size === 0) {
    world.complain("an upload without a file");
    return refusal(400);
  }
  const id = `file-${Math.floor(Date.now() / 1000)}-${randomInt(36 ** 5, 36 ** 6).toString(36)}`;
  const url = `${world.url}/uploads/${id}/${encodeURIComponent(file.name)}`;
  return { status: 200, body: { id, filename: file.name, url, size: file.size, created: 1_757_165_031 } };
}

/** A call of a Reelay, as Standard Webhooks has it. */
export function signCall(body: Uint8Array, secrets: readonly string[], at = Date.now()) {
  const id = "msg_00000000000000000001";
  const seconds = String(Math.floor(at / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace("whsec_", ""), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${seconds}.`).update(body).digest("base64")}`;
  });
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": seconds,
    "webhook-signature": signatures.join(" "),
  };
  return { headers, body };
}
