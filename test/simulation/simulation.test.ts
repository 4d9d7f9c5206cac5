import { beforeAll, expect, it } from "vitest";
import { runSeed, type SeedResult } from "./run-seed.ts";

const SEEDS = 200;
const results: { readonly seed: number; readonly result: SeedResult }[] = [];

beforeAll(async () => {
  for (let seed = 1; seed <= SEEDS; seed++) results.push({ seed, result: await runSeed(seed) });
}, 120_000);

const again = (seed: number, strict = ""): string =>
  `again: npm run simulate -- --seeds 1 --seed ${seed}${strict}`;

it(`in ${SEEDS} seeded lives nothing is lost, nothing is bought twice, ends are final and the books balance`, () => {
  const faults = results.flatMap(({ seed, result }) =>
    result.faults.map((fault) => `seed ${seed}: ${fault} (${again(seed)})`),
  );
  expect(faults).toEqual([]);
});

const sum = (count: (result: SeedResult) => number): number =>
  results.reduce((all, { result }) => all + count(result), 0);

it("the providers were hard: work goes on to others, and nothing that they can do was left out", () => {
  for (const what of [
    ...["handed to another", "accept number 2", "told to stop", "unknown", "unsent"],
    ...["looked: found", "looked: absent", "looked: unknown"],
    ...["content_refused", "provider_refused", "provider_busy", "provider_account", "provider_balance"].map(
      (code) => `refused ${code}`,
    ),
    ...["provider_busy", "provider_failed", "provider_lost", "content_refused", "deadline_exceeded"].map(
      (code) => `failed ${code}`,
    ),
    ...["provider_failed", "content_refused"].map((code) => `unprepared ${code}`),
  ]) {
    expect(
      sum(({ hardships }) => hardships[what] ?? 0),
      what,
    ).toBeGreaterThan(0);
  }
});

it("the lives were hard: many kills, and every kind of end", () => {
  expect(sum(({ kills }) => kills)).toBeGreaterThan(SEEDS);
  for (const end of [
    "completed",
    "cancelled",
    "outcome_unknown",
    "deadline_exceeded",
    "content_refused",
    "provider_failed",
  ]) {
    expect(
      sum(({ states }) => states[end] ?? 0),
      end,
    ).toBeGreaterThan(0);
  }
});

it("a seed repeats itself", async () => {
  for (const { seed, result } of results.slice(0, 5)) expect(await runSeed(seed)).toEqual(result);
});

it("records tell the truth about what the provider bills us", () => {
  const untruths = results.flatMap(({ seed, result }) =>
    result.untruths.map((one) => `${one} (${again(seed, " --strict")})`),
  );
  expect(untruths).toEqual([]);
});
