import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { dashscope } from "../../src/providers/dashscope.ts";
import { DASHSCOPE_KEY } from "../standins/dashscope.ts";
import { openBoth, wanWork } from "./dashscope-under.ts";
import { allOf, NEVER } from "./provider-samples.ts";
import { openKind, useBoth } from "./under.ts";

const at = useBoth(openBoth);

describe("an answer of DashScope", () => {
  beforeEach(() => at.open());

  const submit = async (script: string) => at.provider.submit(wanWork(`A fox. script: ${script}`), NEVER);
  const ticketOf = async (script: string) => {
    const submitted = await submit(script);
    if (!("accepted" in submitted)) throw new Error("not accepted");
    return submitted.accepted;
  };

  it.each([
    ["400 InvalidParameter", "provider_refused"],
    ["400 InvalidURL.Timeout", "input_unreadable"],
    ["400 InvalidParameter.DataInspection", "input_unreadable"],
    ["400 InvalidFile.Format", "input_unreadable"],
    ["400 InvalidImageResolution", "input_out_of_limits"],
    ["400 InvalidImage.ImageSize", "input_out_of_limits"],
    ["400 InvalidFile.Duration", "input_out_of_limits"],
    ["400 DataInspectionFailed", "content_refused"],
    ["400 IPInfringementSuspect", "content_refused"],
    ["400 Arrearage", "provider_balance"],
    ["403 AllocationQuota.FreeTierOnly", "provider_balance"],
    ["429 PrepaidBillOverdue", "provider_balance"],
    ["401 InvalidApiKey", "provider_account"],
    ["403 AccessDenied.Unpurchased", "provider_account"],
    ["403 Model.AccessDenied", "provider_account"],
    ["404 ModelNotFound", "provider_account"],
    ["404 WorkSpaceNotFound", "provider_account"],
    ["402 Surprise", "provider_balance"],
    ["413 Surprise", "provider_refused"],
    ["422 Surprise", "provider_refused"],
  ])("%s to a submit is refused for good as %s", async (said, code) => {
    const [status, word] = said.split(" ");
    const submitted = await submit(`status=${status} code=${word} echo-key`);
    expect(submitted).toMatchObject({ refused: { code }, again: false });
    if (!("refused" in submitted)) throw new Error("not refused");
    expect(allOf(submitted.refused)).not.toContain(DASHSCOPE_KEY);
    // The operator's affairs are none of the client's.
    const quotes = /The request was refused\. You sent Bearer \[key\]/.test(submitted.refused.message);
    expect(quotes).toBe(!/^(provider_account|provider_balance)$/.test(code) && status !== "413");
  });

  it.each([
    ["429 Throttling.RateQuota", 1_000],
    ["429 Throttling.AllocationQuota retry-after=7", 7_000],
    ["429 Surprise", 1_000],
    ["400 Throttling.Concurrency", 1_000],
    ["503 Throttling", 1_000],
  ])("%s to a submit may be sent again after %i ms", async (said, afterMs) => {
    const [status, word, ...more] = said.split(" ");
    const submitted = await submit(`status=${status} code=${word} ${more.join(" ")}`);
    expect(submitted).toMatchObject({ refused: { code: "provider_busy" }, again: { afterMs } });
  });

  it.each([
    "500 InternalError",
    "500 InternalError.Timeout",
    "503 ModelUnavailable",
    "409 Conflict",
    "408 RequestTimeout",
  ])("%s to a submit does not say that nothing was ordered", async (said) => {
    const [status, word] = said.split(" ");
    expect(await submit(`status=${status} code=${word}`)).toEqual({ unknown: expect.any(String) });
  });

  it.each([
    ["DataInspectionFailed", "content_refused"],
    ["IPInfringementSuspect", "content_refused"],
    ["InvalidParameter", "provider_refused"],
    ["InvalidURL.ConnectionRefused", "input_unreadable"],
    ["InvalidFile.Openerror", "input_unreadable"],
    ["InvalidImageResolution", "input_out_of_limits"],
    ["Throttling.Concurrency", "provider_busy"],
    ["Arrearage", "provider_balance"],
    ["InternalError.Timeout", "deadline_exceeded"],
    ["InternalError.Algo", "provider_failed"],
    ["BrandNewCode", "provider_failed"],
    ["canceled", "provider_failed"],
  ])("200 with a task that failed with %s ends as %s", async (word, code) => {
    const ticket = await ticketOf(`duration=0 fail=${word}`);
    expect(await at.provider.check(ticket, NEVER)).toMatchObject({ state: "failed", error: { code } });
  });

  it("that a task is running, or waits, is told as that", async () => {
    const running = await ticketOf("duration=60000");
    expect(await at.provider.check(running, NEVER)).toEqual({ state: "processing", progress: 1 });
    const waiting = await ticketOf("queued=60000");
    expect(await at.provider.check(waiting, NEVER)).toEqual({ state: "pending" });
  });

  it("of success without a file is no end: it is asked again", async () => {
    const ticket = await ticketOf("duration=0 fail=no_url");
    await expect(at.provider.check(ticket, NEVER)).rejects.toThrow(/names no file/);
  });

  it("of success tells what was made of the prompt and what was used, and where the file is", async () => {
    const end = await at.provider.check(await ticketOf("duration=0"), NEVER);
    expect(end).toMatchObject({
      state: "done",
      output: {
        from: { url: expect.stringContaining(at.standIn.url) },
        meta: {
          actual_prompt: "A fox. script: duration=0 In warm light.",
          usage: { duration: 5, video_count: 1, SR: 1080 },
        },
      },
    });
  });

  it("about a task that it never had is that the work is lost", async () => {
    const check = await at.provider.check({ task: randomUUID() }, NEVER);
    expect(check).toMatchObject({ state: "failed", error: { code: "provider_lost" } });
  });

  it("cancels a task that waits, and is too late for one that runs", async () => {
    expect(await at.provider.cancel?.(await ticketOf("queued=60000"))).toBe("cancelled");
    expect(await at.provider.cancel?.(await ticketOf("duration=60000"))).toBe("too-late");
  });

  it("to a key of another region says so to the operator", async () => {
    const other = await openKind(dashscope, { baseUrl: at.standIn.url, key: "sk-other" });
    await expect(other.ping?.(NEVER)).rejects.toMatchObject({ code: "provider_account" });
    await other.close?.();
  });
});
