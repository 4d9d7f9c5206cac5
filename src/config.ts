/**
 * Every setting, read once from the environment; the only reader of `process.env`. Everything else gets what
 * it needs as an argument. A typo must not be silent: an unknown `REELAY_` variable is an error.
 */
import { availableParallelism } from "node:os";
import { delimiter, resolve } from "node:path";
import { nearest } from "./core/nearest.ts";

interface Setting<T> {
  readonly name: string;
  readonly about: string;
  readonly fallback: string;
  readonly parse: (text: string) => T;
}

const MIB = 1024 * 1024;

const text = (raw: string): string => raw;
const path = (raw: string): string => resolve(raw);
const list = (raw: string): readonly string[] =>
  raw
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

function whole(min: number, max: number): (raw: string) => number {
  return (raw) => {
    const value = Number(raw);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new Error(`is "${raw}" but must be a whole number from ${min} to ${max}`);
    }
    return value;
  };
}

function ports(raw: string): readonly number[] {
  return list(raw).map(whole(1, 65_535));
}

function baseUrl(raw: string): string | null {
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

function setting<T>(name: string, fallback: string, parse: (raw: string) => T, about: string): Setting<T> {
  return { name, about, fallback, parse };
}

const renderWorkers = String(Math.max(1, Math.floor(availableParallelism() / 2)));

const SETTINGS = {
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
  fakeUrl: setting(
    "REELAY_FAKE_URL",
    "",
    baseUrl,
    "For tests: base of a fake upstream that takes every model's work and is paid for it",
  ),
  fakeConcurrency: setting(
    "REELAY_FAKE_CONCURRENCY",
    "100",
    whole(1, 1_000_000),
    "For tests: what the fake upstream works on at once",
  ),
  fakeChecksPerSecond: setting(
    "REELAY_FAKE_CHECKS_PER_SECOND",
    "100",
    whole(1, 1_000_000),
    "For tests: how many questions a second the fake upstream takes",
  ),
  linkHours: setting("REELAY_LINK_HOURS", "24", whole(1, 168), "Hours that a link to a result is valid"),
  logLevel: setting(
    "REELAY_LOG_LEVEL",
    "info",
    oneOf("debug", "info", "warn", "error", "silent"),
    "What is logged",
  ),
} as const;

export type Config = { readonly [K in keyof typeof SETTINGS]: ReturnType<(typeof SETTINGS)[K]["parse"]> };

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that are wrong, all of them, one sentence each. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigError";
  }
}

/** Throws a ConfigError that names every unknown variable and every bad value. */
export function readConfig(environment: Environment = process.env): Config {
  const names = Object.values(SETTINGS).map((one) => one.name);
  const problems = Object.keys(environment)
    .filter((name) => name.startsWith("REELAY_") && !names.includes(name))
    .map((name) => {
      const close = nearest(name, names);
      return `${name} is not a setting${close ? `; did you mean ${close}?` : `. The settings are ${names.join(", ")}.`}`;
    });
  const config: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(SETTINGS)) {
    try {
      // A variable that a compose file leaves empty is not set: "" is no port, and no folder.
      config[key] = one.parse(environment[one.name] || one.fallback);
    } catch (error) {
      problems.push(`${one.name} ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config as Config;
}

/** What a media child may know of our environment: enough to find its tools, and no secret. */
export function childEnvironment(
  { ffmpegDir }: Pick<Config, "ffmpegDir">,
  environment: Environment = process.env,
): Readonly<Record<string, string>> {
  const path = [ffmpegDir === "" ? undefined : resolve(ffmpegDir), environment.PATH];
  const known = {
    PATH: path.filter(Boolean).join(delimiter),
    LANG: environment.LANG,
    TMPDIR: environment.TMPDIR,
  };
  return Object.fromEntries(
    Object.entries(known).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

export interface SettingLine {
  readonly name: string;
  readonly value: string;
  readonly set: boolean;
  readonly about: string;
}

/** For `reelay doctor` and the docs: no setting is a secret so far; one that is must be hidden here. */
export function describeSettings(environment: Environment = process.env): readonly SettingLine[] {
  return Object.values(SETTINGS).map((one) => {
    const given = environment[one.name];
    return { name: one.name, value: given || one.fallback, set: Boolean(given), about: one.about };
  });
}
