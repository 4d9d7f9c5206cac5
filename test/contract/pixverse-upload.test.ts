import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/core/errors.ts";
import type { InputFile } from "../../src/core/provider.ts";
import type { Reply } from "../standins/standin.ts";
import {
  at,
  catching,
  I2V,
  KEY,
  PICTURE,
  refusals,
  start,
  stopAfterEach,
  textWork,
} from "./pixverse-samples.ts";
import { allOf, NEVER } from "./provider-samples.ts";
import { workFor } from "./work.ts";

describe("an upload", () => {
  stopAfterEach();
  const work = workFor({ kind: "pixverse", model: I2V, body: { prompt: "A fox", image_url: PICTURE } });

  it("is not made for work without a picture", async () => {
    await start();
    expect(await at.provider.prepare?.(textWork(""), NEVER)).toBe(null);
    expect(at.standIn.asks.length).toBe(0);
  });

  it.each([
    ["jpeg", "image/jpeg"],
    ["png", "image/png"],
    ["webp", "image/webp"],
  ] as const)("of a %s arrives whole, with its name, type and length", async (type, contentType) => {
    await start();
    const folder = await mkdtemp(join(tmpdir(), "reelay-upload-"));
    const path = join(folder, "f");
    const bytes = randomBytes(6_000_000);
    await writeFile(path, bytes);
    const given = work.media.img_id as InputFile;
    const file = { ...given, path, facts: { ...given.facts, type } as InputFile["facts"] };
    expect(await at.provider.prepare?.({ ...work, media: { img_id: file } }, NEVER)).toEqual({
      img_id: "81732",
    });
    await rm(folder, { recursive: true });
    const [ask] = at.standIn.asks;
    const image = (await ask?.form())?.get("image") as File;
    expect([image.name, image.type]).toEqual([`image.${type}`, contentType]);
    const hash = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");
    expect(hash(new Uint8Array(await image.arrayBuffer()))).toBe(hash(bytes));
    expect(ask?.headers["content-length"]).toBe(String(ask?.bytes.length));
    expect(ask?.headers["transfer-encoding"]).toBe(undefined);
  });

  it.each(refusals())("that is refused with ErrCode %i is %s", async (code, word) => {
    await start({ upload: { status: 200, body: { ErrCode: code, ErrMsg: `no ${KEY}`, Resp: null } } });
    const error = await catching(at.provider.prepare?.(work, NEVER));
    expect(error).toMatchObject({ code: word });
    expect(allOf(error)).not.toContain(KEY);
  });

  it("of a picture that does not pass the review is refused for its content, though that is an HTTP 500", async () => {
    const body = { err_code: 500052, err_msg: "The picture may be sensitive.", resp: "" };
    await start({ upload: { status: 500, body } });
    await expect(at.provider.prepare?.(work, NEVER)).rejects.toMatchObject({
      code: "content_refused",
      message: expect.stringContaining("The picture may be sensitive"),
    });
  });

  it.each<[string, Reply, ErrorCode]>([
    ["a proxy's page", { status: 502, body: "<html>" }, "provider_failed"],
    ["a 429", { status: 429, body: "<html>", headers: { "retry-after": "3" } }, "provider_busy"],
    ["success without a number", { status: 200, body: { ErrCode: 0, Resp: null } }, "provider_failed"],
    ["no JSON", { status: 200, body: "<html>" }, "provider_failed"],
    ["a lost connection", { end: "reset" }, "provider_failed"],
  ])("that ends in %s may be tried again", async (_name, upload, word) => {
    await start({ upload });
    const error = await catching(at.provider.prepare?.(work, NEVER));
    expect(error).toMatchObject({ code: word, retry: true });
    expect(allOf(error)).not.toContain(KEY);
  });

  it("that is stopped rejects", async () => {
    await start();
    await expect(at.provider.prepare?.(work, AbortSignal.abort())).rejects.toThrow();
  });
});
