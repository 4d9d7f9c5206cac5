/** A server that makes a mistake about its attempts is caught by some seed; one that makes none is not. */
import { expect, it } from "vitest";
import { runSeed } from "./run-seed.ts";
import { MISTAKES, NOTHING } from "./sabotage.ts";

const MOST_SEEDS = 150;

it.each(MISTAKES)("found: %s", { timeout: 120_000 }, async (_what, says, sabotage) => {
  for (let seed = 1; seed <= MOST_SEEDS; seed++) {
    const { faults } = await runSeed(seed, sabotage);
    if (faults.some((fault) => says.test(fault))) return;
  }
  expect.fail(`${MOST_SEEDS} seeds did not find it`);
});

it("the same seeds find nothing where nothing is wrong", async () => {
  for (let seed = 1; seed <= 3; seed++) expect((await runSeed(seed, NOTHING)).faults).toEqual([]);
});
