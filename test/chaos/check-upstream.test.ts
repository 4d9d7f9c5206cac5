/** Work that was bought twice, sent on where it must not be, or asked about with another's key is found. */
import { expect, test } from "vitest";
import type { UpstreamEntry } from "./evidence.ts";
import { answered, asked, broken, describeFaults, refused, submit, upstream } from "./sound.ts";

const FIRST = submit("a1", "c1", "job_1");
const CONTENT = { code: "content_policy" };
const failed = answered("job_1", "failed");

describeFaults([
  [
    "the upstreams accepted at most one submit of an attempt",
    [
      ["again after its job had failed", upstream(...submit("a2", "c2", "job_3"))],
      ["the other one, too", upstream(...submit("a2", "c2", "job_1", "two"))],
    ],
  ],
  [
    "no second attempt was accepted before the first had failed",
    [
      ["the first succeeded", upstream(...submit("a3", "c1", "job_1", "two"))],
      ["it was not seen to end", { upstream: [...FIRST, ...submit("a3", "c1", "job_1", "two")] }],
      ["by the same one", { upstream: [...FIRST, ...submit("a3", "c1", "job_2")] }],
      [
        "a job of the same name failed at the other",
        { upstream: [...FIRST, answered("job_1", "failed", "two"), ...submit("a3", "c1", "job_1", "two")] },
      ],
      [
        "it failed only afterwards",
        { upstream: [...FIRST, answered("job_1", "running"), ...submit("a3", "c1", "job_2"), failed] },
      ],
    ],
  ],
  [
    "no more attempts of a task were accepted than are allowed",
    [
      [
        "three, one after the other",
        {
          upstream: [
            ...[...FIRST, failed, ...submit("a3", "c1", "job_1", "two"), answered("job_1", "failed", "two")],
            ...submit("a4", "c1", "job_2"),
          ],
        },
      ],
    ],
  ],
  [
    "what one refused for its content was never sent to another",
    [
      ["at the submit", upstream(...refused("a3", "c3", "one", CONTENT), ...submit("a4", "c3", "j", "two"))],
      [
        "by accepted work",
        {
          upstream: [
            ...[...FIRST, answered("job_1", "failed", "one", "content_policy")],
            ...submit("a3", "c1", "job_1", "two"),
          ],
        },
      ],
      [
        "and refused there, too",
        upstream(...refused("a3", "c3", "one", CONTENT), ...refused("a4", "c3", "two", CONTENT)),
      ],
    ],
  ],
  [
    "every request carried the key of the upstream that it went to",
    [
      ["a submit with the other's", upstream(...asked("two", ["POST", "/jobs"], { key: "key-of-one" }))],
      ["a check with the other's", upstream(...asked("one", ["GET", "/jobs/job_1"], { key: "key-of-two" }))],
      ["a cancel with none", upstream(...asked("one", ["POST", "/jobs/job_1/cancel"], { key: null }))],
      ["a file with one", upstream(...asked("one", ["GET", "/files/job_1.mp4"]))],
    ],
  ],
  [
    "an upstream was asked about its own work only",
    [
      ["a check", upstream(...asked("two", ["GET", "/jobs/job_1"]))],
      ["one of many", upstream(...asked("one", ["GET", "/jobs?ids=job_1,job_9"]))],
      ["a cancel", upstream(...asked("two", ["POST", "/jobs/job_1/cancel"]))],
      ["a look-up", upstream(...asked("two", ["GET", "/jobs?attempt=a1"]))],
    ],
  ],
]);

test("what is no fault is not called one", () => {
  const batch: UpstreamEntry = {
    ...{ by: "one", event: "answer" },
    body: { jobs: [{ job: "job_1", status: "failed" }] },
  };
  for (const failure of [failed, batch, answered("job_1", "cancelled")]) {
    const again = [...FIRST, failure, ...submit("a2", "c1", "job_1", "two")];
    expect(broken({ upstream: again })).toEqual([]);
  }
  // Refused for another reason; refused for its content, and asked once more by a server that was killed before it wrote so.
  const twice = refused("a4", "c4", "one", CONTENT);
  const others = [
    ...refused("a3", "c3", "one", { code: "capacity" }),
    ...refused("a6", "c3", "one", { ...CONTENT, status: 429 }),
  ];
  expect(broken(upstream(...others, ...submit("a5", "c3", "j", "two"), ...twice, ...twice))).toEqual([]);
  // Looked for before it left.
  expect(broken(upstream(...asked("one", ["GET", "/jobs?attempt=a9"])))).toEqual([]);
});
