/** One operation of the chaos run's client: its invocation and its end are in the history, whatever becomes of it. */
import { createHash } from "node:crypto";
import { request } from "undici";
import type { HistoryEvent, Note, Seen } from "./history.ts";

interface Answer {
  readonly type: "ok" | "fail" | "info";
  /** null where no answer came. */
  readonly status: number | null;
  readonly tasks: readonly WireTask[];
}

export interface WireTask {
  readonly id: string;
  readonly status: string;
  readonly error: { readonly code: string } | null;
  readonly results: readonly { readonly url: string; readonly sha256: string }[] | null;
  readonly usage: { readonly credits_reserved: number; readonly billing: string };
}

interface Call {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly key: string;
  readonly body?: object;
  readonly idempotencyKey?: string | null;
  /** What the history says of it, besides how it ended. */
  readonly event: Pick<HistoryEvent, "act"> & Partial<HistoryEvent>;
}

export interface Client {
  call(call: Call): Promise<Answer>;
  /** Hashes what comes. Resolves false where nobody answered. */
  download(task: WireTask): Promise<boolean>;
  /** Answers by what was asked: "create 200" -> how often. */
  readonly answers: ReadonlyMap<string, number>;
}

const PATIENCE_MS = 5_000;
const NEVER_SENT = ["ECONNREFUSED", "UND_ERR_CONNECT_TIMEOUT"];

export function openClient(origin: string, note: Note): Client {
  const answers = new Map<string, number>();
  let ops = 0;

  const count = (what: string): void => void answers.set(what, (answers.get(what) ?? 0) + 1);

  return {
    answers,
    async call({ method, path, key, body, idempotencyKey, event }) {
      const op = ++ops;
      note({ ...event, op, type: "invoke" });
      const answer = await ask(origin + path, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
          ...(idempotencyKey ? { "idempotency-key": idempotencyKey } : {}),
        },
        body: body === undefined ? null : JSON.stringify(body),
      });
      count(`${event.act} ${answer.status ?? answer.type}`);
      note({ ...event, op, type: answer.type, status: answer.status, tasks: answer.tasks.map(toSeen) });
      return answer;
    },
    async download({ id, results }) {
      const [result] = results ?? [];
      if (!result) return true;
      const op = ++ops;
      const event = { act: "download", op, taskId: id, promised: result.sha256 } as const;
      note({ ...event, type: "invoke" });
      try {
        const { pathname, search } = new URL(result.url);
        const { statusCode, body } = await request(origin + pathname + search, timely());
        const bytes = Buffer.from(await body.arrayBuffer());
        count(`download ${statusCode}`);
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        note({ ...event, type: statusCode === 200 ? "ok" : "fail", status: statusCode, sha256 });
        return true;
      } catch {
        note({ ...event, type: "info", status: null });
        return false;
      }
    },
  };
}

function timely(): { readonly headersTimeout: number; readonly bodyTimeout: number } {
  return { headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS };
}

interface Sending {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

async function ask(url: string, sending: Sending): Promise<Answer> {
  try {
    // A socket of its own: one kept from before the last kill says nothing about this operation.
    const response = await request(url, { ...sending, ...timely(), reset: true });
    const status = response.statusCode;
    const text = await response.body.text();
    if (status >= 200 && status < 300) return { type: "ok", status, tasks: tasksIn(JSON.parse(text)) };
    // Of a 5xx but "overloaded" nobody knows what it did before.
    return { type: status < 500 || status === 503 ? "fail" : "info", status, tasks: [] };
  } catch (error) {
    const { code = "" } = error as { code?: string };
    return { type: NEVER_SENT.includes(code) ? "fail" : "info", status: null, tasks: [] };
  }
}

function tasksIn(body: unknown): readonly WireTask[] {
  const { object, data } = body as { object?: string; data?: readonly WireTask[] };
  return object === "list" ? (data ?? []) : [body as WireTask];
}

function toSeen({ id, status, error, results, usage }: WireTask): Seen {
  return {
    id,
    status,
    code: error?.code ?? null,
    sha256: (results ?? []).map((one) => one.sha256),
    credits: usage.credits_reserved,
    billing: usage.billing,
  };
}
