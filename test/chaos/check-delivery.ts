/** Webhooks as the receiver got them, with their signatures computed again from the specification. */
import { createHmac } from "node:crypto";
import type { Evidence, Hook, TaskRow } from "./evidence.ts";
import { grouped, type Looked, type Property } from "./property.ts";

interface Told {
  readonly id: string;
  readonly status: string;
  readonly code: string | null;
}

function toldIn({ body }: Hook): Told {
  const { id, status, error } = JSON.parse(body) as {
    id: string;
    status: string;
    error: { code: string } | null;
  };
  return { id, status, code: error?.code ?? null };
}

function deliveredAtLeastOnce({ tasks, hooks, deliveries }: Evidence): Looked {
  const byTask = grouped(hooks, (hook) => toldIn(hook).id);
  const rows = new Map(deliveries.map((row) => [row.taskId, row.id]));
  const faults = tasks.flatMap((task) => {
    const got = byTask.get(task.id) ?? [];
    if (task.callbackUrl === null)
      return got.length > 0 ? [`${task.id} asked for no callback and had one`] : [];
    if (!got.some(({ answered }) => answered >= 200 && answered < 300)) {
      return [`${task.id} (${task.state}) was told ${got.length} times and never received`];
    }
    const ids = new Set(got.map(({ headers }) => headers["webhook-id"]));
    if (ids.size !== 1 || !ids.has(rows.get(task.id)))
      return [`${task.id} was told as ${[...ids].join(" and ")}`];
    const wrong = got.map(toldIn).find((told) => !isEndOf(told, task));
    return wrong ? [`${task.id} is ${task.state} and was told as ${wrong.status} ${wrong.code}`] : [];
  });
  return { checked: tasks.filter(({ callbackUrl }) => callbackUrl !== null).length, faults };
}

function isEndOf({ status, code }: Told, { state }: TaskRow): boolean {
  if (state === "cancelled") return status === "failed" && code === "request_cancelled";
  return status === state;
}

function signaturesHold({ tasks, hooks, secrets }: Evidence): Looked {
  const keys = new Map(tasks.map(({ id, keyId }) => [id, keyId]));
  const ofKey = grouped(secrets, ({ keyId }) => keyId);
  const faults = hooks.flatMap((hook) => {
    const { id } = toldIn(hook);
    const right = (ofKey.get(keys.get(id) ?? "") ?? []).some(({ secret }) => signs(secret, hook));
    return right ? [] : [`the signature of ${hook.headers["webhook-id"]} (${id}) is not of its key`];
  });
  return { checked: hooks.length, faults };
}

function signs(secret: string, { headers, body }: Hook): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const text = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const must = `v1,${createHmac("sha256", key).update(text).digest("base64")}`;
  return (headers["webhook-signature"] ?? "").split(" ").includes(must);
}

export const DELIVERY_PROPERTIES: readonly Property[] = [
  {
    says: "every ended task with a callback was delivered at least once, with one id",
    look: deliveredAtLeastOnce,
  },
  { says: "every delivery's signature is valid", look: signaturesHold },
];
