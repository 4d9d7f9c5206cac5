/** Every setting of the server itself: its variable, what it is without one, and what it may be. */
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { FAILOVER_REASONS, type FailoverReason } from "../core/failover.ts";

export interface Setting<T> {
  readonly name: string;
  readonly about: string;
  readonly fallback: string;
  readonly parse: (text: string) => T;
  /** Never shown. */
  readonly secret?: true;
  /** In the file it may be a table, too: `{ a = "x", b = ["y", "z"] }` is the variable's `a=x,b=y|z`. */
  readonly table?: true;
}

const MIB = 1024 * 1024;

const text = (raw: string): string => raw;
const path = (raw: string): string => resolve(raw);
const list = (raw: string): readonly string[] =>
  raw
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

export function whole(min: number, max: number): (raw: string) => number {
  return (raw) => {
    // Number(" ") is 0, which is a limit somewhere and none elsewhere.
    const value = raw.trim() === "" ? Number.NaN : Number(raw);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new Error(`is "${raw}" but must be a whole number from ${min} to ${max}`);
    }
    return value;
  };
}

function ports(raw: string): readonly number[] {
  return list(raw).map(whole(1, 65_535));
}

export function baseUrl(raw: string): string | null {
  if (raw === "") return null;
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol) || /[?#]/.test(raw)) {
    throw new Error(`is "${raw}" but must be an http(s) URL such as https://video.example.com`);
  }
  return url.href.replace(/\/+$/, "");
}

function oneOf<const T extends string>(...values: readonly T[]): (raw: string) => T {
  return (raw) => {
    const value = values.find((one) => one === raw);
    if (value === undefined) throw new Error(`is "${raw}" but must be one of ${values.join(", ")}`);
    return value;
  };
}

/** "a=x,b=y|z" */
function names(raw: string): ReadonlyMap<string, readonly string[]> {
  const pairs = list(raw).map((pair): [string, readonly string[]] => {
    const [, name = "", values = ""] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    const all = values.split("|").map((one) => one.trim());
    if (name.trim() === "" || all.includes("")) {
      throw new Error(`has "${pair}" in it but must be NAME=MODEL or NAME=MODEL|MODEL, separated by commas`);
    }
    return [name.trim(), all];
  });
  const twice = pairs.find(([name], index) => pairs.findIndex(([other]) => other === name) < index);
  if (twice) throw new Error(`has the name "${twice[0]}" twice`);
  return new Map(pairs);
}

function reasons(raw: string): readonly FailoverReason[] {
  return raw === "none" ? [] : list(raw).map(oneOf(...FAILOVER_REASONS));
}

/** By an error's name, the statuses that clients of a dialect with two answers to one question may expect. */
const STATUSES: Readonly<Record<string, readonly number[]>> = {
  MISSING_API_KEY: [401, 400],
  INVALID_API_KEY: [401, 403],
  BILLING_BALANCE_NOT_ENOUGH: [400, 402, 403],
};

function statuses(raw: string): ReadonlyMap<string, number> {
  const known = Object.entries(STATUSES).flatMap(([name, codes]) => codes.map((code) => `${name}=${code}`));
  return new Map(
    list(raw).map((item) => {
      const [name = "", code = ""] = oneOf(...known)(item.replace(/\s/g, "")).split("=");
      return [name, Number(code)];
    }),
  );
}

function setting<T>(
  name: string,
  fallback: string,
  parse: (raw: string) => T,
  about: string,
  more: Pick<Setting<T>, "secret" | "table"> = {},
): Setting<T> {
  return { name, about, fallback, parse, ...more };
}

const renderWorkers = String(Math.max(1, Math.floor(availableParallelism() / 2)));

export const SETTINGS = {
  configFile: setting(
    "REELAY_CONFIG",
    "",
    text,
    "A TOML or JSON file with settings and providers; what is set in the environment goes before it",
  ),
  host: setting("REELAY_HOST", "127.0.0.1", text, "Address to listen on"),
  port: setting("REELAY_PORT", "8710", whole(0, 65_535), "Port to listen on; 0 takes any free one"),
  dataDir: setting("REELAY_DATA_DIR", "data", path, "Folder for the database, uploads and results"),
  publicUrl: setting(
    "REELAY_PUBLIC_URL",
    "",
    baseUrl,
    "Base of the links in answers, where clients reach this server under another name",
  ),
  egressAllow: setting(
    "REELAY_EGRESS_ALLOW",
    "",
    list,
    "Address ranges (CIDR, comma separated) that input URLs may reach besides public ones",
  ),
  egressPorts: setting("REELAY_EGRESS_PORTS", "", ports, "Ports that input URLs may name besides 80 and 443"),
  renderWorkers: setting(
    "REELAY_RENDER_WORKERS",
    renderWorkers,
    whole(0, 64),
    "Animatic renders at once, each in a child process; 0 accepts tasks and leaves them pending",
  ),
  renderMemoryMb: setting(
    "REELAY_RENDER_MEMORY_MB",
    "2048",
    whole(256, 65_536),
    "Memory at which a render's process is stopped, in MiB",
  ),
  ffmpegDir: setting(
    "REELAY_FFMPEG_DIR",
    "",
    text,
    "Folder that holds ffmpeg and ffprobe, where they are not on PATH",
  ),
  taskDeadlineSeconds: setting(
    "REELAY_TASK_DEADLINE_SECONDS",
    "3600",
    whole(10, 604_800),
    "A task that has not ended this long after work on it began fails",
  ),
  attempts: setting(
    "REELAY_ATTEMPTS",
    "3",
    whole(1, 20),
    "Attempts of one task that a provider may accept: after a failure of one the next is asked",
  ),
  attemptsCost: setting(
    "REELAY_ATTEMPTS_COST",
    "200",
    whole(100, 2000),
    "Percent of a task's price that all of its attempts together may cost at providers; 100: one accepted attempt",
  ),
  failover: setting(
    "REELAY_FAILOVER",
    "capacity,failure,lost",
    reasons,
    `After which failures of accepted work another attempt is made: ${FAILOVER_REASONS.join(", ")}; none for none`,
  ),
  modelsDir: setting(
    "REELAY_MODELS_DIR",
    "",
    text,
    "Folder of JSON files that add models or change them; read again when one changes",
  ),
  openaiModels: setting(
    "REELAY_OPENAI_MODELS",
    "",
    names,
    "Models that stand for names which the catalogue lacks, on /v1/videos: NAME=MODEL, or NAME=MODEL|MODEL, the first that can do the request",
    { table: true },
  ),
  openaiDefault: setting(
    "REELAY_OPENAI_DEFAULT",
    "",
    text,
    "The model, or a name of REELAY_OPENAI_MODELS, of requests on /v1/videos that name none",
  ),
  masterKey: setting(
    "REELAY_MASTER_KEY",
    "",
    text,
    "Encrypts the provider keys that reelay providers stores, together with the data folder's own secret",
    { secret: true },
  ),
  maxOpenTasks: setting(
    "REELAY_MAX_OPEN_TASKS",
    "10000",
    whole(1, 10_000_000),
    "Tasks that may wait or run at once; more are refused with 503",
  ),
  maxWaitingPerKey: setting(
    "REELAY_MAX_WAITING_PER_KEY",
    "1000",
    whole(1, 10_000_000),
    "Tasks of one key that may wait for their turn; more are refused with 429",
  ),
  createsPerMinute: setting(
    "REELAY_CREATES_PER_MINUTE",
    "600",
    whole(0, 10_000_000),
    "Tasks that one key may create a minute; more are refused with 429; 0 for no limit",
  ),
  authFailuresPerMinute: setting(
    "REELAY_AUTH_FAILURES_PER_MINUTE",
    "30",
    whole(0, 1_000_000),
    "Wrong keys that one client address may try a minute before it gets 429; 0 for no limit",
  ),
  uploadMaxBytes: setting(
    "REELAY_UPLOAD_MAX_BYTES",
    String(100 * MIB),
    whole(1, 1024 * 1024 * MIB),
    "Largest upload, in bytes",
  ),
  uploadStorageBytes: setting(
    "REELAY_UPLOAD_STORAGE_BYTES",
    String(2048 * MIB),
    whole(1, 1024 * 1024 * MIB),
    "Uploads that one key may hold, in bytes",
  ),
  uploadHours: setting("REELAY_UPLOAD_HOURS", "72", whole(1, 8760), "Hours that an upload is kept"),
  taskDays: setting(
    "REELAY_TASK_DAYS",
    "30",
    whole(1, 3650),
    "Days that an ended task and its results are kept",
  ),
  linkHours: setting("REELAY_LINK_HOURS", "24", whole(1, 168), "Hours that a link to a result is valid"),
  highwayStatuses: setting(
    "REELAY_HIGHWAY_STATUSES",
    "",
    statuses,
    "HTTP statuses of the HighwayAPI dialect that differ from ours, e.g. MISSING_API_KEY=400,INVALID_API_KEY=403",
  ),
  logLevel: setting(
    "REELAY_LOG_LEVEL",
    "info",
    oneOf("debug", "info", "warn", "error", "silent"),
    "What is logged",
  ),
} as const;
