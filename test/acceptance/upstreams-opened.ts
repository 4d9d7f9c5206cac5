/** An upstream of a real server: its stand-in, what it has seen of each piece of work, and the settings that lead to it. */
import { rm } from "node:fs/promises";
import type { StandIn } from "../standins/standin.ts";
import { type Environment, temporaryFolder } from "../support/run.ts";

/** What the upstream has seen of the work whose prompt has this token. */
export interface Upstream {
  /** Pieces of work that it took. */
  accepts(token: string): number;
  /** Requests for one; those that go by one name count once, where the upstream goes by names. */
  submits(token: string): number;
  /** How often it was asked how the work stands, and for its file. */
  checks(token: string): number;
  reads(token: string): number;
  /** The address that it was given for its calls. */
  webhook(token: string): string | undefined;
  /** It was told to stop, and did. */
  isStopped(token: string): boolean;
  /** Requests of any kind, so far. */
  asks(): number;
  /** What is wrong with requests by its contract. */
  readonly complaints: readonly string[];
}

export interface Opened extends Upstream {
  readonly env: Environment;
  /** What must never be printed. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** Enough for everything at once. */
export const PACE = { concurrency: "50", checks_per_second: "50" };

export function settings(kind: string, values: Readonly<Record<string, string>>): Environment {
  const named = Object.entries(values).map(([name, value]) => [`REELAY_${kind}_${name}`, value] as const);
  return Object.fromEntries(named.map(([name, value]) => [name.toUpperCase().replaceAll("-", "_"), value]));
}

/** What a stand-in keeps, by token. */
function seenBy(standIn: StandIn): Upstream {
  const jobsOf = (token: string) =>
    [...standIn.jobs.values()].filter(({ order }) => JSON.stringify(order).includes(token));
  return {
    accepts: (token) => jobsOf(token).length,
    submits: (token) =>
      new Set(
        standIn.asks.flatMap(({ method, bytes, headers }, n) =>
          method !== "GET" && bytes.includes(token) ? [headers["idempotency-key"] ?? n] : [],
        ),
      ).size,
    checks: (token) => jobsOf(token).reduce((sum, { checks }) => sum + checks, 0),
    reads: (token) => jobsOf(token).reduce((sum, { fileReads }) => sum + fileReads, 0),
    webhook: (token) => jobsOf(token)[0]?.webhook ?? undefined,
    isStopped: (token) => jobsOf(token).every(({ cancelledAt }) => cancelledAt !== null),
    asks: () => standIn.asks.length,
    complaints: standIn.complaints,
  };
}

export interface Setup {
  readonly key?: string;
  /** Beside `url` and `key`. */
  readonly set?: (standIn: StandIn, folder: string) => Readonly<Record<string, string>>;
  readonly env?: (folder: string) => Environment;
  /** Writes what the settings name. */
  readonly write?: (folder: string) => Promise<void>;
  readonly secrets?: readonly string[];
}

/** A stand-in that is started when it is called, and the settings of `kind` that lead to it. */
export function opens(kind: string, start: () => Promise<StandIn>, setup: Setup = {}): () => Promise<Opened> {
  return async () => {
    const { key, set, env, write, secrets = [] } = setup;
    const [standIn, folder] = await Promise.all([start(), temporaryFolder()]);
    await write?.(folder);
    const own = { ...PACE, ...(key === undefined ? {} : { key }), ...set?.(standIn, folder) };
    return {
      ...seenBy(standIn),
      env: { ...settings(kind, { url: standIn.url, ...own }), ...env?.(folder) },
      secrets: key === undefined ? secrets : [...secrets, key],
      async close() {
        await standIn.close();
        await rm(folder, { recursive: true });
      },
    };
  };
}
