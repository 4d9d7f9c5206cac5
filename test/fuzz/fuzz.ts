/** `npm run fuzz -- --requests N --seed S [--only I]`: the long run. Ends with 1 where anything was not as the document says. */
import { parseArgs } from "node:util";
import { failureText, tableOf } from "./report.ts";
import { fuzz } from "./run.ts";

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "20000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
    only: { type: "string" },
  },
});
const seed = Number(values.seed);
const requests = Number(values.requests);
const EVERY_S = 30;
let told = 0;

const summary = await fuzz({
  requests,
  seed,
  only: values.only === undefined ? undefined : Number(values.only),
  onProgress({ requests: done, failures, seconds }) {
    if (seconds - told < EVERY_S) return;
    told = seconds;
    console.log(`${done} of ${requests} requests, ${failures.length} failures, ${Math.round(seconds)} s`);
  },
});
console.log(`\nseed ${seed}\n${tableOf(summary)}`);
for (const failure of summary.failures) console.log(`\n${failureText(failure, seed)}`);
process.exitCode = summary.failures.length > 0 ? 1 : 0;
