import { describe, expect, it } from "vitest";
import type { CatalogModel } from "../../../core/model.ts";
import type { Billing } from "../../../core/task.ts";
import { view } from "./testing/views.ts";
import { toWireCredits, toWireQuote, toWireTask } from "./wire.ts";

describe("what a task costs", () => {
  it.each<[Billing, number]>([
    [{ state: "free", amount: 0 }, 0],
    [{ state: "held", amount: 225_000 }, 22.5],
    [{ state: "charged", amount: 180_000 }, 18],
    [{ state: "released", amount: 0 }, 0],
    [{ state: "unknown", amount: 0 }, 0],
    [{ state: "held", amount: 1 }, 0.0001],
  ])("%j is %d credits", (billing, credits) => {
    expect(toWireTask(view({ billing })).usage).toEqual({
      credits_reserved: credits,
      user_group: "default",
      billing_rule: "per_second",
      billing: billing.state,
    });
  });

  it.each([
    ["released", false],
    ["free", false],
    ["unknown", "unknown"],
  ] as const)("a failed task that is %s says billed: %j", (state, billed) => {
    const error = { code: "outcome_unknown", message: "The answer was lost." } as const;
    const task = toWireTask(view({ state: "failed", error, billing: { state, amount: 0 } }));
    expect(task.error).toMatchObject({ code: "upstream_outcome_unknown", retryable: false, billed });
  });

  it("a balance is what it may spend, has spent and has set aside, in credits", () => {
    const balance = { granted: 10_000_000, held: 250_000, spent: 1_500_000 };
    const credits = {
      remaining_credits: 825,
      unlimited_credits: false,
      used_credits: 150,
      held_credits: 25,
    };
    expect(toWireCredits({ key: balance, account: balance })).toEqual({
      success: true,
      message: "",
      data: { token: credits, user: credits },
    });
  });

  it("a balance without a limit says so, in numbers that a client can read; the account's is not the key's", () => {
    const key = { granted: null, held: 0, spent: 20_000 };
    const account = { granted: 100_000, held: 10_000, spent: 50_000 };
    expect(toWireCredits({ key, account })).toMatchObject({
      data: {
        token: { remaining_credits: 0, unlimited_credits: true, used_credits: 2 },
        user: { remaining_credits: 4, unlimited_credits: false, used_credits: 5, held_credits: 1 },
      },
    });
  });

  it("a quote has the price in credits and dollars, and the whole request as it would be taken", () => {
    const model = { id: "some-model" } as CatalogModel;
    const quote = { model, input: { prompt: "x", seed: null }, provider: "some-provider", estimate: 30 };
    expect(toWireQuote({ ...quote, amount: 225_000 })).toEqual({
      object: "video.generation.quote",
      model: "some-model",
      input: { prompt: "x", seed: null },
      route: { provider: "some-provider" },
      price: { credits: 22.5, usd: 0.225, billing_rule: "per_second" },
      estimated_time: 30,
      valid: true,
    });
  });
});
