/**
 * Everything a chaos run left behind, read with nothing of the server's own code: the client's history, the upstream's
 * witness log, what the receiver got, and the database file and result files as they lie on the disk.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { type HistoryEvent, readLines } from "./history.ts";
import { UPSTREAMS } from "./upstreams.ts";

export interface UpstreamEntry {
  /** Which upstream says so. */
  readonly by: string;
  readonly at?: number;
  readonly event: string;
  readonly n?: number;
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly attempt?: string;
  readonly job?: string;
  readonly status?: number | null;
  /** That a request came with. */
  readonly key?: string | null;
}

/** One request to the receiver, and what it answered. */
export interface Hook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly answered: number;
}

export interface TaskRow {
  readonly id: string;
  readonly keyId: string;
  readonly state: string;
  readonly prompt: string;
  readonly hold: number;
  readonly charge: number;
  readonly callbackUrl: string | null;
  readonly errorCode: string | null;
}

export interface LedgerRow {
  readonly keyId: string | null;
  readonly account: string | null;
  readonly taskId: string | null;
  readonly kind: string;
  readonly amount: number;
}

export interface BalanceRow {
  /** A key's id, or "account:" and an account's name. */
  readonly owner: string;
  readonly granted: number | null;
  readonly held: number;
  readonly spent: number;
}

interface ResultRow {
  readonly taskId: string;
  readonly sha256: string;
  /** Of the bytes on the disk; null where there are none. */
  readonly found: string | null;
}

export interface Evidence {
  readonly history: readonly HistoryEvent[];
  /** Of all upstreams, in the order of their times. */
  readonly upstream: readonly UpstreamEntry[];
  readonly hooks: readonly Hook[];
  readonly tasks: readonly TaskRow[];
  /** In the order of their making. */
  readonly ledger: readonly LedgerRow[];
  readonly balances: readonly BalanceRow[];
  readonly deliveries: readonly { readonly id: string; readonly taskId: string; readonly state: string }[];
  readonly secrets: readonly { readonly keyId: string; readonly secret: string }[];
  readonly results: readonly ResultRow[];
  /** What `PRAGMA integrity_check` says. */
  readonly integrity: string;
}

/** The name that a create carries in its prompt, and so everywhere it goes. */
export function markerOf(prompt: string): string | undefined {
  return /\bop=(\S+)/.exec(prompt)?.[1];
}

export interface Places {
  readonly history: string;
  readonly upstreams: ReadonlyMap<string, string>;
  readonly hooks: string;
  readonly dataDir: string;
}

export function placesIn(folder: string): Places {
  return {
    history: join(folder, "history.jsonl"),
    upstreams: new Map(UPSTREAMS.map(({ id }) => [id, join(folder, `upstream-${id}.jsonl`)])),
    hooks: join(folder, "receiver.jsonl"),
    dataDir: join(folder, "data"),
  };
}

/** The server must have ended: it holds the database alone. */
export function readEvidence({ history, upstreams, hooks, dataDir }: Places): Evidence {
  const db = new Sqlite(join(dataDir, "reelay.db"), { readonly: true, fileMustExist: true });
  const all = <T>(sql: string): readonly T[] => db.prepare<[], T>(sql).all();
  try {
    return {
      history: readLines<HistoryEvent>(history),
      upstream: inOrder(upstreams),
      hooks: existsSync(hooks) ? readLines<Hook>(hooks) : [],
      tasks: all<TaskRow>(
        `SELECT id, key_id AS keyId, state, input ->> 'prompt' AS prompt, hold, charge,
           callback_url AS callbackUrl, error ->> 'code' AS errorCode FROM tasks ORDER BY rowid`,
      ),
      ledger: all<LedgerRow>(
        "SELECT key_id AS keyId, account, task_id AS taskId, kind, amount FROM ledger ORDER BY seq",
      ),
      balances: all<BalanceRow>("SELECT owner, granted, held, spent FROM balances"),
      deliveries: all("SELECT id, task_id AS taskId, state FROM deliveries"),
      secrets: all("SELECT key_id AS keyId, secret FROM secrets"),
      results: all<{ id: string; taskId: string; sha256: string }>(
        "SELECT id, task_id AS taskId, sha256 FROM files WHERE role = 'result' AND meta ->> 'extra' IS NULL",
      ).map(({ id, taskId, sha256 }) => ({
        taskId,
        sha256,
        found: hashOf(join(dataDir, "files", id.slice(-2), id)),
      })),
      integrity: String(db.pragma("integrity_check", { simple: true })),
    };
  } finally {
    db.close();
  }
}

/** Of two things in one millisecond an answer comes first, for what followed from it came after it. */
function inOrder(upstreams: ReadonlyMap<string, string>): readonly UpstreamEntry[] {
  const logs = [...upstreams].map(([by, path]) =>
    readLines<Omit<UpstreamEntry, "by">>(path).map((entry): UpstreamEntry => ({ ...entry, by })),
  );
  const order: UpstreamEntry[] = [];
  const next = logs.map(() => 0);
  const rank = ({ at = 0, event }: UpstreamEntry): number => at + (event === "answer" ? 0 : 0.5);
  for (;;) {
    const heads = logs.flatMap((log, which) => {
      const head = log[next[which] ?? 0];
      return head ? [{ head, which }] : [];
    });
    const [first, ...others] = heads;
    if (!first) return order;
    const { head, which } = others.reduce((a, b) => (rank(b.head) < rank(a.head) ? b : a), first);
    order.push(head);
    next[which] = (next[which] ?? 0) + 1;
  }
}

function hashOf(path: string): string | null {
  return existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : null;
}
