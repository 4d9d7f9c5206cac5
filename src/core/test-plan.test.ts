import { describe, expect, it } from "vitest";
import { ERRORS, ReelayError } from "./errors.ts";
import { readTestPlan, TEST_FAILURES, withoutTestPlan } from "./test-plan.ts";

function refusal(prompt: string): ReelayError {
  try {
    readTestPlan(prompt);
  } catch (error) {
    if (error instanceof ReelayError) return error;
    throw error;
  }
  throw new Error(`${prompt} was taken`);
}

describe("a plan", () => {
  it.each([
    ["waves [test fail=content_refused after=3]", { fail: "content_refused", after: 3 }],
    ["[test stall] waves", { stall: true }],
    ["waves [TEST webhook=twice, after=0.5; stall]", { webhook: "twice", after: 0.5, stall: true }],
    ["waves [test after=0] and more", { after: 0 }],
    ["[test\nafter=3600]", { after: 3_600 }],
    ["waves [test]", {}],
  ])("%j is %j", (prompt, plan) => {
    expect(readTestPlan(prompt)).toEqual(plan);
  });

  it.each([...TEST_FAILURES])("can fail with %s, which is an error that there is", (code) => {
    expect(readTestPlan(`[test fail=${code}]`)).toEqual({ fail: code });
    expect(Object.hasOwn(ERRORS, code)).toBe(true);
  });

  it.each([["waves"], ["[testing 1 2]"], ["test fail=no_content"], ["[ test stall]"], [""], [null], [7]])(
    "is none in %j",
    (prompt) => {
      expect(readTestPlan(prompt)).toBeNull();
    },
  );
});

describe("a word that means nothing", () => {
  it.each([
    ["[test fail=everything]", "fail=everything"],
    ["[test fail]", "fail"],
    ["[test fail=]", "fail="],
    ["[test fail=bug]", "fail=bug"],
    ["[test after]", "after"],
    ["[test after=-1]", "after=-1"],
    ["[test after=3601]", "after=3601"],
    ["[test after=1e3]", "after=1e3"],
    ["[test after=.5]", "after=.5"],
    ["[test stall=yes]", "stall=yes"],
    ["[test webhook]", "webhook"],
    ["[test webhook=thrice]", "webhook=thrice"],
    ["[test after=1 boom]", "boom"],
    ["[test __proto__=1]", "__proto__=1"],
    ["[test constructor]", "constructor"],
    ["[test toString=x]", "toString=x"],
  ])("%j is refused with it and with those that do", (prompt, word) => {
    const { code, message, problems } = refusal(prompt);
    expect(code).toBe("invalid_parameters");
    expect(message).toContain(`of which "${word}" means nothing.`);
    for (const right of ["fail=content_refused", "after=SECONDS", "stall", "webhook=twice"]) {
      expect(message).toContain(right);
    }
    expect(problems).toMatchObject([{ field: "prompt", received: word }]);
  });

  it("is not repeated for a whole page", () => {
    expect(refusal(`[test ${"x".repeat(5_000)}]`).message.length).toBeLessThan(700);
  });
});

it("what is drawn is the prompt without its plan", () => {
  expect(withoutTestPlan("waves [test stall] at dusk")).toBe("waves  at dusk");
  expect(withoutTestPlan("[test fail=no_content]")).toBe("");
  expect(withoutTestPlan(" waves [tested] ")).toBe("waves [tested]");
});
