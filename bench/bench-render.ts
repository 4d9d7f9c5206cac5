/**
 * `npm run bench:render`: one table over resolutions and lengths. `-- --rounds N` (9 where left out) and
 * `-- --only 720p` make it shorter. Ratios are of the quickest rounds, measured in turn: what else a machine does only ever
 * adds, and at 4k its memory has two speeds. The seconds, medians, make them readable.
 * Every line is a process of its own. The bars are told, not enforced.
 */
import { execFile, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import type { Cost, FilmFigures, FilmTask, Round } from "./film.ts";
import { measureJitter } from "./jitter.ts";
import { measureLoop } from "./loop.ts";
import { median, printTable, type Row } from "./table.ts";

const FILM = fileURLToPath(new URL("film.ts", import.meta.url));
const SIZES = [
  { name: "360p", width: 640, height: 360, seconds: [2, 5], bar: null },
  { name: "720p", width: 1280, height: 720, seconds: [2, 5], bar: 1.15 },
  { name: "1080p", width: 1920, height: 1080, seconds: [2, 5], bar: 1.08 },
  { name: "4k", width: 3840, height: 2160, seconds: [2], bar: 1.15 },
] as const;
/** Drawn row by row, and bent along a guessed depth. */
const PROMPTS = ["zoom in", "dolly in"] as const;

const { values } = parseArgs({ options: { rounds: { type: "string" }, only: { type: "string" } } });
const rounds = Number(values.rounds ?? 9);
const lines: string[][] = [
  ["film", "wall s", "cpu s", "peak MB", "/encode", "cpu", "/zoompan", "cpu", "bar (/encode)", ""],
];
for (const size of SIZES) {
  if (values.only && values.only !== size.name) continue;
  for (const seconds of size.seconds)
    for (const prompt of PROMPTS) {
      const task = { width: size.width, height: size.height, frames: 24 * seconds, prompt, rounds };
      lines.push(await lineOf(`${size.name} ${seconds} s, ${prompt}`, size.bar, task));
    }
}
print(lines);
console.log();
printTable(await otherRows());

async function lineOf(what: string, bar: number | null, task: FilmTask): Promise<string[]> {
  const peak = await peakOf({ ...task, rounds: 0 });
  const { stdout } = await promisify(execFile)(process.execPath, [FILM, JSON.stringify(task)]);
  const all = (JSON.parse(stdout) as FilmFigures).rounds;
  const share = ratio(all, "wall", "encode");
  const reached = bar === null || share === null ? "" : share <= bar ? "reached" : "MISSED";
  const told = (value: number | null) => (value === null ? "-" : value.toFixed(2));
  return [
    what,
    told(median(all.map(({ film }) => film.wall))),
    told(median(all.flatMap(({ film }) => film.cpu ?? []))),
    peak === null ? "-" : (peak / 1e6).toFixed(0),
    told(share),
    told(ratio(all, "cpu", "encode")),
    told(ratio(all, "wall", "zoompan")),
    told(ratio(all, "cpu", "zoompan")),
    bar === null ? "" : `at most ${bar}`,
    reached,
  ];
}

function ratio(all: readonly Round[], of: keyof Cost, to: "encode" | "zoompan"): number | null {
  const least = (what: keyof Round): number => Math.min(...all.map((round) => round[what]?.[of] ?? Infinity));
  const [own, other] = [least("film"), least(to)];
  return Number.isFinite(own) && Number.isFinite(other) && other > 0 ? own / other : null;
}

/** The most memory that one cold render and the processes it starts hold together. */
async function peakOf(task: FilmTask): Promise<number | null> {
  const child = spawn(process.execPath, [FILM, JSON.stringify(task)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, residentOf(child.pid ?? 0));
  }, 20);
  await new Promise((resolve) => child.once("exit", resolve));
  clearInterval(watch);
  return peak > 0 ? peak : null;
}

/** Bytes of a process and all below it; 0 where there is no /proc. */
function residentOf(pid: number): number {
  try {
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    const below = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").trim().split(" ").filter(Boolean),
    );
    return below.reduce((sum, child) => sum + residentOf(Number(child)), kilobytes * 1024);
  } catch {
    return 0;
  }
}

async function otherRows(): Promise<readonly Row[]> {
  const jitter = (await measureJitter()).map(({ move, mean, worst }) => ({
    what: `jitter of ${move}, 720p 5 s, as decoded, px/frame^2: mean (worst)`,
    value: `${mean.toFixed(3)} (${worst.toFixed(3)})`,
    ...(move.includes("zoompan") ? {} : { bar: "mean under 0.05", reached: mean < 0.05 }),
  }));
  const { server, idle } = await measureLoop();
  return [
    ...jitter,
    {
      what: "server's event loop while four renders queue: longest work between two turns, ms",
      value: server.work.toFixed(1),
      bar: "under 20",
      reached: server.work < 20,
    },
    {
      what: "the same as lateness of a timer, renders on every core: p99 (longest), ms",
      value: `${server.late.toFixed(1)} (${server.latest.toFixed(1)})`,
    },
    {
      what: "lateness in a process beside it that does nothing: p99 (longest), ms",
      value: `${idle.late.toFixed(1)} (${idle.latest.toFixed(1)})`,
    },
  ];
}

function print(table: readonly string[][]): void {
  const widths = (table[0] ?? []).map((_, i) => Math.max(...table.map((line) => line[i]?.length ?? 0)));
  for (const line of table)
    console.log(
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join("  ")
        .trimEnd(),
    );
}
