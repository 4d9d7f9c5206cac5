/**
 * A ComfyUI of the operator's own. It runs graphs, so an endpoint is the name of one, and the operator's file says where
 * in it each parameter goes (`comfyui-workflow.ts`).
 *
 * The one provider here that tells repeats apart: an attempt's job has an id that follows from the attempt, and a server
 * that has it already says so (409). Nothing is ever looked for in a list.
 */
import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { FormData } from "undici";
import { ReelayError } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { CONTENT_TYPES } from "../core/media.ts";
import type { InputFile, Provider, Submission, Submitted, Work } from "../core/provider.ts";
import type { ProviderKind, ProviderOptions } from "../core/provider-kind.ts";
import { look, stop, toProgress } from "./comfyui-job.ts";
import { fillGraph, readWorkflows, type Workflow } from "./comfyui-workflow.ts";
import { answered, pinged, refuse, refuseForNow, toSubmitted, unsaid } from "./upstream-answer.ts";
import { openSayer, type Say, textAt, valueAt } from "./upstream-body.ts";
import { type Answer, openUpstream, type Upstream } from "./upstream-call.ts";

export const comfyui: ProviderKind = {
  kind: "comfyui",
  title: "a ComfyUI of one's own",
  url: null,
  // It asks for none itself; one goes along as a bearer token, for a proxy before it.
  key: "optional",
  // It runs one at a time; the second is queued there, so that it does not wait between two looks of ours.
  concurrency: 2,
  checksPerSecond: 10,
  settings: {
    workflows: {
      about: "Its workflows: a JSON file, or a folder with workflows.json (samples/comfyui has one)",
      required: true,
    },
  },
  open: openComfyui,
};

interface Ticket {
  readonly prompt: string;
  /** The node that saves the video; left out: any. */
  readonly node?: string;
  /** Parameters that the client left open and we drew. */
  readonly drawn?: Readonly<Record<string, number>>;
}

/**
 * After an answer was lost, until the server has surely taken up what it had received: its event loop may be held up for
 * seconds. From then on no job means that there is none; and one that comes later all the same has the id of the next.
 */
const LATE_MS = 20_000;
const MOST_LOST = 1_000;

async function openComfyui(options: ProviderOptions): Promise<Provider> {
  const { key, now } = options;
  const workflows = await readWorkflows(options.settings.workflows ?? "");
  const upstream = openUpstream({
    baseUrl: options.baseUrl,
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    connectMs: options.connectMs,
    totalMs: options.totalMs,
  });
  const say = openSayer(key, wordsOf);
  // When the answers to attempts were lost; those of an earlier process at the latest when this one began.
  const openedAt = now();
  const lostAt = new Map<string, number>();

  return {
    id: options.id,
    kind: comfyui.kind,
    free: false,
    concurrency: options.concurrency,
    pollEveryMs: options.pollEveryMs ?? 2_000,
    checksPerSecond: options.checksPerSecond,
    reconcileMs: options.reconcileMs ?? 60_000,
    prior: () => 180,
    serves: (endpoint) => workflows.has(endpoint),
    prepare: (work, signal) => uploadAll(upstream, work, signal),
    async submit(work, signal) {
      const workflow = workflows.get(work.endpoint);
      if (!workflow) return refuse("provider_account", `This ComfyUI has no workflow "${work.endpoint}".`);
      const homeless = Object.keys(valuesOf(work)).filter((name) => !Object.hasOwn(workflow.inputs, name));
      if (homeless.length > 0) return refuse("provider_account", noPlaceFor(homeless, work.endpoint));
      const { graph, ticket } = toOrder(workflow, work);
      const body = { prompt: graph, prompt_id: ticket.prompt };
      const called = await upstream.call({ method: "POST", path: "prompt", body, signal });
      const submitted = toSubmitted(called, signal, (answer) => read(answer, ticket, say));
      if ("unknown" in submitted) remember(lostAt, work.attemptId, now());
      return submitted;
    },
    async check(ticket, signal) {
      const { prompt, node, drawn = {} } = ticket as unknown as Ticket;
      const { job } = await look(upstream, prompt, signal);
      return toProgress(upstream, job, { node, meta: drawn, say });
    },
    async find(attemptId, work) {
      const workflow = workflows.get(work.endpoint);
      // Whoever lets a job go describes no work: its id is all that is needed then.
      const ticket = workflow
        ? toOrder(workflow, { ...work, attemptId }).ticket
        : { prompt: promptIdOf(attemptId) };
      const { job, old } = await look(upstream, ticket.prompt);
      if (job) return { accepted: ticket as unknown as JsonObject };
      // A server that does not check ids could make it twice.
      const settled = now() >= (lostAt.get(attemptId) ?? openedAt) + LATE_MS;
      return settled && !old ? "absent" : "unknown";
    },
    cancel: (ticket) => stop(upstream, (ticket as unknown as Ticket).prompt),
    async ping(signal) {
      const { body } = pinged(await upstream.call({ method: "GET", path: "prompt", signal }));
      return `${valueAt(body, "exec_info", "queue_remaining") ?? "an unknown number of"} in its queue`;
    },
    close: upstream.close,
  };
}

/** A UUID in the canonical lower-case form, without which the server refuses it: RFC 9562's version 8, which is for hashes. */
function promptIdOf(attemptId: string): string {
  const bytes = createHash("sha256").update(`reelay ${attemptId}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function remember(times: Map<string, number>, attemptId: string, at: number): void {
  times.set(attemptId, at);
  const [oldest] = times.keys();
  if (times.size > MOST_LOST && oldest !== undefined) times.delete(oldest);
}

/** Of files their names there, as `prepare` was told them. */
function valuesOf({
  params,
  media,
  prepared,
}: Pick<Submission, "params" | "media" | "prepared">): JsonObject {
  const names = Object.keys(media).map((name) => {
    const uploaded = textAt(prepared, name);
    // The graph would go on with its own example picture.
    if (uploaded === undefined) throw new Error(`The file of "${name}" was not uploaded.`);
    return [name, uploaded];
  });
  return { ...params, ...Object.fromEntries(names) };
}

function noPlaceFor(names: readonly string[], endpoint: string): string {
  const list = names.map((name) => `"${name}"`).join(", ");
  return `The workflow "${endpoint}" has no place for ${list}; the operator has to name one under its inputs, or say in the model's route why it is not sent.`;
}

function toOrder(
  workflow: Workflow,
  work: Submission,
): { readonly graph: JsonObject; readonly ticket: Ticket } {
  const { graph, drawn } = fillGraph(workflow, valuesOf(work), work.attemptId);
  const ticket: Ticket = {
    prompt: promptIdOf(work.attemptId),
    ...(workflow.output === undefined ? {} : { node: workflow.output }),
    ...(Object.keys(drawn).length === 0 ? {} : { drawn }),
  };
  return { graph, ticket };
}

/** Where uploads go, below the server's folder for inputs; it has no way to remove them again. */
const FOLDER = "reelay";

async function uploadAll(upstream: Upstream, { media }: Work, signal: AbortSignal): Promise<Json> {
  const names: Record<string, string> = {};
  for (const [name, file] of Object.entries(media)) names[name] = await upload(upstream, file, signal);
  return names;
}

/** Named after our file, so that the same one again takes its own place. */
async function upload(upstream: Upstream, file: InputFile, signal: AbortSignal): Promise<string> {
  const { type } = file.facts;
  const form = new FormData();
  form.append("image", await openAsBlob(file.path, { type: CONTENT_TYPES[type] }), `${file.fileId}.${type}`);
  for (const [name, value] of Object.entries({ type: "input", subfolder: FOLDER, overwrite: "true" })) {
    form.append(name, value);
  }
  const called = await upstream.call({ method: "POST", path: "upload/image", form, signal });
  if (signal.aborted) throw signal.reason;
  const { status, body } = answered(called, [400, 401, 403, 404, 405, 413]);
  const refusal = REFUSED[status];
  if (status === 413)
    throw new ReelayError("input_out_of_limits", "The file is larger than this ComfyUI takes.");
  if (refusal) throw new ReelayError("provider_account", refusal);
  const name = textAt(body, "name");
  if (name === undefined)
    throw new ReelayError("provider_failed", `ComfyUI did not take the file (${status}).`);
  const subfolder = textAt(body, "subfolder") ?? "";
  return subfolder === "" ? name : `${subfolder}/${name}`;
}

const KEY = "The proxy before ComfyUI did not accept this server's key; its operator has to set a right one.";
const ELSEWHERE = "There is no ComfyUI at the url that is set; the operator has to set another.";
const REFUSED: Readonly<Record<number, string>> = { 401: KEY, 403: KEY, 404: ELSEWHERE, 405: ELSEWHERE };
const NO_NODE = "ComfyUI lacks a node that the workflow uses; the operator has to install it there.";

function read({ status, body, retryAfterMs }: Answer, ticket: Ticket, say: Say): Submitted {
  if (status >= 200 && status < 300) {
    // An old server may make an id of its own, whatever it is sent.
    const prompt = textAt(body, "prompt_id");
    return prompt ? { accepted: { ...ticket, prompt } as unknown as JsonObject } : unsaid(status);
  }
  // It has this attempt's job already.
  if (status === 409) return { accepted: ticket as unknown as JsonObject };
  if (status === 429) return refuseForNow("ComfyUI takes no more work at present.", retryAfterMs);
  const sentence = REFUSED[status];
  if (sentence) return refuse("provider_account", sentence);
  if (status !== 400 && status !== 413) return unsaid(status);
  if (textAt(body, "error", "type") === "missing_node_type") return refuse("provider_account", NO_NODE);
  return refuse("provider_refused", `ComfyUI refused the workflow${say(body)}.`);
}

/** Of a refused graph what is wrong with it and its first node; of a job that failed its exception. */
function wordsOf(body: Json): string | undefined {
  const exception = textAt(body, "exception_message");
  if (exception !== undefined) return exception;
  const [node] = Object.values((valueAt(body, "node_errors") ?? {}) as object) as Json[];
  const problems = valueAt(node ?? null, "errors");
  const [first = null] = Array.isArray(problems) ? (problems as Json[]) : [];
  const said = [textAt(body, "error", "message"), textAt(first, "message"), textAt(first, "details")];
  return said.filter((part) => part !== undefined && part !== "").join(": ");
}
