import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ReelayError } from "../../src/core/errors.ts";
import type { Json } from "../../src/core/json.ts";
import type { Output, Submission, Submitted } from "../../src/core/provider.ts";
import { until } from "../support/until.ts";
import { describeCancel, describeChecks, describeFind } from "./provider-answers.ts";
import {
  accepted,
  allOf,
  type Behaviour,
  type Current,
  ending,
  NEVER,
  type ProviderUnderTest,
} from "./provider-samples.ts";

/** What every paid provider must keep, whatever API it speaks. */
export function describeProvider(name: string, open: () => Promise<ProviderUnderTest>): void {
  describe(`the provider contract on ${name}`, () => {
    let under: ProviderUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.destroy());
    const current = (): ProviderUnderTest => under;

    describeWork(current);
    describeRefusals(current);
    describeUnknown(current);
    describeFind(current);
    describeChecks(current);
    describeCancel(current);
  });
}

function describeWork(under: Current): void {
  describe("work", () => {
    it("is accepted once and ends with a file", async () => {
      const work = under().work("work");
      const ticket = await accepted(under(), work);
      const end = await ending(under(), ticket);
      if (end.state !== "done") throw new Error(`it ended as ${end.state}`);
      const { from } = end.output as Output;
      if (!("url" in from)) throw new Error("no URL");
      const bytes = await under().read(from.url);
      expect(Buffer.from(bytes.subarray(4, 8)).toString()).toBe("ftyp");
      expect(under().accepts(work.attemptId)).toBe(1);
    });

    it("has a ticket that survives as JSON and holds no secret", async () => {
      const ticket = await accepted(under(), under().work("work"));
      const text = JSON.stringify(ticket);
      expect(text).not.toContain(under().secret);
      expect((await ending(under(), JSON.parse(text) as Json)).state).toBe("done");
    });

    it("shows progress between 1 and 99 percent while it is going on", async () => {
      const ticket = await accepted(under(), under().work("work-slowly"));
      const going = async (): Promise<number | false> => {
        const progress = await under().provider.check(ticket, NEVER);
        return progress.state === "processing" && progress.progress;
      };
      const percent = await until(going, { ms: 5_000, what: "progress" });
      expect(percent).toBeGreaterThanOrEqual(1);
      expect(percent).toBeLessThanOrEqual(99);
    });

    it("is known again from what a webhook tells of it, and nonsense is not", async () => {
      const { provider, told } = under();
      if (!provider.readWebhook) return;
      const ticket = await accepted(under(), under().work("work"));
      expect(provider.readWebhook(told(ticket))).toEqual(ticket);
      for (const nonsense of [null, 1, "job", [], {}, { job: 7 }, { job: "" }, { job: { job: "x" } }]) {
        expect(provider.readWebhook(nonsense)).toBe(undefined);
      }
    });

    it("of many attempts at once is not mixed up", async () => {
      const works = Array.from({ length: 20 }, () => under().work("work"));
      const tickets = await Promise.all(works.map((work) => accepted(under(), work)));
      expect(new Set(tickets.map((ticket) => JSON.stringify(ticket))).size).toBe(20);
      expect(works.map(({ attemptId }) => under().accepts(attemptId))).toEqual(works.map(() => 1));
    });
  });
}

function refusal(submitted: Submitted): Extract<Submitted, { refused: ReelayError }> {
  if (!("refused" in submitted)) throw new Error(`not refused: ${JSON.stringify(submitted)}`);
  expect(submitted.refused).toBeInstanceOf(ReelayError);
  return submitted;
}

function describeRefusals(under: Current): void {
  describe("a refused submit", () => {
    it.each([
      ["refuse-400", "provider_refused"],
      ["refuse-401", "provider_refused"],
      ["refuse-402", "provider_refused"],
      ["refuse-422", "provider_refused"],
      ["refuse-content", "content_refused"],
    ] as const)("%s is final, with the code %s and without a secret", async (behaviour, code) => {
      const work = under().work(behaviour);
      const { refused, again } = refusal(await under().provider.submit(work, NEVER));
      expect([refused.code, again]).toEqual([code, false]);
      expect(allOf(refused)).not.toContain(under().secret);
      expect(under().accepts(work.attemptId)).toBe(0);
    });

    it.each(["busy-429", "busy-503"] as const)(
      "%s may be sent again after the time asked for",
      async (behaviour) => {
        const work = under().work(behaviour);
        const { refused, again } = refusal(await under().provider.submit(work, NEVER));
        expect([refused.code, refused.retryAfter, again]).toEqual(["provider_busy", 3, { afterMs: 3_000 }]);
        expect([under().submits(work.attemptId), under().accepts(work.attemptId)]).toEqual([1, 0]);
      },
    );

    it("whose upstream does not listen may be sent again", async () => {
      const submitted = await under().unreachable.submit(under().work("work"), NEVER);
      const { refused, again } = refusal(submitted);
      expect(refused.code).toBe("provider_failed");
      expect(again).toMatchObject({ afterMs: expect.any(Number) });
      expect(allOf(refused)).not.toContain(under().secret);
    });

    it("that was stopped before it began rejects with the reason, and nothing has left", async () => {
      const work = under().work("work");
      const reason = new Error("closing");
      await expect(under().provider.submit(work, AbortSignal.abort(reason))).rejects.toBe(reason);
      expect(under().submits(work.attemptId)).toBe(0);
    });
  });
}

function describeUnknown(under: Current): void {
  describe("a submit whose answer was lost", () => {
    const lost = async (behaviour: Behaviour, accepts: 0 | 1): Promise<Submission> => {
      const work = under().work(behaviour);
      const submitted = await under().provider.submit(work, NEVER);
      expect(submitted).toEqual({ unknown: expect.any(String) });
      expect(JSON.stringify(submitted)).not.toContain(under().secret);
      // Once: a client that sends again by itself buys the video twice.
      expect([under().submits(work.attemptId), under().accepts(work.attemptId)]).toEqual([1, accepts]);
      return work;
    };

    it.each(["drop-before-accept", "reset-before-accept"] as const)(
      "%s is unknown and was sent once",
      async (behaviour) => {
        await lost(behaviour, 0);
      },
    );

    it.each([
      "accept-then-drop",
      "accept-then-reset",
      "accept-then-500",
      "accept-then-502",
      "accept-then-503",
      "accept-then-504",
      "accept-then-garbage",
      "accept-and-never-answer",
    ] as const)("%s is unknown, was accepted once, and is found", async (behaviour) => {
      const work = await lost(behaviour, 1);
      const found = await under().provider.find?.(work.attemptId, work);
      if (typeof found !== "object") throw new Error(`found ${found}`);
      expect((await ending(under(), found.accepted)).state).toBe("done");
    });

    it("because it was stopped after it had left is unknown, and was accepted once", async () => {
      const work = under().work("accept-and-never-answer");
      const stop = new AbortController();
      const submitted = under().provider.submit(work, stop.signal);
      await until(() => under().accepts(work.attemptId) === 1, { ms: 5_000, what: "the accept" });
      stop.abort(new Error("closing"));
      expect(await submitted).toEqual({ unknown: expect.stringContaining("stopped") });
      expect(under().submits(work.attemptId)).toBe(1);
    });
  });
}
