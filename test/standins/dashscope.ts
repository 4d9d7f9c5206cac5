/**
 * Alibaba Cloud Model Studio's task API, from section 3 of the contract and the vendor's page on managing asynchronous
 * tasks: async only, lower case refused, a failed task is an HTTP 200, an unknown one too, cancel while pending only.
 */
import { randomUUID } from "node:crypto";
import type { Script } from "../support/fake-script.ts";
import { BODIES, mediaProblems, type Order } from "./dashscope-bodies.ts";
import { type Ask, type Job, type Reply, type StandIn, startStandIn, type World } from "./standin.ts";
import { object, text } from "./strict.ts";

export const DASHSCOPE_KEY = "sk-dashscope-5eCr3t";

export interface DashscopeOptions {
  /** PixVerse is in Beijing only. */
  readonly region?: "beijing" | "singapore";
  /** Most tasks on a page of the list, whatever is asked for. */
  readonly pageSize?: number;
}

const SUBMIT = "/api/v1/services/aigc/video-generation/video-synthesis";
const TASK = /^\/api\/v1\/tasks\/([^/]+)(\/cancel)?$/;
/** A list that lags shows a task from the third look on. */
const LATE_LOOKS = 2;

export function startDashscope(options: DashscopeOptions = {}): Promise<StandIn> {
  const looks = new Map<string, number>();
  return startStandIn({
    answer(ask, world) {
      if (ask.headers.authorization !== `Bearer ${DASHSCOPE_KEY}`) return refusal(401);
      if (ask.method === "POST" && ask.path === SUBMIT) return submit(ask, world, options);
      if (ask.method === "GET" && /^\/api\/v1\/tasks\/?$/.test(ask.url.pathname)) {
        return listTasks(ask, world, { looks, most: options.pageSize ?? 100 });
      }
      const [, id, cancel] = TASK.exec(ask.path) ?? [];
      const job = world.jobs.get(decodeURIComponent(id ?? ""));
      if (id !== undefined && ask.method === "POST" && cancel) return cancelTask(job, world);
      if (id !== undefined && ask.method === "GET" && !cancel)
        return readTask(decodeURIComponent(id), job, world);
      world.complain(`there is no ${ask.method} ${ask.path}`);
      return { status: 404, body: { code: "NotFound", message: "No such path.", request_id: randomUUID() } };
    },
  });
}

function submit(ask: Ask, world: World, { region = "singapore" }: DashscopeOptions): Promise<Reply> | Reply {
  const order = ask.json as Order;
  if (ask.headers["x-dashscope-async"] !== "enable") {
    world.complain("X-DashScope-Async: enable is missing");
    return refusal(403, "AccessDenied", "current user api does not support synchronous calls");
  }
  const body = Object.hasOwn(BODIES, String(order?.model)) ? BODIES[order.model] : undefined;
  if (body === undefined || (order.model.startsWith("pixverse/") && region !== "beijing")) {
    world.complain(`there is no model ${order?.model} in ${region}`);
    return refusal(404, "ModelNotFound", `Model not exist: ${order?.model}.`);
  }
  const wrong = [...object({ model: text(), ...body })(order, "body"), ...mediaProblems(order)];
  if (wrong.length > 0) {
    for (const what of wrong) world.complain(what);
    return refusal(400, "InvalidParameter", wrong.join("; "));
  }
  return world.submit({
    prompt: order.input.prompt ?? "",
    id: randomUUID(),
    order,
    accepted: (job) => ({
      status: 200,
      body: { output: { task_id: job.id, task_status: "PENDING" }, request_id: randomUUID() },
    }),
    refused: (status, script) => {
      const echo = script["echo-key"] ? ` You sent ${ask.headers.authorization}.` : "";
      return refusal(status, script.code, `The request was refused.${echo}`);
    },
  });
}

const CODES: Readonly<Record<number, string>> = {
  400: "InvalidParameter",
  401: "InvalidApiKey",
  403: "AccessDenied",
  404: "ModelNotFound",
  429: "Throttling.RateQuota",
};

function refusal(status: number, code = CODES[status] ?? "InternalError", message = "It is wrong."): Reply {
  return { status, body: { code, message, request_id: randomUUID() } };
}

const WORDS: Readonly<Record<string, string>> = {
  queued: "PENDING",
  running: "RUNNING",
  succeeded: "SUCCEEDED",
  failed: "FAILED",
  cancelled: "CANCELED",
};

/** Ends that are no failure of the work: a success that names no file, and one that somebody else cancelled. */
const OTHER_ENDS: Readonly<Record<string, string>> = { no_url: "SUCCEEDED", canceled: "CANCELED" };

function statusOf(job: Job, world: World): string {
  const { status } = world.stateOf(job);
  const other = status === "failed" ? OTHER_ENDS[job.script.fail ?? ""] : undefined;
  return other ?? WORDS[status] ?? status;
}

const FAILURES: Readonly<Record<string, string>> = {
  content_policy: "DataInspectionFailed",
  capacity: "Throttling.Concurrency",
  melted: "InternalError.Algo",
};

function readTask(id: string, job: Job | undefined, world: World): Reply {
  const answer = (output: object, usage: object = {}): Reply => ({
    status: 200,
    body: { request_id: randomUUID(), output: { task_id: id, ...output }, ...usage },
  });
  if (!job) return answer({ task_status: "UNKNOWN" });
  const fault = world.faultOf(job, (status) => refusal(status));
  if (fault) return fault;
  const task_status = statusOf(job, world);
  const times = { submit_time: timeText(job.acceptedAt), scheduled_time: timeText(job.acceptedAt + 25) };
  if (task_status === "FAILED") return answer({ task_status, ...failureOf(job.script) });
  if (task_status !== "SUCCEEDED")
    return answer({ task_status, ...(task_status === "RUNNING" ? times : {}) });
  return answer({ task_status, ...times, ...resultOf(job, world) }, usageOf(job));
}

function failureOf({ fail = "" }: Script): object {
  return { code: FAILURES[fail] ?? fail, message: `The work failed with ${fail}.` };
}

function resultOf(job: Job, world: World): object {
  const { input, parameters } = job.order as Order;
  const prompt = input.prompt ?? "";
  return {
    end_time: timeText(Date.now()),
    ...(job.script.fail === "no_url" ? {} : { video_url: world.fileUrl(job) }),
    orig_prompt: prompt,
    ...(parameters?.prompt_extend === false ? {} : { actual_prompt: `${prompt} In warm light.` }),
  };
}

function usageOf({ order }: Job): object {
  const duration = (order as Order).parameters?.duration ?? 5;
  return { usage: { duration, video_count: 1, SR: 1080 } };
}

/** As the docs print it, in China's time. */
function timeText(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().replace("T", " ").replace("Z", "");
}

const QUERY: readonly string[] = [
  ...["task_id", "start_time", "end_time", "model_name", "status", "page_no", "page_size"],
];

function listTasks(
  { url }: Ask,
  world: World,
  { looks, most }: { readonly looks: Map<string, number>; readonly most: number },
): Reply {
  for (const name of url.searchParams.keys()) {
    if (!QUERY.includes(name)) world.complain(`the list of tasks has no ${name}`);
  }
  const model = url.searchParams.get("model_name");
  const shown = [...world.jobs.values()]
    .filter(({ order }) => model === null || (order as Order).model === model)
    .filter((job) => isShown(job, looks))
    .toSorted((a, b) => b.acceptedAt - a.acceptedAt);
  const pageNo = Number(url.searchParams.get("page_no") ?? 1);
  const pageSize = Math.min(most, Number(url.searchParams.get("page_size") ?? 10));
  const page = shown.slice((pageNo - 1) * pageSize, pageNo * pageSize);
  return {
    status: 200,
    body: {
      total: shown.length,
      data: page.map((job) => rowOf(job, world)),
      total_page: Math.ceil(shown.length / pageSize),
      page_no: pageNo,
      request_id: randomUUID(),
      page_size: pageSize,
    },
  };
}

function isShown({ id, script }: Job, looks: Map<string, number>): boolean {
  const look = (looks.get(id) ?? 0) + 1;
  looks.set(id, look);
  return script.find !== "nothing" && (script.find !== "later" || look > LATE_LOOKS);
}

function rowOf(job: Job, world: World): object {
  const { model } = job.order as Order;
  return {
    api_key_id: "15",
    caller_parent_id: "1",
    caller_uid: "1",
    gmt_create: job.acceptedAt,
    start_time: job.acceptedAt + 25,
    ...(world.hasEnded(job) ? { end_time: Date.now() } : {}),
    model_name: model,
    region: "ap-southeast-1",
    request_id: randomUUID(),
    status: statusOf(job, world),
    task_id: job.id,
    user_api_unique_key: `apikey:v1:aigc:video-generation:video-synthesis:${model}`,
  };
}

function cancelTask(job: Job | undefined, world: World): Reply {
  if (!job || world.stateOf(job).status !== "queued") {
    const message = "Failed to cancel the task, please confirm if the task is in PENDING status.";
    return refusal(400, "UnsupportedOperation", message);
  }
  world.cancel(job);
  return { status: 200, body: { request_id: randomUUID() } };
}
