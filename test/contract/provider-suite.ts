import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ReelayError } from "../../src/core/errors.ts";
import type { Json } from "../../src/core/json.ts";
import type { Submission, Submitted } from "../../src/core/provider.ts";
import { until } from "../support/until.ts";
import { describeCancel, describeChecks, describeFind } from "./provider-answers.ts";
import {
  accepted,
  allOf,
  type Behaviour,
  type Current,
  ENDS,
  ending,
  type Lacks,
  NEVER,
  type ProviderUnderTest,
} from "./provider-samples.ts";
import { describeWebhook } from "./provider-webhook.ts";

/** What every paid provider must keep, whatever API it speaks. */
export function describeProvider(name: string, lacks: Lacks, open: () => Promise<ProviderUnderTest>): void {
  describe(`the provider contract on ${name}`, () => {
    let under: ProviderUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    afterEach(async () => {
      const { complaints } = under;
      await under.destroy();
      expect(complaints).toEqual([]);
    });
    const current: Current = () => under;

    describeWork(current, lacks);
    describeRefusals(current, lacks);
    describeUnknown(current, lacks);
    describeFind(current, lacks);
    describeChecks(current, lacks);
    describeCancel(current, lacks);
    describeWebhook(current, lacks);
  });
}

function describeWork(under: Current, lacks: Lacks): void {
  describe("work", () => {
    it("is accepted once and ends with a file", async () => {
      const work = await under().work("work");
      const ticket = await accepted(under(), work);
      const end = await ending(under(), ticket);
      if (end.state !== "done") throw new Error(`it ended as ${JSON.stringify(end)}`);
      const bytes = await under().read(end.output);
      expect(Buffer.from(bytes.subarray(4, 8)).toString()).toBe("ftyp");
      expect(under().accepts(work)).toBe(1);
    });

    it("has a ticket that survives as JSON, holds no secret, and is known to another process", async () => {
      const ticket = await accepted(under(), await under().work("work"));
      const text = JSON.stringify(ticket);
      expect(text).not.toContain(under().secret);
      const provider = await under().reopen();
      const end = await ending({ ...under(), provider }, JSON.parse(text) as Json);
      expect(end.state).toBe("done");
      await provider.close?.();
    });

    it.skipIf(lacks.progress)("shows progress between 1 and 99 percent while it is going on", async () => {
      const ticket = await accepted(under(), await under().work("work-slowly"));
      const going = async (): Promise<number | false> => {
        const progress = await under().provider.check(ticket, NEVER);
        return progress.state === "processing" && progress.progress;
      };
      const percent = await until(going, { ms: 5_000, what: "progress" });
      expect(percent).toBeGreaterThanOrEqual(1);
      expect(percent).toBeLessThanOrEqual(99);
    });

    it("of many attempts at once is not mixed up", async () => {
      const works = await Promise.all(Array.from({ length: 20 }, () => under().work("work")));
      const tickets = await Promise.all(works.map((work) => accepted(under(), work)));
      expect(new Set(tickets.map((ticket) => JSON.stringify(ticket))).size).toBe(20);
      expect(works.map((work) => under().accepts(work))).toEqual(works.map(() => 1));
    });

    it("can be asked for at no cost whether the upstream answers, and no secret is in what it says", async () => {
      expect(await under().provider.ping?.(NEVER)).toEqual(expect.any(String));
      const error = await under()
        .unreachable.ping?.(NEVER)
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ReelayError);
      expect(allOf(error)).not.toContain(under().secret);
    });

    it.each([401, 403])(
      "at a ping that is answered with %i, says that its key is refused",
      async (status) => {
        const error = await (await under().behind({ status, body: {} }))
          .ping?.(NEVER)
          .catch((thrown) => thrown);
        expect(error).toMatchObject({ code: "provider_account" });
        expect(allOf(error)).not.toContain(under().secret);
      },
    );

    it("at a ping that something else answers, says so", async () => {
      const wall = await under().behind({ status: 502, body: "<html><h1>Bad gateway</h1></html>" });
      await expect(wall.ping?.(NEVER)).rejects.toThrow("502");
    });
  });
}

function refusal(submitted: Submitted): Extract<Submitted, { refused: ReelayError }> {
  if (!("refused" in submitted)) throw new Error(`not refused: ${JSON.stringify(submitted)}`);
  expect(submitted.refused).toBeInstanceOf(ReelayError);
  return submitted;
}

function describeRefusals(under: Current, { behaviours = {} }: Lacks): void {
  describe("a refused submit", () => {
    for (const behaviour of [
      "refuse-request",
      "refuse-key",
      "refuse-balance",
      "refuse-model",
      "refuse-content",
    ] as const) {
      it.skipIf(behaviours[behaviour])(`${behaviour} is final, has its code, and no secret`, async () => {
        const work = await under().work(behaviour);
        const { refused, again } = refusal(await under().provider.submit(work, NEVER));
        expect([refused.code, again]).toEqual([ENDS[behaviour], false]);
        expect(allOf(refused)).not.toContain(under().secret);
        expect(under().accepts(work)).toBe(0);
      });
    }

    it.skipIf(behaviours.busy)("busy may be sent again after a time", async () => {
      const work = await under().work("busy");
      const { refused, again } = refusal(await under().provider.submit(work, NEVER));
      expect([refused.code, again]).toEqual(["provider_busy", { afterMs: expect.any(Number) }]);
      expect([under().submits(work), under().accepts(work)]).toEqual([1, 0]);
    });

    it("whose upstream does not listen may be sent again", async () => {
      const submitted = await under().unreachable.submit(await under().work("work"), NEVER);
      const { refused, again } = refusal(submitted);
      expect(refused.code).toBe("provider_failed");
      expect(again).toMatchObject({ afterMs: expect.any(Number) });
      expect(allOf(refused)).not.toContain(under().secret);
    });

    it("that was stopped before it began rejects with the reason, and nothing has left", async () => {
      const work = await under().work("work");
      const reason = new Error("closing");
      await expect(under().provider.submit(work, AbortSignal.abort(reason))).rejects.toBe(reason);
      expect(under().submits(work)).toBe(0);
    });
  });
}

function describeUnknown(under: Current, lacks: Lacks): void {
  const { behaviours = {} } = lacks;
  describe("a submit whose answer was lost", () => {
    const lost = async (behaviour: Behaviour, accepts: 0 | 1): Promise<Submission> => {
      const work = await under().work(behaviour);
      const submitted = await under().provider.submit(work, NEVER);
      expect(submitted).toEqual({ unknown: expect.any(String) });
      expect(JSON.stringify(submitted)).not.toContain(under().secret);
      // Once: a client that sends again by itself buys the video twice.
      expect([under().submits(work), under().accepts(work)]).toEqual([1, accepts]);
      return work;
    };

    for (const behaviour of ["drop-before-accept", "reset-before-accept"] as const) {
      it.skipIf(behaviours[behaviour])(`${behaviour} is unknown and was sent once`, async () => {
        await lost(behaviour, 0);
      });
    }

    for (const behaviour of [
      "accept-then-drop",
      "accept-then-reset",
      "accept-then-500",
      "accept-then-502",
      "accept-then-503",
      "accept-then-504",
      "accept-then-garbage",
      "accept-and-never-answer",
    ] as const) {
      it.skipIf(behaviours[behaviour])(
        `${behaviour} is unknown, was accepted once, and is found where that is possible`,
        async () => {
          const work = await lost(behaviour, 1);
          if (lacks.find) return expect(under().provider.find).toBe(undefined);
          const found = await under().provider.find?.(work.attemptId, work);
          if (typeof found !== "object") throw new Error(`found ${found}`);
          expect((await ending(under(), found.accepted)).state).toBe("done");
          // To look is not to order.
          expect(under().accepts(work)).toBe(1);
        },
      );
    }

    it.skipIf(behaviours["accept-and-never-answer"])(
      "because it was stopped after it had left is unknown, and was accepted once",
      async () => {
        const work = await under().work("accept-and-never-answer");
        const stop = new AbortController();
        const submitted = under().provider.submit(work, stop.signal);
        await until(() => under().accepts(work) === 1, { ms: 5_000, what: "the accept" });
        stop.abort(new Error("closing"));
        expect(await submitted).toEqual({ unknown: expect.stringContaining("stopped") });
        expect(under().submits(work)).toBe(1);
      },
    );
  });
}
