import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Item, Queue } from "./queue.ts";

const RULES = { priority: 0, concurrency: null };

function fill(
  queue: Queue,
  owner: string,
  count: number,
  { resource = "r", rules = RULES as Rules } = {},
): void {
  for (let i = 0; i < count; i++) queue.add({ id: `${owner}${i}`, owner, resource }, rules);
}

type Rules = { priority: number; concurrency: number | null };

/** Takes what may start, at most `count`, each ended before the next where `ending`. */
function take(queue: Queue, count = Number.POSITIVE_INFINITY, ending = false): string[] {
  const ids: string[] = [];
  while (ids.length < count) {
    const item = queue.next();
    if (!item) break;
    ids.push(item.id);
    if (ending) queue.remove(item.id);
  }
  return ids;
}

describe("turns", () => {
  it("a thousand items of one owner delay another's first by at most one turn", () => {
    const queue = new Queue(() => 1);
    fill(queue, "a", 1000);
    expect(take(queue, 5, true)).toEqual(["a0", "a1", "a2", "a3", "a4"]);
    fill(queue, "b", 2);
    expect(queue.position("b0")).toBeLessThanOrEqual(2);
    const next = take(queue, 6, true);
    expect(next.indexOf("b0")).toBeLessThanOrEqual(1);
    expect(next.indexOf("b1")).toBeLessThanOrEqual(3);
  });

  it("one who always comes back does not pass the others", () => {
    const queue = new Queue(() => 1);
    fill(queue, "a", 3);
    queue.add({ id: "b", owner: "b", resource: "r" }, RULES);
    const order: string[] = [];
    for (let i = 0; i < 6; i++) {
      const [id = ""] = take(queue, 1, true);
      order.push(id);
      if (id === "b") queue.add({ id: "b", owner: "b", resource: "r" }, RULES);
    }
    expect(order).toEqual(["a0", "b", "a1", "b", "a2", "b"]);
  });

  it("one owner's items keep their order", () => {
    const queue = new Queue(() => 100);
    fill(queue, "a", 50);
    fill(queue, "b", 50);
    const order = take(queue);
    for (const owner of ["a", "b"]) {
      expect(order.filter((id) => id.startsWith(owner))).toEqual(
        Array.from({ length: 50 }, (_, i) => `${owner}${i}`),
      );
    }
  });
});

describe("priorities", () => {
  it("a higher one goes first, whoever waited longer", () => {
    const queue = new Queue(() => 1);
    fill(queue, "low", 2, { rules: { priority: -1, concurrency: null } });
    fill(queue, "mid", 2);
    fill(queue, "high", 2, { rules: { priority: 5, concurrency: null } });
    expect(queue.position("low0")).toBe(5);
    expect(take(queue, 6, true)).toEqual(["high0", "high1", "mid0", "mid1", "low0", "low1"]);
  });

  it("one whose owners are all at their limit lets the lower one through", () => {
    const queue = new Queue(() => 3);
    fill(queue, "high", 5, { rules: { priority: 1, concurrency: 1 } });
    fill(queue, "low", 5);
    expect(take(queue)).toEqual(["high0", "low0", "low1"]);
  });

  it("one that changes holds for what is added from then on, and nothing is lost or doubled", () => {
    const queue = new Queue(() => 1);
    fill(queue, "a", 2);
    fill(queue, "b", 1);
    queue.add({ id: "a9", owner: "a", resource: "r" }, { priority: 1, concurrency: null });
    expect(take(queue, 9, true)).toEqual(["a9", "a0", "b0", "a1"]);
    expect([queue.waiting, queue.running, queue.waitingOf("a")]).toEqual([0, 0, 0]);
  });
});

describe("limits", () => {
  it("of resources and owners are never passed, and all is given back at the end", () => {
    const limits: Record<string, number> = { r: 3, s: 2 };
    const step = fc.record({
      what: fc.constantFrom("add", "next", "remove"),
      owner: fc.constantFrom("a", "b", "c"),
      resource: fc.constantFrom("r", "s"),
      pick: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const queue = new Queue((resource) => limits[resource] ?? 0);
        const waiting = new Map<string, Item>();
        const running = new Map<string, Item>();
        steps.forEach(({ what, owner, resource, pick }, i) => {
          if (what === "add") {
            const item = { id: `${owner}${i}`, owner, resource };
            queue.add(item, { priority: owner === "c" ? 1 : 0, concurrency: owner === "a" ? 2 : null });
            waiting.set(item.id, item);
          } else if (what === "next") {
            const item = queue.next();
            if (item) {
              expect(waiting.delete(item.id)).toBe(true);
              running.set(item.id, item);
            } else {
              const blocked = [...waiting.values()].every(
                (one) =>
                  of(running, "resource", one.resource) >= limits[one.resource]! ||
                  (one.owner === "a" && of(running, "owner", "a") >= 2),
              );
              expect(blocked).toBe(true);
            }
          } else {
            const id = [...waiting.keys(), ...running.keys()].at(pick % (waiting.size + running.size + 1));
            if (id !== undefined) queue.remove(id);
            waiting.delete(id ?? "");
            running.delete(id ?? "");
          }
          for (const name of ["r", "s"])
            expect(of(running, "resource", name)).toBeLessThanOrEqual(limits[name]!);
          expect(of(running, "owner", "a")).toBeLessThanOrEqual(2);
          expect([queue.waiting, queue.running]).toEqual([waiting.size, running.size]);
          for (const name of ["a", "b", "c"]) expect(queue.waitingOf(name)).toBe(of(waiting, "owner", name));
        });
      }),
      { numRuns: 300 },
    );
  });

  it("a resource at its limit does not hold up another", () => {
    const queue = new Queue((resource) => (resource === "full" ? 0 : 2));
    fill(queue, "a", 3, { resource: "full" });
    fill(queue, "b", 3, { resource: "free" });
    expect(take(queue)).toEqual(["b0", "b1"]);
  });

  it("where two resources have work and starts are few, both get some", () => {
    const queue = new Queue(() => 1000);
    fill(queue, "a", 1000, { resource: "first" });
    fill(queue, "b", 10, { resource: "second" });
    expect(take(queue, 20).some((id) => id.startsWith("b"))).toBe(true);
  });
});

function of(items: ReadonlyMap<string, Item>, what: "owner" | "resource", name: string): number {
  return [...items.values()].filter((item) => item[what] === name).length;
}

describe("position", () => {
  it("agrees with the true order when nothing else happens", () => {
    const item = fc.record({
      owner: fc.constantFrom("a", "b", "c", "d"),
      fate: fc.constantFrom("stay", "stay", "take", "leave"),
      pick: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 60 }), (items) => {
        const queue = new Queue(() => 1000);
        items.forEach(({ owner, fate, pick }, i) => {
          queue.add(
            { id: `${owner}${i}`, owner, resource: "r" },
            { priority: owner === "d" ? 1 : 0, concurrency: null },
          );
          if (fate === "take") queue.next();
          const leaves = pick % (i + 1);
          if (fate === "leave") queue.remove(`${items[leaves]?.owner}${leaves}`);
        });
        const waiting = items.map(({ owner }, i) => `${owner}${i}`).filter((id) => queue.isWaiting(id));
        const told = waiting.sort((a, b) => queue.position(a)! - queue.position(b)!);
        const places = told.map((id) => queue.position(id));
        expect(places).toEqual(told.map((_, i) => i + 1));
        expect(take(queue)).toEqual(told);
      }),
      { numRuns: 500 },
    );
  });

  it("is told for what waits only", () => {
    const queue = new Queue(() => 1);
    fill(queue, "a", 3);
    take(queue, 1);
    queue.remove("a1");
    expect(["a0", "a1", "a2", "unknown"].map((id) => queue.position(id))).toEqual([
      undefined,
      undefined,
      1,
      undefined,
    ]);
  });
});

it("removing what is not there, and adding what is, changes nothing", () => {
  const queue = new Queue(() => 1);
  fill(queue, "a", 2);
  take(queue, 1);
  fill(queue, "a", 2);
  queue.remove("unknown");
  expect([queue.waiting, queue.running, queue.waitingOf("a")]).toEqual([1, 1, 1]);
});
