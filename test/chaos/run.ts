/** A whole chaos run: rounds of start, load and death on one data folder, then a quiet end, then the verdicts. */
import { mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Environment, reelay } from "../support/run.ts";
import { until } from "../support/until.ts";
import { check, type Verdict } from "./check.ts";
import { sumUp } from "./check-upstream.ts";
import { openClient } from "./client.ts";
import { type Deaths, dieOften, type Lives } from "./deaths.ts";
import { type Places, placesIn, readEvidence } from "./evidence.ts";
import { openHistory } from "./history.ts";
import { type ClientKey, type Load, startLoad } from "./load.ts";
import { freePort, startLife, startUpstream, type Upstream } from "./processes.ts";
import { openRandom } from "./random.ts";
import { type HookReceiver, openHookReceiver } from "./receiver.ts";
import { toSettingsFile, UPSTREAMS } from "./upstreams.ts";

export interface ChaosOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Where the evidence is put; made where it is missing. */
  readonly folder: string;
  /** Also work that takes a minute to its end. */
  readonly slow: boolean;
  readonly onRound?: (round: number) => void;
}

export interface ChaosReport extends Deaths {
  readonly verdicts: readonly Verdict[];
  readonly tasks: number;
  /** What the upstreams accepted, as a sentence. */
  readonly accepts: string;
  readonly answers: ReadonlyMap<string, number>;
  /** Milliseconds of the rounds, and from their end to the verdicts. */
  readonly roundsMs: number;
  readonly drainMs: number;
}

/** Longer than the wait between a failed first try and the second one. */
const QUIET_MS = 2_500;
/** What one task of the load costs. */
const CREDITS = 2.5;
const DRAIN_MS = { quick: 60_000, slow: 240_000 };

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { rounds, seed, folder } = options;
  mkdirSync(folder, { recursive: true });
  const random = openRandom(seed);
  const places = placesIn(folder);
  const log = join(folder, "server.log");
  const upstreams = await startUpstreams(places, seed);
  const hooks = await openHookReceiver(places.hooks, openRandom(seed + 1));
  try {
    const port = await freePort(() => random.whole(20_000, 31_000));
    const config = join(folder, "reelay.toml");
    writeFileSync(config, toSettingsFile(new Map([...upstreams].map(([id, { url }]) => [id, url]))));
    const env = settings({ port, config, dataDir: places.dataDir });
    const keys = await makeKeys(env, rounds);
    const client = openClient(`http://127.0.0.1:${port}`, openHistory(places.history));
    const load = startLoad({
      client,
      keys,
      random: openRandom(seed + 2),
      hookBase: hooks.base,
      slow: options.slow,
    });
    const lives: Lives = { env, log, descriptor: openSync(log, "a") };
    const began = performance.now();
    const deaths = await dieOften({ ...options, random }, lives).finally(load.stop);
    const roundsMs = performance.now() - began;
    await drain({ ...lives, load, hooks, ms: options.slow ? DRAIN_MS.slow : DRAIN_MS.quick });
    const evidence = readEvidence(places);
    const verdicts = check(evidence);
    const accepts = sumUp(evidence.upstream);
    const drainMs = performance.now() - began - roundsMs;
    const tasks = load.acknowledged.size;
    return { verdicts, ...deaths, accepts, tasks, answers: client.answers, roundsMs, drainMs };
  } finally {
    hooks.close();
    for (const upstream of upstreams.values()) upstream.stop();
  }
}

async function startUpstreams({ upstreams }: Places, seed: number): Promise<ReadonlyMap<string, Upstream>> {
  const started = new Map<string, Upstream>();
  for (const { id, key, script } of UPSTREAMS) {
    const log = upstreams.get(id) ?? "";
    started.set(id, await startUpstream({ log, key, script: script(seed) }));
  }
  return started;
}

function settings(at: {
  readonly port: number;
  readonly config: string;
  readonly dataDir: string;
}): Environment {
  return {
    REELAY_PORT: String(at.port),
    REELAY_CONFIG: at.config,
    REELAY_DATA_DIR: at.dataDir,
    REELAY_EGRESS_ALLOW: "127.0.0.0/8",
    REELAY_RENDER_WORKERS: "0",
    REELAY_TASK_DEADLINE_SECONDS: "10",
    REELAY_CREATES_PER_MINUTE: "0",
    REELAY_LOG_LEVEL: "warn",
  };
}

/** One key without a limit; one whose grant may be used up; one whose small grant is held and given back for ever. */
async function makeKeys(env: Environment, rounds: number): Promise<readonly ClientKey[]> {
  const kinds = [
    ["unlimited", null, false],
    ["limited", Math.ceil(CREDITS * Math.max(2, rounds)), false],
    ["small", Math.ceil(CREDITS * 3), true],
  ] as const;
  const keys: ClientKey[] = [];
  for (const [name, credits, inVain] of kinds) {
    const grant = credits === null ? [] : ["--credits", String(credits)];
    const { code, stdout, stderr } = await reelay(["keys", "create", name, ...grant], { env });
    const id = /key_\w+/.exec(stderr)?.[0];
    if (code !== 0 || id === undefined) throw new Error(`keys create failed: ${stderr}`);
    keys.push({ id, key: stdout.trim(), inVain });
  }
  return keys;
}

/** A life without death: everything that is open comes to its end, and everything that is due is delivered. */
async function drain({
  env,
  descriptor,
  load,
  hooks,
  ms,
}: Lives & { readonly load: Load; readonly hooks: HookReceiver; readonly ms: number }): Promise<void> {
  const life = startLife({ env, point: undefined, log: descriptor });
  await life.ready;
  try {
    const everyMs = 100;
    await load.settle(ms);
    // What never comes is for the checker to say, with all the evidence.
    await until(load.look, { ms, everyMs }).catch(() => undefined);
    const told = (): boolean =>
      [...load.acknowledged].every(([id, { callback }]) => !callback || hooks.received.has(id));
    await until(told, { ms: 15_000, everyMs }).catch(() => undefined);
    // Callbacks of tasks whose create was never answered: nobody here knows of them.
    await until(() => hooks.quietMs() > QUIET_MS, { ms: 15_000, everyMs }).catch(() => undefined);
  } finally {
    life.kill("SIGTERM");
    await life.ended;
  }
}
