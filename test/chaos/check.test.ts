/** Every property of the checker is shown small histories that break it. */
import { expect, test } from "vitest";
import { check } from "./check.ts";
import {
  type Bare,
  begun,
  broken,
  create,
  describeFaults,
  done,
  entry,
  failed,
  HASH,
  history,
  more,
  read,
  row,
  SOUND,
  t1,
  t2,
} from "./sound.ts";

test("a sound history is found sound, and every property has looked at something", () => {
  const verdicts = check(SOUND);
  expect(verdicts.flatMap(({ faults }) => faults)).toEqual([]);
  expect(verdicts.filter(({ checked }) => checked === 0)).toEqual([]);
});

describeFaults([
  [
    "no task that was acknowledged with 2xx is lost",
    [
      ["is not in the database", more(create(7, "c3", [{ ...begun, id: "t3" }]))],
      ["is answered with 404", more([{ op: 7, act: "read", type: "fail", status: 404, taskId: "t1" }])],
      ["is of another key", { tasks: [t1, { ...t2, keyId: "k2" }], ledger: SOUND.ledger }],
      ["has another's words", { tasks: [t1, { ...t2, prompt: "Waves. op=c9" }] }],
    ],
  ],
  [
    "every task reached a terminal state",
    [
      [
        "one that was never acknowledged is open",
        { tasks: [...SOUND.tasks, { ...row, id: "t9", state: "processing", prompt: "op=c9" }] },
      ],
    ],
  ],
  [
    "a terminal state never changed, for any reader",
    [
      ["failed, then completed", more(read(7, { ...done, id: "t2", credits: 0, billing: "released" }))],
      ["completed, then processing", more(read(7, { ...begun, status: "processing" }))],
      [
        "completed, then with other bytes",
        more(read(7, { ...done, credits: 2, sha256: [] }), read(8, { ...done, credits: 2 })),
      ],
      ["failed, and cancelled in the database", { tasks: [t1, { ...t2, state: "cancelled" }] }],
      ["failed, then charged as unknown", more(read(7, { ...failed, billing: "unknown" }))],
    ],
  ],
  [
    "the same idempotency key gave one task",
    [
      ["two answers", more(create(7, "c1", [failed]))],
      [
        "a lost answer's task beside it",
        {
          tasks: [...SOUND.tasks, { ...t2, id: "t3" }],
          ledger: [...SOUND.ledger, entry("t3", "hold", -25_000), entry("t3", "release", 25_000)],
        },
      ],
    ],
  ],
  [
    "the bytes of completed tasks match their sha256",
    [
      ["the file is gone", { results: [{ taskId: "t1", sha256: HASH, found: null }] }],
      ["the file has changed", { results: [{ taskId: "t1", sha256: HASH, found: "b".repeat(64) }] }],
      ["there is no result", { results: [] }],
      ["there are two", { results: [...SOUND.results, ...SOUND.results] }],
      [
        "a download differs",
        more([{ op: 7, act: "download", type: "ok", taskId: "t1", sha256: "b", promised: HASH }]),
      ],
    ],
  ],
  ["PRAGMA integrity_check says ok", [["a page is broken", { integrity: "*** in database main ***" }]]],
]);

test("what is no fault is not called one", () => {
  // A read that began before the end was seen may be answered with what was before it.
  const [invoked, ended] = read(7, { ...begun, status: "processing" }) as [Bare, Bare];
  expect(broken({ history: history([invoked], ...[SOUND.history], [ended]) })).toEqual([]);
  const lost = more([{ op: 7, act: "create", marker: "c9", type: "invoke", idempotencyKey: null }]);
  expect(broken(lost)).toEqual([]);
  expect(broken({ hooks: [{ ...SOUND.hooks[0]!, answered: 500 }, ...SOUND.hooks] })).toEqual([]);
});
