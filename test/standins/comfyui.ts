/**
 * ComfyUI's HTTP API (server.py @5e14d797 and comfy_execution/jobs.py, read 2026-11-20 and 2026-11-21), or that of an
 * older server: without /api/jobs, and without a check of ids that are sent twice.
 */
import { randomUUID } from "node:crypto";
import type { Reply } from "../support/fake-exchange.ts";
import type { Script } from "../support/fake-script.ts";
import { checkGraph, type Graph } from "./comfyui-graph.ts";
import { type Ask, type Job, type StandIn, startStandIn, type World } from "./standin.ts";

export interface ComfyuiOptions {
  /** `old`: knows the queue and the history only. `ancient`: makes its own ids, too, and stops whatever runs. */
  readonly age?: "new" | "old" | "ancient";
  /** What a proxy before it asks for. */
  readonly key?: string;
  /** What a finished job made, by node; else one video of the node that saves videos. */
  readonly outputs?: object;
  /** Ids of jobs that a restart or a cleared queue has lost. */
  readonly forgotten?: ReadonlySet<string>;
}

interface State {
  readonly options: ComfyuiOptions;
  readonly uploads: Set<string>;
  /** Taken out of the queue before they began. */
  readonly dequeued: Set<string>;
}

type Answer = ReturnType<Parameters<typeof startStandIn>[0]["answer"]>;

export async function startComfyui(options: ComfyuiOptions = {}): Promise<StandIn> {
  const { key } = options;
  const state: State = { options, uploads: new Set(["example.png"]), dequeued: new Set() };
  return startStandIn({
    answer(ask, world) {
      if (key !== undefined && ask.headers.authorization !== `Bearer ${key}`) {
        return { status: 401, body: "<html>401 Authorization Required</html>" };
      }
      return route(state, ask, world);
    },
  });
}

/** aiohttp's own pages: an unknown path is looked for among its files, which can only be read. */
const NO_SUCH_PAGE: Reply = { status: 404, body: "404: Not Found" };
const NO_SUCH_METHOD: Reply = { status: 405, body: "405: Method Not Allowed" };

function route(state: State, ask: Ask, world: World): Answer {
  const { method, url } = ask;
  const [, kind, id = "", act] = /^\/(history|api\/jobs)\/([^/]+)(\/cancel)?$/.exec(url.pathname) ?? [];
  const isNew = (state.options.age ?? "new") === "new";
  if (kind === "api/jobs" && isNew) {
    const job = jobOf(state, id, world);
    if (act === undefined) return method === "GET" ? viewJob(state, job, world) : NO_SUCH_METHOD;
    return method === "POST"
      ? { status: 200, body: { cancelled: cancel(state, job, world) } }
      : NO_SUCH_METHOD;
  }
  if (kind === "history" && method === "GET") return history(state, jobOf(state, id, world), world);
  const answer = ROUTES[`${method} ${url.pathname}`];
  if (answer) return answer(state, ask, world);
  return method === "GET" ? NO_SUCH_PAGE : NO_SUCH_METHOD;
}

const ROUTES: Readonly<Record<string, (state: State, ask: Ask, world: World) => Answer>> = {
  "POST /upload/image": upload,
  "POST /prompt": submit,
  "GET /prompt": (state, _ask, world) => {
    const { running, pending } = queueOf(state, world);
    return { status: 200, body: { exec_info: { queue_remaining: running.length + pending.length } } };
  },
  "GET /queue": (state, _ask, world) => {
    const { running, pending } = queueOf(state, world);
    const items = (jobs: readonly Job[]): unknown[] => jobs.map(({ id, order }, n) => [n, id, order, {}, []]);
    return { status: 200, body: { queue_running: items(running), queue_pending: items(pending) } };
  },
  "POST /queue": (state, ask, world) => {
    const { delete: ids = [] } = ask.json as { delete?: readonly string[] };
    for (const job of queueOf(state, world).pending) if (ids.includes(job.id)) state.dequeued.add(job.id);
    return { status: 200, body: "" };
  },
  "POST /interrupt": (state, ask, world) => {
    const { prompt_id: id } = ask.json as { prompt_id?: string };
    if (id === undefined) world.complain("an interrupt that names no prompt stops somebody else's");
    const any = state.options.age === "ancient";
    for (const job of queueOf(state, world).running)
      if ((any || job.id === id) && heeds(job)) world.cancel(job);
    return { status: 200, body: "" };
  },
  "GET /view": (_state, { url }, world) => {
    const { filename, subfolder, type } = Object.fromEntries(url.searchParams);
    const job = [...world.jobs.values()].find(({ id }) => filename === `${id}.mp4`);
    if (!job || subfolder !== "video" || type !== "output") return { status: 404, body: "" };
    return world.sendVideo(job);
  },
};

const FORM = ["image", "overwrite", "subfolder", "type"];

async function upload({ uploads }: State, ask: Ask, world: World): Promise<Reply> {
  const form = await ask.form();
  const image = form.get("image");
  for (const name of form.keys()) if (!FORM.includes(name)) world.complain(`an upload has no ${name}`);
  if (form.get("type") !== "input") world.complain(`an upload of type ${form.get("type")}`);
  if (image === null || typeof image === "string") {
    world.complain("an upload without a file");
    return { status: 400, body: "" };
  }
  if (image.name.startsWith("large")) return { status: 413, body: "413: Request Entity Too Large" };
  const subfolder = String(form.get("subfolder") ?? "");
  const path = subfolder === "" ? image.name : `${subfolder}/${image.name}`;
  const [stem, ending] = [path.replace(/\.\w+$/, ""), /\.\w+$/.exec(path)?.[0] ?? ""];
  let name = path;
  for (let n = 1; form.get("overwrite") !== "true" && uploads.has(name); n++)
    name = `${stem} (${n})${ending}`;
  uploads.add(name);
  return { status: 200, body: { name: name.split("/").at(-1), subfolder, type: "input" } };
}

const CANONICAL = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function submit({ options, uploads }: State, ask: Ask, world: World): Promise<Reply> {
  const { age = "new" } = options;
  const { prompt: graph, prompt_id: given, ...others } = ask.json as Record<string, unknown>;
  for (const name of Object.keys(others)) {
    if (!["client_id", "extra_data", "number", "front"].includes(name))
      world.complain(`a prompt has no ${name}`);
  }
  if (age === "new" && given !== undefined && !CANONICAL.test(String(given))) {
    world.complain(`prompt_id is ${given}`);
    const error = {
      type: "invalid_prompt_id",
      message: "prompt_id must be a valid UUID",
      details: "",
      extra_info: {},
    };
    return { status: 400, body: { error, node_errors: {} } };
  }
  const { complaints, refusal } = checkGraph(graph, uploads);
  for (const complaint of complaints) world.complain(complaint);
  if (refusal) return refusal;
  const id = age === "ancient" || given === undefined ? randomUUID() : String(given);
  if (age === "new" && world.jobs.has(id))
    return { status: 409, body: { error: "prompt_id already exists" } };
  return world.submit({
    ...{ prompt: promptOf(graph as Graph), id, order: graph },
    accepted: ({ id: prompt_id }) => ({ status: 200, body: { prompt_id, number: 7, node_errors: {} } }),
    refused: (status, script) => refusalOf(status, script, ask),
  });
}

/** Where the script is. */
function promptOf(graph: Graph): string {
  const texts = Object.values(graph).map(({ inputs }) => String(inputs.text ?? ""));
  return texts.find((one) => one.includes("script:")) ?? "";
}

function refusalOf(status: number, script: Script, { headers }: Ask): Reply {
  if (status !== 400) return { status, body: `<html>${status}, says the proxy</html>` };
  const said = script["echo-key"] ? `Not with ${headers.authorization}.` : "Value not in list";
  const type = script.code === "node" ? "missing_node_type" : "prompt_outputs_failed_validation";
  const errors = [
    { type: "value_not_in_list", message: said, details: "unet_name: 'x' not in []", extra_info: {} },
  ];
  const node_errors = type === "missing_node_type" ? {} : { "1": { errors, class_type: "UNETLoader" } };
  return {
    status,
    body: { error: { type, message: "Prompt failed", details: "", extra_info: {} }, node_errors },
  };
}

function jobOf({ options, dequeued }: State, id: string, world: World): Job | undefined {
  return dequeued.has(id) || options.forgotten?.has(id) ? undefined : world.jobs.get(id);
}

function queueOf(
  state: State,
  world: World,
): { readonly running: readonly Job[]; readonly pending: readonly Job[] } {
  const left = [...world.jobs.keys()].flatMap((id) => jobOf(state, id, world) ?? []);
  const open = left.filter((job) => !world.hasEnded(job));
  const isPending = (job: Job): boolean => world.stateOf(job).status === "queued";
  return { running: open.filter((job) => !isPending(job)), pending: open.filter(isPending) };
}

const WORDS: Readonly<Record<string, string>> = {
  queued: "pending",
  running: "in_progress",
  succeeded: "completed",
  failed: "failed",
  cancelled: "cancelled",
};

function viewJob({ options }: State, job: Job | undefined, world: World): Reply {
  const none: Reply = { status: 404, body: { error: "Job not found" } };
  if (!job) return none;
  const fault = world.faultOf(job, (status) =>
    status === 404 ? none : { status, body: `<html>${status}, says the proxy</html>` },
  );
  if (fault) return fault;
  const { status } = world.stateOf(job);
  const word = WORDS[status] ?? status;
  const shared = { id: job.id, status: word, create_time: job.acceptedAt };
  if (!world.hasEnded(job)) return { status: 200, body: { ...shared, outputs_count: 0 } };
  const outputs = word === "completed" ? outputsOf(options, job) : {};
  const error = word === "failed" ? { execution_error: exceptionOf(job) } : {};
  return {
    status: 200,
    body: { ...shared, ...error, outputs, outputs_count: 1, workflow: { prompt: job.order } },
  };
}

function exceptionOf({ script, id }: Job): object {
  const type = script.fail === "picture" ? "PIL.UnidentifiedImageError" : "RuntimeError";
  const message = `It failed with ${script.fail}.\n`;
  return {
    ...{ prompt_id: id, node_id: "11", node_type: "KSamplerAdvanced", executed: ["1", "2"] },
    ...{ exception_message: message, exception_type: type, traceback: ["  File x.py"], current_inputs: {} },
  };
}

/** As SaveVideo tells them: among the images, and animated. */
function outputsOf({ outputs }: ComfyuiOptions, { id, order }: Job): object {
  if (outputs) return JSON.parse(JSON.stringify(outputs).replaceAll("{id}", id)) as object;
  const [node = ""] =
    Object.entries(order as Graph).find(([, { class_type }]) => class_type === "SaveVideo") ?? [];
  return {
    [node]: { images: [{ filename: `${id}.mp4`, subfolder: "video", type: "output" }], animated: [true] },
  };
}

/** `{}` until the end. */
function history({ options }: State, job: Job | undefined, world: World): Reply {
  if (!job || !world.hasEnded(job)) return { status: 200, body: {} };
  const fault = world.faultOf(job, (status) =>
    status === 404 ? { status: 200, body: {} } : { status, body: `<html>${status}, says the proxy</html>` },
  );
  if (fault) return fault;
  const { status } = world.stateOf(job);
  const messages: unknown[] = [["execution_start", { prompt_id: job.id }]];
  if (status === "failed") messages.push(["execution_error", exceptionOf(job)]);
  if (status === "cancelled") messages.push(["execution_interrupted", { prompt_id: job.id }]);
  const isDone = status === "succeeded";
  const entry = {
    prompt: [0, job.id, job.order, {}, []],
    outputs: isDone ? outputsOf(options, job) : {},
    status: { status_str: isDone ? "success" : "error", completed: isDone, messages },
  };
  return { status: 200, body: { [job.id]: entry } };
}

/** Whether an interrupt reaches it: the last step has no check after it. */
function heeds({ script }: Job): boolean {
  return script.cancel === undefined || script.cancel === "works";
}

/** Whether anything was told to stop. */
function cancel({ dequeued }: State, job: Job | undefined, world: World): boolean {
  if (!job || world.hasEnded(job) || job.script.cancel === "too-late") return false;
  if (world.stateOf(job).status === "queued") dequeued.add(job.id);
  else if (heeds(job)) world.cancel(job);
  return true;
}
