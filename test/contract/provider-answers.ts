import { describe, expect, it } from "vitest";
import { ReelayError } from "../../src/core/errors.ts";
import type { Submission } from "../../src/core/provider.ts";
import { until } from "../support/until.ts";
import { accepted, allOf, type Current, ending, NEVER } from "./provider-samples.ts";

export function describeFind(under: Current): void {
  describe("looking for an attempt", () => {
    const find = async (work: Submission) => under().provider.find?.(work.attemptId, work);

    it("is unknown while the upstream's list may still lag, and then found", async () => {
      const work = under().work("list-later");
      await under().provider.submit(work, NEVER);
      expect(await find(work)).toBe("unknown");
      const found = await until(async () => (await find(work)) !== "unknown" && find(work), { ms: 5_000 });
      expect(found).toMatchObject({ accepted: expect.anything() });
    });

    it("stays unknown where the list says nothing, even of work that was accepted", async () => {
      const work = under().work("list-nothing");
      await under().provider.submit(work, NEVER);
      for (let time = 0; time < 5; time++) expect(await find(work)).toBe("unknown");
      expect(under().accepts(work.attemptId)).toBe(1);
    });

    it("is absent only once the upstream says that it is settled", async () => {
      const work = under().work("drop-before-accept");
      await under().provider.submit(work, NEVER);
      expect(await find(work)).toBe("unknown");
      await until(async () => (await find(work)) === "absent", { ms: 5_000, what: "absent" });
      expect(under().accepts(work.attemptId)).toBe(0);
    });

    it("rejects where the upstream cannot be asked", async () => {
      const work = under().work("work");
      await expect(under().unreachable.find?.(work.attemptId, work)).rejects.toThrow(ReelayError);
    });
  });
}

export function describeChecks(under: Current): void {
  describe("a check", () => {
    it("takes a status word that nobody knows for work that goes on", async () => {
      const ticket = await accepted(under(), under().work("say-an-unknown-word"));
      expect(await under().provider.check(ticket, NEVER)).toEqual({ state: "pending" });
      expect((await ending(under(), ticket)).state).toBe("done");
    });

    it.each([
      ["fail-on-content", "content_refused"],
      ["fail-for-capacity", "provider_busy"],
      ["fail-inside", "provider_failed"],
    ] as const)("%s ends with the code %s", async (behaviour, code) => {
      const end = await ending(under(), await accepted(under(), under().work(behaviour)));
      expect(end).toMatchObject({ state: "failed", error: { code } });
    });

    it("whose connection is lost rejects, and the next one goes on", async () => {
      const ticket = await accepted(under(), under().work("drop-the-first-check"));
      const error = await under()
        .provider.check(ticket, NEVER)
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "provider_failed" });
      expect(allOf(error)).not.toContain(under().secret);
      expect((await ending(under(), ticket)).state).toBe("done");
    });

    it("that the upstream is too busy for rejects with the time to wait", async () => {
      const ticket = await accepted(under(), under().work("busy-at-the-first-check"));
      const checked = under().provider.check(ticket, NEVER);
      await expect(checked).rejects.toMatchObject({ code: "provider_busy", retryAfter: 3 });
    });

    it("passes on for how long the upstream wants to be left alone", async () => {
      const ticket = await accepted(under(), under().work("ask-for-patience"));
      expect(await under().provider.check(ticket, NEVER)).toMatchObject({ retryAfterMs: 7_000 });
    });

    it("of a job that never ends says so as often as it is asked, and stops when it is stopped", async () => {
      const ticket = await accepted(under(), under().work("never-end"));
      for (let time = 0; time < 3; time++) {
        expect((await under().provider.check(ticket, NEVER)).state).toMatch(/^(pending|processing)$/);
      }
      await expect(under().provider.check(ticket, AbortSignal.abort())).rejects.toThrow();
    });
  });
}

export function describeCancel(under: Current): void {
  describe("a cancel", () => {
    it("stops the work, and once more says the same", async () => {
      const ticket = await accepted(under(), under().work("never-end"));
      expect(await under().provider.cancel?.(ticket)).toBe("cancelled");
      expect(await under().provider.cancel?.(ticket)).toBe("cancelled");
      expect(await ending(under(), ticket)).toMatchObject({ error: { code: "provider_failed" } });
    });

    it("that the upstream only took note of is requested, and the work may end well", async () => {
      const ticket = await accepted(under(), under().work("ignore-a-cancel"));
      expect(await under().provider.cancel?.(ticket)).toBe("requested");
      expect((await ending(under(), ticket)).state).toBe("done");
    });

    it("that comes too late says so", async () => {
      const ticket = await accepted(under(), under().work("cancel-too-late"));
      expect(await under().provider.cancel?.(ticket)).toBe("too-late");
      const done = await accepted(under(), under().work("work"));
      await ending(under(), done);
      expect(await under().provider.cancel?.(done)).toBe("too-late");
    });
  });
}
