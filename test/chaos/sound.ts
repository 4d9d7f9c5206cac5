/** A small history in which nothing is wrong, and the pieces that faults are planted with. */
import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { check } from "./check.ts";
import type { Evidence, Hook, LedgerRow, UpstreamEntry } from "./evidence.ts";
import type { HistoryEvent, Seen } from "./history.ts";

const SECRET = `whsec_${Buffer.from("a secret of the key").toString("base64")}`;
export const HASH = "a".repeat(64);

export const done: Seen = {
  id: "t1",
  status: "completed",
  code: null,
  sha256: [HASH],
  credits: 2.5,
  billing: "charged",
};
export const begun: Seen = { ...done, status: "pending", sha256: [], billing: "held" };
export const failed: Seen = {
  id: "t2",
  status: "failed",
  code: "task_failed",
  sha256: [],
  credits: 0,
  billing: "released",
};

export function hook(id: string, told: object, secret = SECRET): Hook {
  const body = JSON.stringify(told);
  const key = Buffer.from(secret.slice(6), "base64");
  const signature = createHmac("sha256", key).update(`${id}.1700000000.${body}`).digest("base64");
  return {
    headers: {
      "webhook-id": id,
      "webhook-timestamp": "1700000000",
      "webhook-signature": `v1,AAAA v1,${signature}`,
    },
    body,
    answered: 200,
  };
}

export const told = { id: "t1", status: "completed", error: null };

/** A request as its upstream saw it come, with the right key unless another is given. */
export function asked(
  by: string,
  [method, path, body]: readonly [method: string, path: string, body?: unknown],
  { n = 1, key = `key-of-${by}` }: { readonly n?: number; readonly key?: string | null } = {},
): readonly UpstreamEntry[] {
  return [
    { by, event: "key", method, path, key },
    { by, event: "request", n, method, path, body },
  ];
}

export function refused(
  attempt: string,
  marker: string,
  by: string,
  { code, status = 422 }: { readonly code: string; readonly status?: number },
): readonly UpstreamEntry[] {
  const [key, request] = submit(attempt, marker, "", by);
  const answer: UpstreamEntry = { by, event: "answer", n: 1, status, body: { error: { code } } };
  return [key, request, answer].flatMap((entry) => entry ?? []);
}

export function submit(attempt: string, marker: string, job: string, by = "one"): readonly UpstreamEntry[] {
  const body = { attempt, params: { prompt: `Waves. op=${marker} script: status=500` } };
  return [
    ...asked(by, ["POST", "/jobs", body]),
    { by, event: "accepted", n: 1, attempt, job },
    { by, event: "answer", n: 1, status: 202, body: { job } },
  ];
}

export const answered = (job: string, status: string, by = "one", code?: string): UpstreamEntry => ({
  ...{ by, event: "answer", n: 9, status: 200 },
  body: { job, status, ...(code === undefined ? {} : { error: { code } }) },
});

export type Bare = Omit<HistoryEvent, "at">;
export const create = (op: number, marker: string, seen: readonly Seen[]): readonly Bare[] => {
  const shared = { op, act: "create", marker, idempotencyKey: `key-${marker}`, keyId: "k1" } as const;
  return [
    { ...shared, type: "invoke" },
    { ...shared, type: seen.length > 0 ? "ok" : "info", status: seen.length > 0 ? 200 : null, tasks: seen },
  ];
};
export const read = (op: number, seen: Seen): readonly Bare[] => [
  { op, act: "read", type: "invoke", taskId: seen.id },
  { op, act: "read", type: "ok", status: 200, taskId: seen.id, tasks: [seen] },
];
export const history = (...events: readonly (readonly Bare[])[]): readonly HistoryEvent[] =>
  events.flat().map((event, at) => ({ at, ...event }));

export const row = { keyId: "k1", hold: 25_000, charge: 0, callbackUrl: null, errorCode: null };
export const t1 = {
  ...row,
  id: "t1",
  state: "completed",
  prompt: "Waves. op=c1",
  charge: 20_000,
  callbackUrl: "http://x/",
};
export const t2 = { ...row, id: "t2", state: "failed", prompt: "Waves. op=c2", errorCode: "provider_failed" };
export const entry = (taskId: string | null, kind: string, amount: number): LedgerRow => ({
  keyId: "k1",
  account: null,
  taskId,
  kind,
  amount,
});

/** A completed task that was paid for and told, and a failed one that was not; nothing is wrong. */
export const SOUND: Evidence = {
  history: history(
    create(1, "c1", []),
    create(2, "c1", [begun]),
    create(3, "c2", [failed]),
    read(4, { ...done, credits: 2 }),
    read(5, failed),
    [
      { op: 6, act: "download", type: "invoke", taskId: "t1" },
      { op: 6, act: "download", type: "ok", taskId: "t1", status: 200, sha256: HASH, promised: HASH },
    ],
  ),
  upstream: [
    ...submit("a1", "c1", "job_1"),
    ...asked("one", ["GET", "/jobs/job_1"]),
    answered("job_1", "succeeded"),
    ...asked("one", ["GET", "/files/job_1.mp4"], { key: null }),
    ...submit("a2", "c2", "job_2"),
    ...asked("one", ["GET", "/jobs?ids=job_1,job_2"]),
    answered("job_2", "failed"),
  ],
  hooks: [hook("msg_1", told)],
  tasks: [t1, t2],
  ledger: [
    entry(null, "grant", 50_000),
    entry("t1", "hold", -25_000),
    entry("t2", "hold", -25_000),
    entry("t2", "release", 25_000),
    entry("t1", "release", 25_000),
    entry("t1", "charge", -20_000),
  ],
  balances: [{ owner: "k1", granted: 50_000, held: 0, spent: 20_000 }],
  deliveries: [{ id: "msg_1", taskId: "t1", state: "delivered" }],
  secrets: [{ keyId: "k1", secret: SECRET }],
  results: [{ taskId: "t1", sha256: HASH, found: HASH }],
  integrity: "ok",
};

export const broken = (evidence: Partial<Evidence>): readonly string[] =>
  check({ ...SOUND, ...evidence })
    .filter(({ faults }) => faults.length > 0)
    .map(({ says }) => says);

export const more = (...events: readonly (readonly Bare[])[]): Partial<Evidence> => ({
  history: [...SOUND.history, ...history(...events)],
});
export const upstream = (...entries: readonly UpstreamEntry[]): Partial<Evidence> => ({
  upstream: [...SOUND.upstream, ...entries],
});
export const ledger = (...entries: Evidence["ledger"]): Partial<Evidence> => ({ ledger: entries });
export const [grant, hold1, hold2, release2, release1, charge1] = SOUND.ledger as [
  Entry,
  Entry,
  Entry,
  Entry,
  Entry,
  Entry,
];
type Entry = Evidence["ledger"][number];

export type Planted = readonly [what: string, evidence: Partial<Evidence>];

/** Each property is broken by each of its faults. */
export function describeFaults(
  properties: readonly (readonly [property: string, faults: readonly Planted[]])[],
): void {
  describe.each(properties)("%s", (property, faults) => {
    test.each(faults)("%s", (_what, planted) => {
      expect(broken(planted)).toContain(property);
    });
  });
}
