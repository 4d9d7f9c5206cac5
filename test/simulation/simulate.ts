/** `npm run simulate -- --seeds 10000 --seed 1 [--strict]`: many seeds, one line for each that breaks a promise. */
import { parseArgs } from "node:util";
import { runSeed } from "./run-seed.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    strict: { type: "boolean", default: false },
  },
});
const first = Number(values.seed);
const count = Number(values.seeds);
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || count < 1) {
  throw new Error("--seed and --seeds are whole numbers, and --seeds at least 1");
}

const sums: Record<string, number> = {};
const add = (name: string, amount: number): void => {
  sums[name] = (sums[name] ?? 0) + amount;
};
const hard = new Map<string, number>();
let broken = 0;
for (let seed = first; seed < first + count; seed++) {
  const { faults, untruths, tasks, kills, states, hardships } = await runSeed(seed);
  const all = values.strict ? [...faults, ...untruths] : faults;
  add("tasks", tasks);
  add("kills", kills);
  for (const [state, number] of Object.entries(states)) add(state, number);
  for (const [what, number] of Object.entries(hardships)) hard.set(what, (hard.get(what) ?? 0) + number);
  if (all.length === 0) continue;
  broken++;
  console.log(
    `seed ${seed}: ${all.join("\n  ")}\n  again: npm run simulate -- --seeds 1 --seed ${seed}${values.strict ? " --strict" : ""}`,
  );
}
console.log(
  `providers: ${[...hard]
    .sort()
    .map(([what, times]) => `${what} ${times}`)
    .join(", ")}`,
);
console.log(`${count} seeds from ${first}, ${broken} broken. ${JSON.stringify(sums)}`);
process.exitCode = broken === 0 ? 0 : 1;
