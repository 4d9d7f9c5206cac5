/**
 * How a job of ComfyUI stands, and how it is stopped. Servers since 2026 answer `/api/jobs/{id}`; older ones know only the
 * queue and the history, which are asked in that order: a job leaves the one as it enters the other, and the other way
 * round it could be missed in both.
 */
import type { ErrorCode } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { Cancelled, Progress } from "../core/provider.ts";
import { answered, failed } from "./upstream-answer.ts";
import { type Say, textAt, valueAt } from "./upstream-body.ts";
import type { Upstream } from "./upstream-call.ts";
import { doneHere } from "./upstream-download.ts";

export interface Job {
  /** `pending`, `in_progress`, `completed`, `failed`, `cancelled`, or a word that came into use later. */
  readonly status: string;
  readonly outputs: Json;
  readonly error: Json;
}

/** `job` undefined: it has none of this id. `old`: it has no job routes, and no check of ids that are sent twice. */
export interface Look {
  readonly job: Job | undefined;
  readonly old: boolean;
}

/** Rejects where it could not be asked. */
export async function look(upstream: Upstream, id: string, signal?: AbortSignal): Promise<Look> {
  const path = `api/jobs/${encodeURIComponent(id)}`;
  const { status, body } = answered(
    await upstream.call({ method: "GET", path, ...(signal && { signal }) }),
    [404],
  );
  if (status !== 404) return { old: false, job: toJob(body) };
  // A route that does not exist is answered with a page, a job that does not exist with JSON.
  if (valueAt(body, "error") !== undefined) return { old: false, job: undefined };
  return { old: true, job: await lookOld(upstream, id, signal) };
}

function toJob(body: Json): Job {
  const status = textAt(body, "status");
  if (status === undefined) throw new Error("ComfyUI's answer is no job.");
  return {
    status,
    outputs: (valueAt(body, "outputs") ?? null) as Json,
    error: (valueAt(body, "execution_error") ?? null) as Json,
  };
}

const QUEUES = { queue_running: "in_progress", queue_pending: "pending" };

async function lookOld(upstream: Upstream, id: string, signal?: AbortSignal): Promise<Job | undefined> {
  const get = async (path: string): Promise<Json> =>
    answered(await upstream.call({ method: "GET", path, ...(signal && { signal }) })).body;
  const queue = await get("queue");
  for (const [name, status] of Object.entries(QUEUES)) {
    const items = valueAt(queue, name);
    // [number, id, graph, ...]
    const has = Array.isArray(items) && items.some((item) => Array.isArray(item) && item[1] === id);
    if (has) return { status, outputs: null, error: null };
  }
  const entry = valueAt(await get(`history/${encodeURIComponent(id)}`), id);
  return entry === undefined ? undefined : fromHistory(entry as Json);
}

/** `messages` is a list of [event, its data]. Very old entries have no status: they were kept only when all went well. */
function fromHistory(entry: Json): Job {
  const outputs = (valueAt(entry, "outputs") ?? null) as Json;
  if (textAt(entry, "status", "status_str") !== "error") return { status: "completed", outputs, error: null };
  const list = valueAt(entry, "status", "messages");
  const events = new Map<string, Json>(Array.isArray(list) ? (list as [string, Json][]) : []);
  if (events.has("execution_interrupted")) return { status: "cancelled", outputs, error: null };
  return { status: "failed", outputs, error: events.get("execution_error") ?? null };
}

interface About {
  /** The node that saves the video; undefined: any. */
  readonly node: string | undefined;
  readonly meta: Readonly<Record<string, Json>>;
  readonly say: Say;
}

export function toProgress(upstream: Upstream, job: Job | undefined, about: About): Progress {
  if (!job)
    return failed(
      "provider_lost",
      "ComfyUI no longer knows this work: it was restarted, or its queue cleared.",
    );
  if (job.status === "completed") return toDone(upstream, job, about);
  if (job.status === "failed")
    return failed(codeOf(job), `ComfyUI gave up on this video${about.say(job.error)}.`);
  // Nobody of ours asked for it, or the task would have ended.
  if (job.status === "cancelled") return failed("provider_failed", "The work was stopped at ComfyUI.");
  // How far it is would come over its websocket only, which is not worth a connection for each attempt.
  return job.status === "in_progress" ? { state: "processing", progress: 1 } : { state: "pending" };
}

/** A picture that the server's libraries cannot open fails in the node that loads it. */
function codeOf({ error }: Job): ErrorCode {
  return /UnidentifiedImageError$/.test(textAt(error, "exception_type") ?? "")
    ? "input_unreadable"
    : "provider_failed";
}

interface SavedFile {
  readonly node: string;
  readonly filename: string;
  readonly subfolder: string;
  readonly type: string;
}

/** What we can measure and hand on. */
const USABLE = /\.(mp4|m4v|mov)$/i;

/** The chosen node's file, else one that was saved, else a preview. */
function toDone(upstream: Upstream, { outputs }: Job, { node, meta }: About): Progress {
  const files = filesOf(outputs);
  const videos = files.filter(({ filename }) => USABLE.test(filename));
  const chosen = node === undefined ? videos : videos.filter((one) => one.node === node);
  const file = chosen.find(({ type }) => type === "output") ?? chosen[0];
  if (!file) {
    const names = files.map((one) => `${one.filename} (node ${one.node})`);
    const came = names.length === 0 ? "no file at all" : names.slice(0, 5).join(", ");
    const wanted = node === undefined ? "an MP4 or MOV file" : `an MP4 or MOV file of node ${node}`;
    return failed("no_content", `The workflow ended without ${wanted}: it made ${came}.`);
  }
  const { filename, subfolder, type } = file;
  return doneHere(upstream, `view?${new URLSearchParams({ filename, subfolder, type })}`, meta);
}

/** `{ node: { images | gifs | videos | ...: [{ filename, subfolder, type }], animated: [true] } }` */
function filesOf(outputs: Json): readonly SavedFile[] {
  return Object.entries(outputs ?? {}).flatMap(([node, made]) =>
    Object.values((made ?? {}) as object).flatMap((list) =>
      (Array.isArray(list) ? (list as Json[]) : []).flatMap((one) => {
        const filename = textAt(one, "filename");
        if (filename === undefined) return [];
        const subfolder = textAt(one, "subfolder") ?? "";
        return [{ node, filename, subfolder, type: textAt(one, "type") ?? "output" }];
      }),
    ),
  );
}

/** An interrupt is only noticed between two steps, and the last one has none after it: so it is looked at once more. */
export async function stop(upstream: Upstream, id: string): Promise<Cancelled> {
  const path = `api/jobs/${encodeURIComponent(id)}/cancel`;
  // 404 or 405: a server without the route.
  const { status, body } = answered(await upstream.call({ method: "POST", path }), [404, 405]);
  const told =
    status === 404 || status === 405 ? await stopOld(upstream, id) : valueAt(body, "cancelled") === true;
  if (!told) return "too-late";
  const { job } = await look(upstream, id);
  return !job || job.status === "cancelled" ? "cancelled" : "requested";
}

/** Whether there was anything to stop. */
async function stopOld(upstream: Upstream, id: string): Promise<boolean> {
  const { job } = await look(upstream, id);
  if (job?.status !== "pending" && job?.status !== "in_progress") return false;
  await tell(upstream, "queue", { delete: [id] });
  const { job: left } = await look(upstream, id);
  // Very old servers stop whatever runs, so it is only said while that is ours.
  if (left?.status === "in_progress") await tell(upstream, "interrupt", { prompt_id: id });
  return true;
}

/** Answered with an empty body. */
async function tell(upstream: Upstream, path: string, body: Json): Promise<void> {
  const called = await upstream.call({ method: "POST", path, body });
  if ("lost" in called || called.answer.status !== 200) answered(called);
}
