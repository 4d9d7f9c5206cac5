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

const server = await startServer();
try {
  const whole = await wholeFiles(await ownClip(server), SIDE);
  const corpus = { ...hostile(), ...references(Number(new URL(server.url).port)) };
  const waves: readonly Wave[] = [
    { name: "made to do harm", files: () => Object.entries(corpus) },
    ...Object.keys(whole).map((name) => ({
      name: `${name}, cut`,
      files: () => cutsOf(whole, name, { most: CUT_BYTES, step }),
    })),
  ];
  // Once before, so that growth is measured and not warming up.
  await attack(server, { name: "", files: () => Object.entries(whole) });
  const before = await residentMib(server);
  const all: Losses[] = [];
  const sizes: number[] = [];
  for (const wave of waves) {
    all.push(await attack(server, wave));
    sizes.push(await residentMib(server));
    console.error(lineOf(all.at(-1) as Losses, sizes.at(-1)));
  }
  console.log(TITLES);
  all.forEach((losses, i) => void console.log(lineOf(losses, sizes[i])));
  const faults = all.flatMap((losses) => losses.faults);
  const grown = Math.max(...sizes) - before;
  const killed = all.reduce((sum, losses) => sum + losses.killed, 0);
  console.log(
    `the server's process held ${before.toFixed(0)} MiB before and ${sizes.at(-1)?.toFixed(0)} MiB after, ` +
      `at most ${grown.toFixed(0)} MiB more than before (bar: ${MOST_GROWTH_MIB})`,
  );
  for (const fault of faults.slice(0, 20)) console.log(`WRONG  ${fault}`);
  console.log(`${faults.length} answers that should not have been, ${killed} children died`);
  process.exitCode = faults.length > 0 || killed > 0 || grown > MOST_GROWTH_MIB ? 1 : 0;
} finally {
  await server.discard();
}
