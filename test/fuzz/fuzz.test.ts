/** Whatever is sent to any endpoint, the answer is as the server's own document has it, and what is refused costs nothing. */
import { expect, test } from "vitest";
import { failureText, tableOf } from "./report.ts";
import { fuzz } from "./run.ts";

/** The same requests on every run: a failure here is a failure for everybody. */
const SEED = 20_261_120;
const REQUESTS = 20_000;

// Three times what it takes on a quiet machine of two cores.
test("no request out of twenty thousand is answered otherwise than documented", {
  timeout: 180_000,
}, async () => {
  const summary = await fuzz({ requests: REQUESTS, seed: SEED });
  const failures = summary.failures.map((failure) => failureText(failure, SEED));
  expect(failures.join("\n"), tableOf(summary)).toBe("");
  expect(summary.requests).toBeGreaterThanOrEqual(REQUESTS);
  // A run in which hardly anything was let through, or hardly anything refused, shows little.
  for (const kind of [
    "good\t2xx",
    "broken body\t4xx",
    "broken bytes\t4xx",
    "foreign id\t4xx",
    "no key\t4xx",
    "link\t2xx",
  ]) {
    expect(summary.answers.get(kind), kind).toBeGreaterThan(50);
  }
});
