/**
 * What must hold after any chaos run. Each property is a function from the evidence to how many cases it looked at
 * and a sentence for each that is wrong; it imports nothing of the server.
 */
import { BALANCE_PROPERTIES } from "./check-balance.ts";
import { DELIVERY_PROPERTIES } from "./check-delivery.ts";
import { UPSTREAM_PROPERTIES } from "./check-upstream.ts";
import { type Evidence, markerOf } from "./evidence.ts";
import type { HistoryEvent, Seen } from "./history.ts";
import { grouped, type Looked, type Property } from "./property.ts";

export interface Verdict extends Looked {
  readonly says: string;
}

const TERMINAL = ["completed", "failed", "cancelled"];
/** A cancelled task is, on the wire, one that failed with this code. */
const CANCELLED = "request_cancelled";

export function check(evidence: Evidence): readonly Verdict[] {
  return PROPERTIES.map(({ says, look }) => ({ says, ...look(evidence) }));
}

function acknowledged(history: readonly HistoryEvent[]): readonly (HistoryEvent & { readonly id: string })[] {
  return history
    .filter(({ act, type }) => act === "create" && type === "ok")
    .flatMap((event) => (event.tasks ?? []).map(({ id }) => ({ ...event, id })));
}

/** In the database with the create's own key and words, and never answered with 404 since. */
function nothingLost({ history, tasks }: Evidence): Looked {
  const known = new Map(tasks.map((task) => [task.id, task]));
  const made = new Map(acknowledged(history).map((event) => [event.id, event]));
  const faults = [...made].flatMap(([id, { marker, keyId }]) => {
    const task = known.get(id);
    if (!task) return [`${id} (${marker}) was acknowledged and is not in the database`];
    if (task.keyId !== keyId) return [`${id} was made by ${keyId} and belongs to ${task.keyId}`];
    return markerOf(task.prompt) === marker ? [] : [`${id} was made as ${marker} and says "${task.prompt}"`];
  });
  const missed = history.filter(
    ({ act, status, taskId }) => act !== "create" && status === 404 && taskId !== undefined,
  );
  return {
    checked: made.size,
    faults: [...faults, ...missed.map(({ taskId }) => `${taskId} was answered with 404`)],
  };
}

function allEnded({ tasks }: Evidence): Looked {
  const open = tasks.filter(({ state }) => !TERMINAL.includes(state));
  return {
    checked: tasks.length,
    faults: open.map(({ id, state, prompt }) => `${id} is still ${state} (${prompt})`),
  };
}

const isEnd = ({ status }: Seen): boolean => status === "completed" || status === "failed";
const endOf = ({ status, code, sha256, credits, billing }: Seen): string =>
  [status, code, credits, billing, ...sha256].join(" ");

/** Whoever asks after an end was answered must be answered with the same end, and the database must agree. */
function endsAreFinal({ history, tasks }: Evidence): Looked {
  const states = new Map(tasks.map(({ id, state }) => [id, state]));
  const ends = new Map<string, string>();
  const faults: string[] = [];
  /** What had been seen to have ended when the operation began. */
  const endedBefore = new Map<number, number>();
  const order = new Map<string, number>();
  for (const { op, type, tasks: seen = [] } of history) {
    if (type === "invoke") endedBefore.set(op, order.size);
    for (const one of seen) {
      const known = ends.get(one.id);
      if (isEnd(one)) {
        if (known === undefined) {
          ends.set(one.id, endOf(one));
          order.set(one.id, order.size);
        } else if (known !== endOf(one))
          faults.push(`${one.id} ended as "${known}" and then as "${endOf(one)}"`);
      } else if ((order.get(one.id) ?? Number.POSITIVE_INFINITY) < (endedBefore.get(op) ?? 0)) {
        faults.push(`${one.id} had ended and is ${one.status} again`);
      }
    }
  }
  for (const [id, end] of ends) {
    const [status, code] = end.split(" ");
    const state = code === CANCELLED ? "cancelled" : status;
    if (states.get(id) !== state)
      faults.push(`${id} was seen ${state} and is ${states.get(id)} in the database`);
  }
  return { checked: ends.size, faults };
}

/** Counted over every create, also those whose answer was lost: none may have become two tasks. */
function oneTaskForOneKey({ history, tasks }: Evidence): Looked {
  const creates = history.filter(({ act, type }) => act === "create" && type === "invoke");
  const sends = grouped(
    creates.filter(({ idempotencyKey }) => idempotencyKey),
    ({ idempotencyKey }) => idempotencyKey as string,
  );
  const answers = grouped(acknowledged(history), ({ marker }) => marker);
  const rows = grouped(tasks, ({ prompt }) => markerOf(prompt));
  const faults = [...new Set(creates.map(({ marker = "" }) => marker))].flatMap((marker) => {
    const ids = new Set([...(answers.get(marker) ?? []), ...(rows.get(marker) ?? [])].map(({ id }) => id));
    return ids.size > 1 ? [`${marker} became ${[...ids].join(" and ")}`] : [];
  });
  return { checked: [...sends.values()].filter(({ length }) => length > 1).length, faults };
}

function bytesMatch({ history, tasks, results }: Evidence): Looked {
  const byTask = grouped(results, ({ taskId }) => taskId);
  const told = new Map(
    history.flatMap((event) => (event.tasks ?? []).map((one) => [one.id, one.sha256] as const)),
  );
  const broken = results.filter(({ sha256, found }) => sha256 !== found);
  const completed = tasks.filter(({ state }) => state === "completed");
  const downloads = history.filter(({ act, type }) => act === "download" && type === "ok");
  const wrong = downloads.filter(({ sha256, promised }) => sha256 !== promised);
  return {
    checked: results.length + downloads.length,
    faults: [
      ...broken.map(({ taskId, sha256, found }) => `${taskId}: the file has ${found}, its record ${sha256}`),
      ...completed.flatMap(({ id }) => {
        const [file, ...more] = byTask.get(id) ?? [];
        if (!file || more.length > 0)
          return [`${id} is completed with ${file ? more.length + 1 : 0} results`];
        const [said = file.sha256] = told.get(id) ?? [];
        return said === file.sha256
          ? []
          : [`${id}: the client was told ${said}, the record says ${file.sha256}`];
      }),
      ...wrong.map(({ taskId, sha256 }) => `${taskId}: a download had ${sha256}`),
    ],
  };
}

const PROPERTIES: readonly Property[] = [
  { says: "no task that was acknowledged with 2xx is lost", look: nothingLost },
  { says: "every task reached a terminal state", look: allEnded },
  ...UPSTREAM_PROPERTIES,
  { says: "a terminal state never changed, for any reader", look: endsAreFinal },
  { says: "the same idempotency key gave one task", look: oneTaskForOneKey },
  ...BALANCE_PROPERTIES,
  ...DELIVERY_PROPERTIES,
  { says: "the bytes of completed tasks match their sha256", look: bytesMatch },
  {
    says: "PRAGMA integrity_check says ok",
    look: ({ integrity }) => ({ checked: 1, faults: integrity === "ok" ? [] : [integrity] }),
  },
];
