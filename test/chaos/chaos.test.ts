/** A short chaos run; `npm run chaos` does as many rounds as one has time for. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linesOf } from "./report.ts";
import { runChaos } from "./run.ts";

test("six kills under load: nothing lost, nothing submitted twice, nothing billed twice", {
  timeout: 120_000,
}, async () => {
  const plan = { rounds: 6, seed: 3 };
  const folder = await mkdtemp(join(tmpdir(), "reelay-chaos-"));
  const report = await runChaos({ ...plan, folder, slow: false });
  const lines = linesOf(plan, report).join("\n");
  const wrong = report.verdicts.filter(({ faults }) => faults.length > 0);
  expect(wrong, `${lines}\nThe evidence is in ${folder}`).toEqual([]);
  const idle = report.verdicts.filter(({ checked }) => checked === 0);
  expect(idle, lines).toEqual([]);
  const atPoints = [...report.kills.keys()].filter((how) => /commit|request/.test(how));
  expect(atPoints, lines).not.toEqual([]);
  await rm(folder, { recursive: true, force: true });
});
