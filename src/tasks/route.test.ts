import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../core/errors.ts";
import type { Provider } from "../core/provider.ts";
import { type Health, openHealth } from "./health.ts";
import { openRouter, type Picked, type Question, type RouterParts, type Share } from "./route.ts";
import { modelFor, routeTo } from "./testing/place-lab.ts";

type Given = Partial<Provider> & { readonly id: string };

interface Lab {
  readonly health: Health;
  pick(question?: Partial<Question>): Picked;
  /** Only its id. */
  id(question?: Partial<Question>): string;
}

/** A model whose routes lead to these kinds, in this order. */
const MODEL = modelFor(["a", "b", "c", "ours"].map((kind) => routeTo(kind)));
const INPUT = { prompt: "fox" };

/** Of a provider only what the router asks of it; its kind is its id unless it says otherwise. */
function open(given: readonly (Given | string)[], more: Partial<RouterParts> = {}): Lab {
  const whole = given.map((one) => (typeof one === "string" ? { id: one } : one));
  const providers = new Map(
    whole.map((one) => [one.id, { free: false, kind: one.id, ...one } as unknown as Provider]),
  );
  const health = openHealth({ clock: { now: () => 1_000 }, alert: () => undefined });
  const parts = {
    ...{ providers, health, shares: new Map(), isFull: () => false, turnMs: () => 0, random: () => 0 },
    ...more,
  };
  const router = openRouter(parts);
  const pick = (question: Partial<Question> = {}): Picked =>
    router.pick({ model: MODEL, input: INPUT, free: false, ...question });
  return { health, pick, id: (question) => pick(question).provider.id };
}

const shares = (table: Readonly<Record<string, Partial<Share>>>): ReadonlyMap<string, Share> =>
  new Map(Object.entries(table).map(([id, share]) => [id, { weight: 1, rank: null, ...share }]));

function refuse(lab: Lab, provider: string, code: ErrorCode, afterMs = 0): void {
  lab.health.refused(provider, { endpoint: `${provider}/e`, code, afterMs });
}

/** All of them, best first: each is ruled out once it was picked. */
function order(lab: Lab, question: Partial<Question> = {}): readonly string[] {
  const found: string[] = [];
  const without: Question["without"] = ({ provider }) => found.includes(provider.id);
  try {
    for (;;) found.push(lab.id({ ...question, without }));
  } catch {
    return found;
  }
}

describe("the order", () => {
  it("is that of the model's routes, whatever the order in which providers were opened", () => {
    expect(order(open(["c", "b", "a"]))).toEqual(["a", "b", "c"]);
  });

  it("is that of the ranks where an operator gives them; one without keeps its place in the model", () => {
    expect(order(open(["a", "b", "c"], { shares: shares({ a: { rank: 5 }, c: { rank: 0 } }) }))).toEqual([
      ...["c", "b", "a"],
    ]);
  });

  it("has the route with its provider: two of one kind share it, and each kind has its own", () => {
    const lab = open([{ id: "one", kind: "a" }, { id: "two", kind: "a" }, "b"]);
    const picked = ["one", "two", "b"].map((id) =>
      lab.pick({ without: ({ provider }) => provider.id !== id }),
    );
    expect(picked.map(({ route }) => route.endpoint)).toEqual(["a/e", "a/e", "b/e"]);
  });

  it("shares a rank out in proportion to the weights, and weight 0 takes nothing while another can", () => {
    const weights = fc.array(fc.nat({ max: 50 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(weights, (given) => {
        const total = given.reduce((sum, weight) => sum + weight, 0);
        const ids = given.map((_, index) => `p${index}`);
        const table = Object.fromEntries(ids.map((id, index) => [id, { weight: given[index] ?? 0 }]));
        // Every point of the line once: the shares are then exact.
        const draws = { point: 0 };
        const lab = open(
          ids.map((id) => ({ id, kind: "a" })),
          { shares: shares(table), random: () => (draws.point + 0.5) / Math.max(1, total) },
        );
        const counts = new Map(ids.map((id) => [id, 0]));
        for (; draws.point < total; draws.point++) {
          const id = lab.id();
          counts.set(id, (counts.get(id) ?? 0) + 1);
        }
        expect([...counts.values()]).toEqual(given);
        // Who has no share comes last, and is asked all the same where nobody else is left.
        const last = order(lab).slice(given.filter((weight) => weight > 0).length);
        expect(last).toEqual(ids.filter((_, index) => given[index] === 0));
      }),
    );
  });

  it("gives a share of nothing to nobody at either end of the draw", () => {
    const weighted = shares({ zero: { weight: 0 }, one: { weight: 1 }, none: { weight: 0 } });
    for (const random of [() => 0, () => 1 - 2 ** -53, () => 1]) {
      const lab = open(
        ["zero", "one", "none"].map((id) => ({ id, kind: "a" })),
        { shares: weighted, random },
      );
      expect(lab.id()).toBe("one");
    }
  });

  it("gives less to whom it fails at, within a rank only", () => {
    const lab = open([{ id: "one", kind: "a" }, { id: "two", kind: "a" }, "b"], { random: () => 0.4 });
    expect(lab.id()).toBe("one");
    for (let n = 0; n < 4; n++) lab.health.ended("one", { endpoint: "a/e", code: "provider_failed" });
    // 0.9 ** 4 of its share is left, and 0.4 of the line is now past it.
    expect(lab.id()).toBe("two");
    expect(lab.id({ without: ({ provider }) => provider.id === "two" })).toBe("one");
  });
});

describe("passed over", () => {
  it("is who is full, unless all are", () => {
    const full = new Set(["a"]);
    const lab = open(["a", "b"], { isFull: (id) => full.has(id) });
    expect(lab.id()).toBe("b");
    full.add("b");
    expect(lab.id()).toBe("a");
  });

  it("is who has no turn to give for more than some seconds, unless all are: then it is the soonest", () => {
    const turns: Record<string, number> = { a: 5_001, b: 0, c: 0 };
    const full = new Set<string>();
    const lab = open(["a", "b", "c"], {
      ...{ turnMs: (id: string) => turns[id] ?? 0, isFull: (id: string) => full.has(id) },
    });
    expect(order(lab)).toEqual(["b", "c", "a"]);
    // The holder, too: who waits for a turn holds up nothing but itself.
    expect(lab.pick({ holder: "a" })).toMatchObject({ provider: { id: "b" }, waitMs: 0 });
    turns.b = 30_000;
    turns.c = 60_000;
    expect(order(lab)).toEqual(["a", "b", "c"]);
    // Seconds are nothing beside minutes of work, and the next may be the dearer one.
    turns.a = turns.b = 5_000;
    expect([lab.id(), lab.id({ holder: "b" })]).toEqual(["a", "b"]);
    // Nor is a line of unknown length better than a turn that is known.
    turns.a = 9_000;
    for (const id of ["b", "c"]) full.add(id);
    expect(lab.id()).toBe("a");
    // But a turn is better than a circuit that is open, and than a "not now".
    for (let n = 0; n < 5; n++) lab.health.ended("b", { endpoint: "b/e", code: "provider_failed" });
    refuse(lab, "c", "provider_busy", 1_000);
    full.clear();
    expect(lab.pick()).toMatchObject({ provider: { id: "a" }, waitMs: 0 });
  });

  it("is whose circuit is open, even for one that is full, but not where nobody else is there", () => {
    const lab = open(["a", "b"], { isFull: (id) => id === "b" });
    for (let n = 0; n < 5; n++) lab.health.ended("a", { endpoint: "a/e", code: "provider_failed" });
    expect(lab.id()).toBe("b");
    expect(lab.pick({ without: ({ provider }) => provider.id === "b" })).toMatchObject({
      ...{ provider: { id: "a" }, waitMs: 0 },
    });
    // To ask one that is not well is better than to wait for one that says when.
    refuse(lab, "b", "provider_busy", 1_000);
    expect(lab.pick()).toMatchObject({ provider: { id: "a" }, waitMs: 0 });
  });

  it("is the endpoint that an account may not use, and no other of the same provider", () => {
    const other = modelFor([routeTo("a", { endpoint: "a/other" }), routeTo("b")]);
    const lab = open(["a", "b"]);
    refuse(lab, "a", "provider_account");
    expect([lab.id(), lab.id({ model: other })]).toEqual(["b", "a"]);
    refuse(lab, "a", "provider_balance");
    expect([lab.id(), lab.id({ model: other })]).toEqual(["b", "b"]);
  });

  it("is who takes no more for now; where all wait, it is the one that waits least", () => {
    const lab = open(["a", "b", "c"]);
    refuse(lab, "a", "provider_busy", 5_000);
    expect(lab.pick()).toMatchObject({ provider: { id: "b" }, waitMs: 0 });
    refuse(lab, "b", "provider_busy", 60_000);
    refuse(lab, "c", "provider_busy", 3_000);
    expect(lab.pick()).toMatchObject({ provider: { id: "c" }, waitMs: 3_000 });
    expect(order(lab)).toEqual(["c", "a", "b"]);
  });

  it("is who has just refused this very request, for as long as it said", () => {
    const lab = open(["a", "b"]);
    const pauseMs = (id: string): number => (id === "a" ? 700 : 0);
    expect(lab.pick({ pauseMs, holder: "a" })).toMatchObject({ provider: { id: "b" }, waitMs: 0 });
    const alone = lab.pick({ pauseMs, without: ({ provider }) => provider.id === "b" });
    expect(alone).toMatchObject({ provider: { id: "a" }, waitMs: 700 });
    refuse(lab, "a", "provider_busy", 900);
    expect(lab.pick({ pauseMs: () => 100, without: ({ provider }) => provider.id === "b" }).waitMs).toBe(
      1_000,
    );
  });
});

describe("the holder", () => {
  it("keeps the task although another is ranked before it, and although it is full of such tasks", () => {
    expect(open(["a", "b"], { isFull: (id) => id === "b" }).id({ holder: "b" })).toBe("b");
  });

  it("loses it to another while it is avoided, busy, or ruled out", () => {
    const lab = open(["a", "b"]);
    expect(lab.id({ holder: "b", without: ({ provider }) => provider.id === "b" })).toBe("a");
    refuse(lab, "b", "provider_balance");
    expect(lab.id({ holder: "b" })).toBe("a");
    refuse(lab, "a", "provider_busy", 1_000);
    expect(lab.id({ holder: "a" })).toBe("b");
  });

  it("that is not open here any more is nobody", () => {
    expect(open(["a", "b"]).id({ holder: "gone" })).toBe("a");
  });
});

describe("whose work costs nothing", () => {
  const OURS: Given = { id: "ours", free: true };

  it("does a live key's work only where nobody is paid at all", () => {
    expect(open([OURS]).id()).toBe("ours");
    expect(order(open([OURS, "a"]))).toEqual(["a"]);
    // Not even for a model that the paid one cannot make: an animatic would be a surprise.
    const lab = open([OURS, { id: "a", serves: () => false }]);
    expect(() => lab.pick()).toThrow("No provider on this server can serve m at present.");
  });

  it("does a test key's work, and nobody else does", () => {
    expect(order(open([OURS, "a", "b"]), { free: true })).toEqual(["ours"]);
    expect(() => open(["a"]).pick({ free: true })).toThrow("No provider on this server");
  });
});

it("one that does not serve an endpoint is not asked for it", () => {
  const asked: string[] = [];
  const serves = (endpoint: string): boolean => {
    asked.push(endpoint);
    return false;
  };
  expect(open([{ id: "a", serves }, "b"]).id()).toBe("b");
  expect(asked).toEqual(["a/e"]);
  expect(open([{ id: "a", serves: () => true }, "b"]).id()).toBe("a");
});
