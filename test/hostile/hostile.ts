/**
 * `npm run hostile [-- --every N]`: a real server takes every cut of the first 4 KB of every format (every Nth, where N is
 * given), and every hostile file that we know how to make; what it takes is put to use. Then it says what that did to it.
 */
import { parseArgs } from "node:util";
import { hostile, references } from "../media/hostile.ts";
import { CUT_BYTES, wholeFiles } from "../media/whole.ts";
import { startServer } from "../support/server.ts";
import { attack, cutsOf, type Losses, ownClip, residentMib, type Wave } from "./assault.ts";

const { values } = parseArgs({ options: { every: { type: "string", default: "1" } } });
const step = Number(values.every);
if (!Number.isInteger(step) || step < 1) {
  console.error("Usage: npm run hostile [-- --every N]");
  process.exit(2);
}
const MOST_GROWTH_MIB = 100;
/** Rounds of good files before, in a run that leaves nothing out. */
const WARM_UP = 40;
/** Pixels on a side of the whole pictures: the models take no smaller ones. */
const SIDE = 320;

const COUNTS = ["files", "refused", "accepted", "completed", "failed", "unmade", "killed"] as const;
const WIDTHS = [34, 6, 8, 9, 10, 7, 7, 7, 10, 9, 8];
const TITLES = inColumns(["", ...COUNTS, "upload ms", "task ms", "MiB"]);

function inColumns([name = "", ...values]: readonly string[]): string {
  return name.padEnd(WIDTHS[0] ?? 0) + values.map((value, i) => value.padStart(WIDTHS[i + 1] ?? 0)).join("");
}

function lineOf(losses: Losses, mib = 0): string {
  const { name, uploadMs, taskMs } = losses;
  const counts = COUNTS.map((count) => String(losses[count]));
  return inColumns([name, ...counts, ...[uploadMs, taskMs, mib].map((value) => value.toFixed(0))]);
}

/** Far more tasks a minute than are allowed otherwise. */
const server = await startServer({ REELAY_CREATES_PER_MINUTE: "100000" });
try {
  const whole = await wholeFiles(await ownClip(server), SIDE);
  const corpus = { ...hostile(), ...references(Number(new URL(server.url).port)) };
  const cut = (name: string): Wave => ({
    name: `${name}, cut`,
    files: () => cutsOf(whole, name, { most: CUT_BYTES, step }),
  });
  const waves = [
    { name: "made to do harm", files: () => Object.entries(corpus) },
    ...Object.keys(whole).map(cut),
  ];
  const cold = await residentMib(server);
  // Ordinary traffic makes a heap of garbage that nobody is in a hurry to collect: so much of it first, of good files.
  const good = Object.entries(whole).filter(([name]) => name.startsWith("webp"));
  for (let i = 0; i < WARM_UP / step; i++) await attack(server, { name: "", files: () => good });
  const warm = await residentMib(server);
  const all: Losses[] = [];
  const sizes: number[] = [];
  console.log(TITLES);
  for (const wave of waves) {
    all.push(await attack(server, wave));
    sizes.push(await residentMib(server));
    console.log(lineOf(all.at(-1) as Losses, sizes.at(-1)));
  }
  const faults = all.flatMap((losses) => losses.faults);
  const grown = Math.max(...sizes) - warm;
  const killed = all.reduce((sum, losses) => sum + losses.killed, 0);
  const shown = [cold, warm, Math.max(...sizes), sizes.at(-1) ?? 0].map((size) => `${size.toFixed(0)} MiB`);
  console.log(
    `the server's process held ${shown[0]} when it had started, ${shown[1]} after ordinary work, then ${shown[2]} at most ` +
      `and ${shown[3]} in the end: ${grown.toFixed(0)} MiB more (bar: ${MOST_GROWTH_MIB})`,
  );
  for (const fault of faults.slice(0, 20)) console.log(`WRONG  ${fault}`);
  console.log(`${faults.length} answers that should not have been, ${killed} children died`);
  process.exitCode = faults.length > 0 || killed > 0 || grown > MOST_GROWTH_MIB ? 1 : 0;
} finally {
  await server.discard();
}
