import { expect, it } from "vitest";
import { Queue } from "../engine/queue.ts";
import { openAdmission } from "./admission.ts";

const RULES = { priority: 0, concurrency: null };
const add = (queue: Queue, id: string, owner = "a"): void => queue.add({ id, owner, resource: "r" }, RULES);

it("a burst that is still on its way into the store counts, and is counted off when it has come or failed", () => {
  const admission = openAdmission(new Queue(() => 0), { open: 3, waitingOfKey: 100 });
  const leaves = ["a", "b", "c"].map((key) => admission.enter(key));
  expect(() => admission.enter("d")).toThrow(expect.objectContaining({ code: "overloaded", retryAfter: 5 }));
  leaves[1]?.();
  admission.enter("d");
  expect(() => admission.enter("e")).toThrow(expect.objectContaining({ code: "overloaded" }));
});

it("one key at its limit does not keep others out, and is told what the limit is", () => {
  const queue = new Queue(() => 0);
  const admission = openAdmission(queue, { open: 100, waitingOfKey: 2 });
  add(queue, "t1");
  admission.enter("a");
  expect(() => admission.enter("a")).toThrow(
    expect.objectContaining({
      code: "rate_limited",
      retryAfter: 5,
      message: expect.stringContaining("2 tasks waiting"),
    }),
  );
  admission.enter("b");
});

it("what runs does not count as waiting, and does count as open", () => {
  const queue = new Queue(() => 10);
  const admission = openAdmission(queue, { open: 3, waitingOfKey: 1 });
  for (const id of ["t1", "t2", "t3"]) {
    const leave = admission.enter("a");
    add(queue, id);
    queue.next();
    leave();
  }
  expect(() => admission.enter("a")).toThrow(expect.objectContaining({ code: "overloaded" }));
  queue.remove("t1");
  admission.enter("a");
});

it("a refusal takes no place", () => {
  const admission = openAdmission(new Queue(() => 0), { open: 1, waitingOfKey: 1 });
  const leave = admission.enter("a");
  for (let i = 0; i < 5; i++) expect(() => admission.enter("a")).toThrow();
  leave();
  admission.enter("a");
});
