/**
 * Looking for an attempt whose answer was lost in the account's list of tasks. The list names models and times and no
 * prompts (help.aliyun.com and platform.qianwenai.com, "manage asynchronous tasks", stored copies read 2026-11-21); a
 * task shows its prompt once it has succeeded. So one is taken only when it is done and says what we asked for: until
 * then nothing tells it from the same model's task of another client, and its file could not be had sooner anyway.
 */
import type { Json } from "../core/json.ts";
import type { Found, Submission } from "../core/provider.ts";
import { textAt, valueAt } from "./upstream-body.ts";
import type { Lost, Span } from "./upstream-lost.ts";

/** Asks for a path below the base URL; rejects where there is no answer. */
export type Ask = (path: string) => Promise<Json>;

export const TASKS = "api/v1/tasks";

/** Documented default is 10, a maximum is not documented; the answer's own `total_page` is believed. */
const PAGE_SIZE = 100;
const MOST_PAGES = 10;
/** More tasks of one model within minutes than this are not looked through. */
const MOST_CANDIDATES = 200;
const MOST_PROMPTS = 5_000;

interface Row {
  readonly task: string;
  readonly status: string;
}

export function openFind(
  ask: Ask,
  lost: Lost,
): (attemptId: string, work: Pick<Submission, "endpoint" | "params">) => Promise<Found> {
  const prompts = new Map<string, string>();

  /** What was asked of a task that is done. It does not change, and the account has 20 questions a second. */
  const promptOf = async (task: string): Promise<string> => {
    const known = prompts.get(task);
    if (known !== undefined) return known;
    const prompt = textAt(await ask(`${TASKS}/${encodeURIComponent(task)}`), "output", "orig_prompt") ?? "";
    if (prompts.size >= MOST_PROMPTS) prompts.clear();
    prompts.set(task, prompt);
    return prompt;
  };

  return async (attemptId, { endpoint, params }) => {
    const prompt = params["input.prompt"];
    // Whoever lets a task go describes no work; and without a prompt nothing tells two tasks apart.
    if (endpoint === "" || typeof prompt !== "string" || prompt.trim() === "") return "unknown";
    const span = lost.look(attemptId, likenessOf({ endpoint, params }));
    if (span === undefined) return "unknown";
    const listed = await listTasks(ask, endpoint, span);
    const rows = listed?.filter(({ task }) => lost.mayBe(task, attemptId)) ?? [];
    if (listed === undefined || rows.length > MOST_CANDIDATES) return "unknown";
    if (rows.some(({ status }) => !ENDED.has(status))) return "unknown";
    const same: string[] = [];
    for (const { task, status } of rows) {
      if (status === "SUCCEEDED" && (await promptOf(task)).trim() === prompt.trim()) same.push(task);
    }
    const [task, ...others] = same;
    if (task === undefined || others.length > 0 || lost.hasTwin(attemptId)) return "unknown";
    lost.end(attemptId, task);
    return { accepted: { task } };
  };
}

/** All that a task shows of what was asked for. */
export function likenessOf({ endpoint, params }: Pick<Submission, "endpoint" | "params">): string {
  return `${endpoint} ${String(params["input.prompt"] ?? "").trim()}`;
}

/** The rest is pending, running or new to us, and may still turn out to be the one. */
const ENDED: ReadonlySet<string> = new Set(["SUCCEEDED", "FAILED", "CANCELED", "UNKNOWN"]);

/**
 * The model's tasks of that time; undefined where they are more than is sensible to read. `start_time` and `end_time`
 * of the query are left out: the docs give their digits and no time zone, and without them it is the last 24 hours,
 * which is all that is kept. `gmt_create` has none of that doubt.
 */
async function listTasks(ask: Ask, model: string, { from, to }: Span): Promise<readonly Row[] | undefined> {
  const rows: Row[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const query = new URLSearchParams({
      model_name: model,
      page_no: String(page),
      page_size: String(PAGE_SIZE),
    });
    const body = await ask(`${TASKS}/?${query}`);
    const data = valueAt(body, "data");
    if (!Array.isArray(data)) throw new Error("The provider's list of tasks is none.");
    let older = data.length === 0;
    for (const one of data as Json[]) {
      const at = valueAt(one, "gmt_create");
      const task = textAt(one, "task_id");
      if (typeof at !== "number" || task === undefined || textAt(one, "model_name") !== model) continue;
      // Newest first, as in the docs' example.
      older ||= at < from;
      if (at >= from && at <= to) rows.push({ task, status: textAt(one, "status") ?? "" });
    }
    if (older || page >= Number(valueAt(body, "total_page") ?? 1)) return rows;
  }
  return undefined;
}
