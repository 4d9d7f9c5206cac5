import { beforeEach, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/core/errors.ts";
import type { Reply } from "../standins/standin.ts";
import {
  at,
  catching,
  KEY,
  refusals,
  reopenWith,
  start,
  startAnswering,
  stopAfterEach,
  textWork,
} from "./pixverse-samples.ts";
import { allOf, NEVER } from "./provider-samples.ts";

describe("a submit's answer", () => {
  beforeEach(() => start());
  stopAfterEach();
  const submit = (script: string) => at.provider.submit(textWork(script), NEVER);

  it.each(refusals())("ErrCode %i, in an HTTP 200, is refused for good as %s", async (code, word) => {
    const submitted = await submit(`status=200 code=${code} echo-key`);
    expect(submitted).toMatchObject({ refused: { code: word }, again: false });
    if (!("refused" in submitted)) throw new Error("not refused");
    expect(allOf(submitted.refused)).not.toContain(KEY);
    const operators = word === "provider_account" || word === "provider_balance";
    expect(submitted.refused.message.includes("It cannot be done")).toBe(!operators);
  });

  it.each([500044, 500069])("ErrCode %i made nothing, and may be sent again", async (code) => {
    expect(await submit(`status=200 code=${code}`)).toMatchObject({
      refused: { code: "provider_busy" },
      again: { afterMs: 1_000 },
    });
  });

  it.each([500100, 99999, 123456, 400999])(
    "ErrCode %i does not say whether the work was taken",
    async (code) => {
      expect(await submit(`status=200 code=${code}`)).toEqual({ unknown: expect.any(String) });
    },
  );

  it.each<[number, ErrorCode]>([
    [400, "provider_refused"],
    [401, "provider_account"],
    [402, "provider_balance"],
    [403, "provider_account"],
    [404, "provider_account"],
    [413, "provider_refused"],
    [422, "provider_refused"],
  ])("HTTP %i without an ErrCode is refused for good as %s", async (status, word) => {
    expect(await submit(`status=${status}`)).toMatchObject({ refused: { code: word }, again: false });
  });

  it("HTTP 429 may be sent again when it says so, whatever ErrCode it has", async () => {
    for (const script of ["status=429 retry-after=3", "status=429 code=123456 retry-after=3"]) {
      expect(await submit(script)).toMatchObject({
        refused: { code: "provider_busy" },
        again: { afterMs: 3_000 },
      });
    }
  });

  it.each([301, 408, 409, 500, 503])("HTTP %i without an ErrCode is unknown", async (status) => {
    expect(await submit(`status=${status}`)).toEqual({ unknown: expect.any(String) });
  });

  it.each<[string, Reply]>([
    ["names no video", { status: 200, body: { ErrCode: 0, ErrMsg: "success", Resp: null } }],
    ["has an empty id", { status: 200, body: { ErrCode: 0, Resp: { video_id: "" } } }],
    ["is no object", { status: 200, body: [] }],
    ["comes with HTTP 500", { status: 500, body: { ErrCode: 0, Resp: { video_id: 1 } } }],
  ])("that reports success and %s is unknown", async (_name, reply) => {
    await startAnswering(() => reply);
    expect(await submit("")).toEqual({ unknown: expect.any(String) });
  });

  it("with an id that is text, as re-sellers have it, is a ticket of that text", async () => {
    await startAnswering(({ method }) =>
      method === "POST"
        ? { status: 200, body: { ErrCode: 0, Resp: { video_id: "4-Wand/../a?b" } } }
        : { status: 200, body: { ErrCode: 0, Resp: { status: 5, url: "" } } },
    );
    const submitted = await submit("");
    expect(submitted).toEqual({ accepted: { video_id: "4-Wand/../a?b" } });
    // It leads nowhere but to the question.
    await at.provider.check({ video_id: "4-Wand/../a?b" }, NEVER);
    expect(at.standIn.asks.at(-1)?.path).toBe("/video/result/4-Wand%2F..%2Fa%3Fb");
  });

  it("with a key that is not taken is the operator's affair", async () => {
    await reopenWith("pv-old");
    const submitted = await submit("");
    expect(submitted).toMatchObject({ refused: { code: "provider_account" }, again: false });
    expect(JSON.stringify(submitted)).not.toContain("pv-old");
  });
});

describe("a check", () => {
  beforeEach(() => start());
  stopAfterEach();

  async function checked(script: string): Promise<unknown> {
    const submitted = await at.provider.submit(textWork(script), NEVER);
    if (!("accepted" in submitted)) throw new Error("not accepted");
    return at.provider.check(submitted.accepted, NEVER);
  }

  it("tells the seed and the credits with the file, and keeps every digit of the video's id", async () => {
    const submitted = await at.provider.submit(textWork("duration=0"), NEVER);
    expect(submitted).toEqual({ accepted: { video_id: "9007199254740993" } });
    expect(await checked("duration=0")).toEqual({
      state: "done",
      output: {
        from: { url: expect.stringContaining("/files/9007199254740994.mp4") },
        meta: { seed: 42, credits: 45 },
        ignored: {},
      },
    });
  });

  it.each([
    ["6, deleted,", "fail=6", "provider_lost"],
    ["7, moderation,", "fail=7", "content_refused"],
    ["8, failed,", "fail=8", "provider_failed"],
  ])("of status %s is an end", async (_name, script, word) => {
    expect(await checked(`duration=0 ${script}`)).toMatchObject({ state: "failed", error: { code: word } });
  });

  it.each(["5", "0", "2", "10", "-1"])("of status %s goes on", async (number) => {
    expect(await checked(`stuck word=${number}`)).toEqual({ state: "pending" });
  });

  it("of a success without a file is asked again", async () => {
    await expect(checked("duration=0 fail=1")).rejects.toMatchObject({ code: "provider_failed" });
  });

  it.each([500054, 500063, 500064])("with ErrCode %i ends for the content", async (code) => {
    const end = await checked(`check-status=200 code=${code}`);
    expect(end).toMatchObject({ state: "failed", error: { code: "content_refused" } });
  });

  it.each<[number, ErrorCode]>([
    [400012, "provider_account"],
    [400017, "provider_refused"],
    [500020, "provider_account"],
    [500044, "provider_busy"],
    [500069, "provider_busy"],
    [500090, "provider_balance"],
    [500100, "provider_failed"],
    [99999, "provider_failed"],
    [123456, "provider_failed"],
  ])("with ErrCode %i says nothing about the video", async (code, word) => {
    const error = await catching(checked(`check-status=200 code=${code} echo-key`));
    expect(error).toMatchObject({ code: word });
    expect(allOf(error)).not.toContain(KEY);
  });

  it.each([400, 401, 403, 404, 408, 425, 429, 500, 502, 503, 504])(
    "with HTTP %i says nothing about the video",
    async (status) => {
      await expect(checked(`check-status=${status}`)).rejects.toThrow(`${status}`);
    },
  );

  it.each<[string, unknown]>([
    ["a page", "<html>"],
    ["an empty object", {}],
    ["nothing of the video", { ErrCode: 0, ErrMsg: "Success", Resp: null }],
    ["no code", { Resp: { status: 8 } }],
  ])("that is answered with %s says nothing about the video", async (_name, body) => {
    await startAnswering(() => ({ status: 200, body }));
    await expect(at.provider.check({ video_id: "1" }, NEVER)).rejects.toThrow();
  });
});
