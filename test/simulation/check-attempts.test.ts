/** Each promise about a task's attempts is shown small histories that break it, and a hard one that breaks none. */
import { describe, expect, it } from "vitest";
import { findBrokenAttempts, type Rules, toRules } from "./check-attempts.ts";
import type { Entry } from "./witness.ts";

const RULES: Rules = {
  ...{ follows: ["provider_busy", "provider_failed"], most: 2 },
  providers: new Map([
    ["one", { kind: "alpha", concurrency: 1 }],
    ["two", { kind: "beta", concurrency: 9 }],
    ["three", { kind: "alpha", concurrency: 9 }],
  ]),
};
const found = (...entries: readonly (readonly Entry[])[]): readonly string[] =>
  findBrokenAttempts(entries.flat(), RULES);

const submit = (
  attempt: string,
  provider: string,
  task = "t1",
  preparedBy: string | null = null,
): Entry[] => [{ event: "submit", provider, task, attempt, preparedBy }];
const accepted = (attempt: string, provider: string, job: string, task = "t1"): Entry[] => [
  ...submit(attempt, provider, task),
  { event: "accepted", provider, task, attempt, job },
];
const lost = (attempt: string, provider: string): Entry[] => [
  { event: "answered", provider, attempt, said: "unknown" },
];
const refused = (
  attempt: string,
  provider: string,
  code: "provider_busy" | "provider_refused" | "provider_balance" | "content_refused",
  task = "t1",
): Entry[] => [
  ...submit(attempt, provider, task),
  { event: "answered", provider, attempt, said: "refused", code, again: code === "provider_busy" },
];
const absent = (attempt: string, provider: string): Entry[] => [
  { event: "looked", provider, attempt, said: "absent" },
];
const failed = (
  job: string,
  provider: string,
  code: "provider_failed" | "provider_lost" | "content_refused" = "provider_failed",
): Entry[] => [{ event: "failed", provider, job, code }];

it("what is hard and right is not called wrong", () => {
  const unprepared: Entry = { event: "unprepared", provider: "two", task: "t2", code: "content_refused" };
  expect(
    found(
      // Refused, lost and absent, sent again, accepted, failed, and only then elsewhere, with a job of the same name.
      ...[refused("a1", "two", "provider_busy"), submit("a2", "one"), lost("a2", "one"), absent("a2", "one")],
      ...[accepted("a2", "one", "job_0"), failed("job_0", "one"), accepted("a3", "two", "job_0")],
      [{ event: "asked", act: "check", provider: "two", by: "two", job: "job_0" }],
      ...[refused("d1", "two", "provider_balance", "t4"), refused("d2", "two", "provider_busy", "t5")],
      ...[submit("d3", "three", "t4"), submit("d4", "two", "t5")],
      // Killed before the refusal was remembered, and so asked once more; the other one's place is free by then.
      ...[[unprepared], submit("b1", "two", "t2", "two")],
      ...[refused("c1", "one", "content_refused", "t3"), submit("c1", "one", "t3")],
    ),
  ).toEqual([]);
  expect(found(submit("a1", "one"), [{ event: "ended", task: "t1" }], submit("b1", "one", "t2"))).toEqual([]);
});

it("a policy's reasons, attempts and percents are one set of rules, and the first attempt is always allowed", () => {
  const at = (attempts: number, costPercent: number): number =>
    toRules({ reasons: [], attempts, costPercent }, new Map()).most;
  expect([at(3, 300), at(3, 299), at(3, 100), at(3, 0), at(1, 1_000), at(0, 0)]).toEqual([3, 2, 1, 1, 1, 1]);
  expect(toRules({ reasons: ["lost", "timeout"], attempts: 1, costPercent: 1 }, new Map()).follows).toEqual([
    ...["provider_lost", "deadline_exceeded"],
  ]);
});

const first = accepted("a1", "one", "job_0");
describe.each<[promise: string, says: RegExp, faults: readonly [what: string, ...Entry[][]][]]>([
  [
    "an attempt is accepted at most once",
    /^a1 was accepted 2 times/,
    [
      ["while the first goes on", first, [{ ...first[1]!, job: "job_1" } as Entry]],
      ["after it had failed", first, failed("job_0", "one"), accepted("a1", "one", "job_1")],
      ["after a look-up that was wrong", first, absent("a1", "one"), accepted("a1", "one", "job_1")],
    ],
  ],
  [
    "what may have arrived is not sent again",
    /sent again to one, which may have had it/,
    [
      ["its answer was lost", submit("a1", "one"), lost("a1", "one"), submit("a1", "one")],
      ["nobody waited for it", submit("a1", "one"), submit("a1", "one")],
      [
        "the provider did not know",
        submit("a1", "one"),
        [{ event: "looked", provider: "one", attempt: "a1", said: "unknown" }],
        submit("a1", "one"),
      ],
    ],
  ],
  [
    "two attempts are never under way at once",
    /^t1 was handed to two as a2 while one may have a1/,
    [
      ["the first was accepted", first, submit("a2", "two")],
      ["its answer was lost", submit("a1", "one"), lost("a1", "one"), submit("a2", "two")],
      ["it failed and was accepted again", first, failed("job_0", "one"), first, submit("a2", "two")],
      ["another task's job of that name failed", first, failed("job_0", "two"), submit("a2", "two")],
      ["the other provider does not know it", first, absent("a2", "two"), submit("a2", "two")],
    ],
  ],
  [
    "the last one is accepted only after the others have failed",
    /^t1 was accepted by two as a2 before one said that a1 failed/,
    [
      [
        "it was believed to have been refused",
        submit("a1", "one"),
        first.slice(1),
        accepted("a2", "two", "job_0"),
      ],
      [
        "it arrived late",
        refused("a1", "one", "provider_busy"),
        first.slice(1),
        accepted("a2", "two", "job_0"),
      ],
    ],
  ],
  [
    "no more are accepted than the policy and the cap allow",
    /^t1 was accepted 3 times, and 2 are allowed/,
    [
      [
        "all of them failed",
        ...[first, failed("job_0", "one"), accepted("a2", "two", "job_0"), failed("job_0", "two")],
        accepted("a3", "one", "job_1"),
      ],
    ],
  ],
  [
    "only what the operator listed is followed by another attempt",
    /although it had failed with provider_lost/,
    [["it had been lost", first, failed("job_0", "one", "provider_lost"), submit("a2", "two")]],
  ],
  [
    "who has refused for good, or failed at it, is not asked again",
    /^t1 was handed to \w+ after one had said provider_\w+/,
    [
      ["refused", refused("a1", "one", "provider_balance"), submit("a2", "one")],
      ["failed", first, failed("job_0", "one"), submit("a2", "one")],
      ["refused by its kind", refused("a1", "one", "provider_refused"), submit("a2", "three")],
    ],
  ],
  [
    "what was refused for its content is tried nowhere else",
    /^t1 was refused for its content by one and handed to/,
    [
      ["at the submit", refused("a1", "one", "content_refused"), submit("a2", "two")],
      ["by the same again", refused("a1", "one", "content_refused"), submit("a2", "one")],
      ["by accepted work", first, failed("job_0", "one", "content_refused"), submit("a2", "two")],
      [
        "before it was submitted",
        [{ event: "unprepared", provider: "one", task: "t1", code: "content_refused" }],
        submit("a1", "two"),
      ],
    ],
  ],
  [
    "a ticket goes to whoever made it",
    /which one has\.$/,
    [
      ["checked", first, [{ event: "asked", act: "check", provider: "two", by: "one", job: "job_0" }]],
      ["stopped", first, [{ event: "asked", act: "cancel", provider: "two", by: "one", job: "job_0" }]],
      ["let go", first, [{ event: "asked", act: "forget", provider: "two", by: "one", job: "job_0" }]],
      ["looked for", submit("a1", "one"), absent("a1", "two")],
    ],
  ],
  [
    "an attempt stays where it is, with what was prepared for it",
    /was (handed to one for t1 and to|prepared by one and handed to)/,
    [
      ["another provider", submit("a1", "one"), absent("a1", "one"), submit("a1", "two")],
      ["another task", submit("a1", "one"), absent("a1", "one"), submit("a1", "one", "t2")],
      ["another's preparation", submit("a1", "two", "t1", "one")],
    ],
  ],
  [
    "nobody gets more at once than it takes",
    /^one takes 1 at once and was handed t1, t2/,
    [
      ["two tasks", first, submit("b1", "one", "t2")],
      ["one of them lost", submit("a1", "one"), lost("a1", "one"), submit("b1", "one", "t2")],
    ],
  ],
])("%s", (_promise, says, faults) => {
  it.each(faults)("%s", (_what, ...entries) => {
    expect(
      found(...entries).some((fault) => says.test(fault)),
      found(...entries).join("\n"),
    ).toBe(true);
  });
});
