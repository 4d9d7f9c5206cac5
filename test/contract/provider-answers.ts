import { describe, expect, it } from "vitest";
import { ReelayError } from "../../src/core/errors.ts";
import type { Submission } from "../../src/core/provider.ts";
import { until } from "../support/until.ts";
import { accepted, allOf, type Current, ENDS, ending, type Lacks, NEVER } from "./provider-samples.ts";

export function describeFind(under: Current, { find: none, behaviours = {} }: Lacks): void {
  describe.skipIf(none)("looking for an attempt", () => {
    const find = async (work: Submission) => under().provider.find?.(work.attemptId, work);

    it.skipIf(behaviours["list-later"])(
      "is unknown while the upstream's list may still lag, and then found",
      async () => {
        const work = await under().work("list-later");
        await under().provider.submit(work, NEVER);
        expect(await find(work)).toBe("unknown");
        const found = await until(async () => (await find(work)) !== "unknown" && find(work), { ms: 5_000 });
        expect(found).toMatchObject({ accepted: expect.anything() });
      },
    );

    it.skipIf(behaviours["list-nothing"])(
      "stays unknown where the list says nothing, even of work that was accepted",
      async () => {
        const work = await under().work("list-nothing");
        await under().provider.submit(work, NEVER);
        for (let time = 0; time < 5; time++) expect(await find(work)).toBe("unknown");
        expect(under().accepts(work)).toBe(1);
      },
    );

    it("is never somebody else's work, and orders none", async () => {
      const others = await Promise.all(Array.from({ length: 3 }, () => under().work("work")));
      for (const other of others) await accepted(under(), other);
      const work = await under().work("drop-before-accept");
      await under().provider.submit(work, NEVER);
      expect(["unknown", "absent"]).toContain(await find(work));
      expect(under().accepts(work)).toBe(0);
    });

    it("rejects where the upstream cannot be asked", async () => {
      const work = await under().work("work");
      await expect(under().unreachable.find?.(work.attemptId, work)).rejects.toThrow(ReelayError);
    });
  });
}

export function describeChecks(under: Current, { behaviours = {} }: Lacks): void {
  describe("a check", () => {
    it.skipIf(behaviours["say-an-unknown-word"])(
      "takes a status word that nobody knows for work that goes on",
      async () => {
        const ticket = await accepted(under(), await under().work("say-an-unknown-word"));
        expect(await under().provider.check(ticket, NEVER)).toMatchObject({
          state: expect.stringMatching(/^(pending|processing)$/),
        });
        expect((await ending(under(), ticket)).state).toBe("done");
      },
    );

    for (const behaviour of ["fail-on-content", "fail-for-capacity", "fail-inside"] as const) {
      it.skipIf(behaviours[behaviour])(`${behaviour} ends with its code`, async () => {
        const end = await ending(under(), await accepted(under(), await under().work(behaviour)));
        expect(end).toMatchObject({ state: "failed", error: { code: ENDS[behaviour] } });
      });
    }

    it.skipIf(behaviours["forget-the-work"])(
      "of work that the upstream no longer knows ends as lost",
      async () => {
        const ticket = await accepted(under(), await under().work("forget-the-work"));
        expect(await ending(under(), ticket)).toMatchObject({
          state: "failed",
          error: { code: "provider_lost" },
        });
      },
    );

    it.skipIf(behaviours["drop-the-first-check"])(
      "whose connection is lost rejects, and the next one goes on",
      async () => {
        const ticket = await accepted(under(), await under().work("drop-the-first-check"));
        const error = await under()
          .provider.check(ticket, NEVER)
          .catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: "provider_failed" });
        expect(allOf(error)).not.toContain(under().secret);
        expect((await ending(under(), ticket)).state).toBe("done");
      },
    );

    it.skipIf(behaviours["break-at-the-first-check"])(
      "that the upstream stumbles over says nothing about the work, and the next one goes on",
      async () => {
        const ticket = await accepted(under(), await under().work("break-at-the-first-check"));
        await expect(under().provider.check(ticket, NEVER)).rejects.toThrow(ReelayError);
        expect((await ending(under(), ticket)).state).toBe("done");
      },
    );

    it.skipIf(behaviours["busy-at-the-first-check"])(
      "that the upstream is too busy for rejects with the time to wait",
      async () => {
        const ticket = await accepted(under(), await under().work("busy-at-the-first-check"));
        const checked = under().provider.check(ticket, NEVER);
        await expect(checked).rejects.toMatchObject({ code: "provider_busy", retryAfter: 3 });
      },
    );

    it.skipIf(behaviours["ask-for-patience"])(
      "passes on for how long the upstream wants to be left alone",
      async () => {
        const ticket = await accepted(under(), await under().work("ask-for-patience"));
        expect(await under().provider.check(ticket, NEVER)).toMatchObject({ retryAfterMs: 7_000 });
      },
    );

    it("of a job that never ends says so as often as it is asked, and stops when it is stopped", async () => {
      const ticket = await accepted(under(), await under().work("never-end"));
      for (let time = 0; time < 3; time++) {
        expect((await under().provider.check(ticket, NEVER)).state).toMatch(/^(pending|processing)$/);
      }
      await expect(under().provider.check(ticket, AbortSignal.abort())).rejects.toThrow();
    });
  });
}

export function describeCancel(under: Current, { cancel: none, behaviours = {} }: Lacks): void {
  it.runIf(none)("cannot cancel, and says so by having no cancel", () => {
    expect(under().provider.cancel).toBe(undefined);
  });

  describe.skipIf(none)("a cancel", () => {
    it("stops the work or asks for it, and once more is no mistake", async () => {
      const ticket = await accepted(under(), await under().work("never-end"));
      expect(await under().provider.cancel?.(ticket)).toMatch(/^(cancelled|requested)$/);
      expect(await under().provider.cancel?.(ticket)).toMatch(/^(cancelled|requested|too-late)$/);
      expect((await ending(under(), ticket)).state).toBe("failed");
    });

    it.skipIf(behaviours["ignore-a-cancel"])(
      "that the upstream only took note of is requested, and the work may end well",
      async () => {
        const ticket = await accepted(under(), await under().work("ignore-a-cancel"));
        expect(await under().provider.cancel?.(ticket)).toBe("requested");
        expect((await ending(under(), ticket)).state).toBe("done");
      },
    );

    it.skipIf(behaviours["cancel-too-late"])("that comes too late says so", async () => {
      const ticket = await accepted(under(), await under().work("cancel-too-late"));
      expect(await under().provider.cancel?.(ticket)).toBe("too-late");
    });

    it("of work that has ended is too late", async () => {
      const ticket = await accepted(under(), await under().work("work"));
      await ending(under(), ticket);
      expect(await under().provider.cancel?.(ticket)).toBe("too-late");
    });
  });
}
