import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Submission } from "../../src/core/provider.ts";
import { KEY, prepared, useFoxapi, work } from "./foxapi-under.ts";
import { allOf, NEVER } from "./provider-samples.ts";

const { standIn, start, open, creates } = useFoxapi();

describe("files", () => {
  const asked = (links: boolean): Submission =>
    work("", {
      model: "wan-2.7-image-to-video",
      body: { image_urls: ["https://c.example/a", "https://c.example/b"], audio_url: "https://c.example/s" },
      links,
    });
  const uploads = () => standIn().asks.filter(({ path }) => path.includes("upload"));

  it("go up as they are where we have no public address, and their new URLs are what is ordered", async () => {
    const provider = await open();
    const order = await prepared(provider, asked(false));
    expect(await provider.submit(order, NEVER)).toMatchObject({ accepted: expect.anything() });
    const sent = creates()[0]?.json as { image_urls: string[]; audio_url: string };
    expect([...sent.image_urls, sent.audio_url]).toEqual([
      expect.stringMatching(/^http.*\/uploads\/file-.*\/image_urls-0\.jpeg$/),
      expect.stringMatching(/^http.*\/uploads\/file-.*\/image_urls-1\.jpeg$/),
      expect.stringMatching(/^http.*\/uploads\/file-.*\/audio_url\.wav$/),
    ]);
    const file = (await uploads()[0]?.form())?.get("file") as File;
    const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
    expect(hash(new Uint8Array(await file.arrayBuffer()))).toBe(
      hash(await readFile(order.media["image_urls.0"]?.path ?? "")),
    );
    expect(file.type).toBe("image/jpeg");
    // Once prepared, nothing is handed over again.
    await provider.submit({ ...order, attemptId: "att_2" }, NEVER);
    expect(uploads()).toHaveLength(3);
  });

  it("are not sent up where they can be fetched from us", async () => {
    const provider = await open();
    await prepared(provider, asked(true));
    expect(uploads()).toEqual([]);
  });

  it("that were not prepared and cannot be fetched are no order", async () => {
    const provider = await open();
    await expect(provider.submit(asked(false), NEVER)).rejects.toMatchObject({ code: "input_out_of_limits" });
    expect(standIn().asks).toEqual([]);
  });

  it.each([
    [400, undefined, "provider_refused"],
    [401, undefined, "provider_account"],
    [402, undefined, "provider_balance"],
    [403, undefined, "provider_account"],
    [403, "storage_full", "provider_busy"],
    [413, "file_too_large", "input_out_of_limits"],
    [422, undefined, "provider_refused"],
    [429, undefined, "provider_busy"],
    [500, undefined, "provider_failed"],
    [503, undefined, "provider_busy"],
    [200, undefined, "provider_failed"],
  ])("that are refused with %s %s are told as %s, without our key", async (status, errorCode, code) => {
    const error = { message: `You sent Bearer ${KEY}`, type: "x", code: errorCode };
    await start({ refuseUpload: { status, body: { error }, headers: { "retry-after": "4" } } });
    const thrown = await prepared(await open(), asked(false)).catch((one: unknown) => one);
    expect(thrown).toMatchObject({ code });
    expect(allOf(thrown)).not.toContain(KEY);
    expect(allOf(thrown).includes("You sent")).toBe(
      ["provider_refused", "input_out_of_limits"].includes(code),
    );
  });

  it("that break off on their way may be tried again", async () => {
    await start({ refuseUpload: { end: "reset" } });
    const provider = await open();
    await expect(prepared(provider, asked(false))).rejects.toMatchObject({ code: "provider_failed" });
    const reason = new Error("closing");
    await expect(provider.prepare?.(asked(false), AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
