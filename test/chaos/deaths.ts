/** One life of the server after another, each with its death chosen by the seed. */
import { setTimeout as delay } from "node:timers/promises";
import type { Environment } from "../support/run.ts";
import { ALL_POINTS, nameOf, type Point } from "./points.ts";
import { type Life, startLife, tailOf } from "./processes.ts";
import type { Random } from "./random.ts";

export interface Lives {
  readonly env: Environment;
  /** The file behind `descriptor`, where everything that servers print is added. */
  readonly log: string;
  readonly descriptor: number;
}

export interface Deaths {
  /** "after commit intent", "at random" or "while stopping" -> servers that died so. */
  readonly kills: ReadonlyMap<string, number>;
  /** Deaths before the server was ready again. */
  readonly early: number;
}

interface Plan {
  readonly point: Point | undefined;
  /** From when it is ready to the kill, where its point does not come by before. */
  readonly ms: number;
  /** Milliseconds from a SIGTERM to the SIGKILL; undefined: none is sent. */
  readonly stopMs: number | undefined;
}

/** Some lives are long enough for work to come to its end between two kills. */
const LIFE_MS = { short: [20, 700], long: [900, 1_800] } as const;
/** What comes late in a task's life is waited for longer. */
const LATE_POINTS = ["move", "ended", "finish", "try", "deliver", "file"];
const OCCURRENCES = [1, 1, 2, 2, 3, 5, 8];

/** Rejects where a server ends of its own accord. */
export async function dieOften(
  {
    rounds,
    random,
    onRound,
  }: { rounds: number; random: Random; onRound?: ((round: number) => void) | undefined },
  lives: Lives,
): Promise<Deaths> {
  const kills = new Map<string, number>();
  let early = 0;
  const plan = openPlanner(random);
  for (let round = 1; round <= rounds; round++) {
    const { how, ready } = await liveAndDie(plan(), lives);
    kills.set(how, (kills.get(how) ?? 0) + 1);
    if (!ready) early++;
    onRound?.(round);
  }
  return { kills, early };
}

/** Three lives of four have a point; every point has had its turn before one comes again. */
function openPlanner(random: Random): () => Plan {
  let deck: Omit<Point, "n">[] = [];
  return () => {
    if (deck.length === 0) deck = random.shuffled(ALL_POINTS);
    const next = random.next() < 0.75 ? deck.pop() : undefined;
    const point = next && ({ ...next, n: random.pick(OCCURRENCES) } as Point);
    const long = random.next() < 0.1 || (point !== undefined && LATE_POINTS.includes(point.what));
    const [least, most] = long ? LIFE_MS.long : LIFE_MS.short;
    const stops = point === undefined && random.next() < 0.2;
    return { point, ms: random.whole(least, most), stopMs: stops ? random.whole(0, 300) : undefined };
  };
}

async function liveAndDie(
  plan: Plan,
  { env, log, descriptor }: Lives,
): Promise<{ how: string; ready: boolean }> {
  const { point, ms, stopMs } = plan;
  const life = startLife({ env, point, log: descriptor });
  const ready = await life.ready;
  let byItself = await endsWithin(life, ms);
  if (!byItself && stopMs !== undefined) {
    life.kill("SIGTERM");
    byItself = await endsWithin(life, stopMs);
  }
  if (!byItself) life.kill("SIGKILL");
  const end = await life.ended;
  const stopped = stopMs !== undefined;
  if (end !== "SIGKILL" && !(stopped && end === 0)) {
    throw new Error(`a server ended by itself (${end}):\n${tailOf(log)}`);
  }
  if (stopped) return { how: end === 0 ? "stopped in peace" : "while stopping", ready };
  return { how: byItself && point ? nameOf(point) : "at random", ready };
}

async function endsWithin({ ended }: Life, ms: number): Promise<boolean> {
  const enough = new AbortController();
  const first = await Promise.race([
    ended.then(() => true),
    delay(ms, false, { signal: enough.signal }).catch(() => true),
  ]);
  enough.abort();
  return first;
}
