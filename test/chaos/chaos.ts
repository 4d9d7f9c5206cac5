/**
 * `npm run chaos -- --rounds N [--seed S]`: kills the real server N times under load, and says for each property that must
 * hold whether it does. The seed repeats the plan of kills and requests, not their timing to the microsecond.
 */
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { linesOf } from "./report.ts";
import { runChaos } from "./run.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    quick: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed);
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed)) {
  console.error("Usage: npm run chaos -- --rounds N [--seed S] [--quick] [--keep]");
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), "reelay-chaos-"));
const onRound = (round: number): void => {
  if (round % 50 === 0) console.error(`round ${round} of ${rounds}`);
};
const report = await runChaos({ rounds, seed, folder, slow: !values.quick, onRound }).catch(
  (error: unknown) => {
    console.error(`The run broke off; what there is of it is in ${folder}`);
    throw error;
  },
);
for (const line of linesOf({ rounds, seed }, report)) console.log(line);
const broken = report.verdicts.some(({ faults }) => faults.length > 0);
if (broken || values.keep) console.log(`The evidence is in ${folder}`);
else rmSync(folder, { recursive: true, force: true });
process.exit(broken ? 1 : 0);
