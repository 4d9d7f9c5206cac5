import { describe, expect, it } from "vitest";
import { ERRORS, type ErrorCode } from "../core/errors.ts";
import type { Provider } from "../core/provider.ts";
import { type FailoverPolicy, isFinal, lastObjection, mayFollow, ruledOut } from "./failover.ts";
import type { Attempt } from "./history.ts";
import { routeTo } from "./testing/place-lab.ts";

const POLICY: FailoverPolicy = {
  reasons: ["capacity", "failure", "lost"],
  attempts: 10,
  costPercent: 1_000,
};

/** Attempts in order, each at "provider" or "provider/kind". */
type Told = readonly [at: string, what: Pick<Attempt, "state"> & Partial<Attempt>];

const history = (told: readonly Told[]): readonly Attempt[] =>
  told.map(([at, what], index) => {
    const [provider = "", kind = provider] = at.split("/");
    return {
      ...{ number: index + 1, placing: { provider, kind, endpoint: "e", at: 0 }, attemptId: `att_${index}` },
      ...{ ticket: undefined, refused: undefined, ending: undefined, ...what },
    };
  });

const refused = (code: ErrorCode, againAt: number | null = null, message: string = code): Told[1] => ({
  state: "refused",
  refused: { refused: { code, message }, againAt },
});
const failed = (code: ErrorCode, message: string = code): Told[1] => ({
  state: "failed",
  ending: { code, message, at: 0 },
});
const ACCEPTED: Told[1] = { state: "accepted", ticket: "t" };

const accepted = (count: number): readonly Attempt[] =>
  history(Array.from({ length: count }, () => ["a", ACCEPTED] as const));

describe("after accepted work has failed", () => {
  it.each([
    ["capacity", ["provider_busy", "provider_balance", "provider_account"]],
    ["failure", ["provider_failed"]],
    ["lost", ["provider_lost"]],
    ["timeout", ["deadline_exceeded"]],
  ] as const)(
    "another attempt is made for %s where the operator wants it, and only then",
    (reason, codes) => {
      for (const code of codes) {
        expect(mayFollow({ ...POLICY, reasons: [reason] }, code, accepted(1)), code).toBe(true);
        const others = (["capacity", "failure", "lost", "timeout"] as const).filter((one) => one !== reason);
        expect(mayFollow({ ...POLICY, reasons: others }, code, accepted(1)), code).toBe(false);
      }
    },
  );

  it("what is about the request, its files or ourselves is never bought twice", () => {
    const all = Object.keys(ERRORS) as ErrorCode[];
    const policy: FailoverPolicy = { ...POLICY, reasons: ["capacity", "failure", "lost", "timeout"] };
    expect(all.filter((code) => mayFollow(policy, code, accepted(1))).sort()).toEqual([
      ...["deadline_exceeded", "provider_account", "provider_balance"],
      ...["provider_busy", "provider_failed", "provider_lost"],
    ]);
  });

  it("the attempts that were accepted are counted, and those that cost nothing are not", () => {
    const policy = { ...POLICY, attempts: 2 };
    const free: readonly Told[] = [
      ["a", refused("provider_busy", 5)],
      ["b", refused("provider_refused")],
      ["c", { state: "unsent" }],
    ];
    const mixed = (last: readonly Told[]): readonly Attempt[] => history([...free, ...last]);
    expect(mayFollow(policy, "provider_failed", mixed([["d", ACCEPTED]]))).toBe(true);
    expect(
      mayFollow(
        policy,
        "provider_failed",
        mixed([
          ["d", failed("provider_failed")],
          ["e", ACCEPTED],
        ]),
      ),
    ).toBe(false);
  });

  it.each([
    [100, 1, false],
    [199, 1, false],
    [200, 1, true],
    [200, 2, false],
    [300, 2, true],
  ])("at %i percent of the price, with %i accepted: %j", (costPercent, count, may) => {
    expect(mayFollow({ ...POLICY, costPercent }, "provider_failed", accepted(count))).toBe(may);
  });
});

it("a refusal that everybody would repeat is final, and no other", () => {
  const all = Object.keys(ERRORS) as ErrorCode[];
  expect(all.filter(isFinal).sort()).toEqual(["content_refused", "invalid_parameters"]);
});

describe("ruled out for the rest of the task", () => {
  const out = (told: readonly Told[], ...at: readonly string[]): readonly string[] => {
    const rules = ruledOut(history(told));
    return at.filter((one) => {
      const [id = "", kind = id] = one.split("/");
      return rules({ route: routeTo(kind), provider: { id, kind } as Provider });
    });
  };
  const KEYS = ["fal-1/fal", "fal-2/fal", "other"] as const;

  it("is every key of a kind that refused the request", () => {
    expect(out([["fal-1/fal", refused("provider_refused")]], ...KEYS)).toEqual(["fal-1/fal", "fal-2/fal"]);
  });

  it.each<ErrorCode>(["provider_account", "provider_balance", "provider_failed", "no_route"])(
    "is one key alone where it is %s",
    (code) => {
      expect(out([["fal-1/fal", refused(code)]], ...KEYS)).toEqual(["fal-1/fal"]);
    },
  );

  it("is one that accepted the work and failed at it, whatever it said", () => {
    expect(out([["fal-1/fal", failed("provider_refused")]], ...KEYS)).toEqual(["fal-1/fal"]);
    expect(out([["fal-1/fal", failed("provider_busy")]], ...KEYS)).toEqual(["fal-1/fal"]);
  });

  it("is nobody for a refusal for now, for work under way, or for what was never sent", () => {
    const told: readonly Told[] = [
      ["fal-1/fal", refused("provider_busy", 5)],
      ["fal-1/fal", refused("provider_refused", 0)],
      ["fal-2/fal", { state: "unsent" }],
      ["other", ACCEPTED],
    ];
    expect(out(told, ...KEYS)).toEqual([]);
    expect(out([], ...KEYS)).toEqual([]);
  });

  it("is nobody by an attempt of a Reelay that did not write down whom it asked", () => {
    const [old] = history([["a", refused("provider_refused")]]);
    const rules = ruledOut([{ ...old!, placing: undefined }]);
    expect(rules({ route: routeTo("a"), provider: { id: "a", kind: "a" } as Provider })).toBe(false);
  });
});

describe("the last objection", () => {
  const last = (...told: readonly Told[]): unknown => {
    const error = lastObjection(history(told));
    return error && [error.code, error.message];
  };

  it("is what the latest refusal or failure said, whatever came after it in silence", () => {
    const first: Told = ["a", refused("provider_busy", 5, "Busy.")];
    const second: Told = ["b", failed("provider_lost", "Lost it.")];
    expect(last(first, second, ["c", { state: "unsent" }])).toEqual(["provider_lost", "Lost it."]);
    expect(last(second, first)).toEqual(["provider_busy", "Busy."]);
  });

  it("is none where nobody has said anything", () => {
    expect([last(), last(["a", ACCEPTED])]).toEqual([undefined, undefined]);
  });
});
