import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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

  it("of two pictures goes by two numbers, each at its own place, digit for digit", async () => {
    await start();
    const folder = await mkdtemp(join(tmpdir(), "reelay-upload-"));
    const body = { prompt: "A fox", image_url: PICTURE, image_tail_url: PICTURE };
    const two = workFor({ kind: "pixverse", model: "pixverse-v6-transition", body });
    const media: Record<string, InputFile> = {};
    for (const [name, file] of Object.entries(two.media)) {
      media[name] = { ...file, path: join(folder, name) };
      await writeFile(join(folder, name), name);
    }
    const order = { ...two, media };
    const ready = (await at.provider.prepare?.(order, NEVER)) ?? null;
    await at.provider.submit({ ...order, prepared: ready }, NEVER);
    await rm(folder, { recursive: true });
    const uploads = at.standIn.asks.slice(0, 2);
    const contents = uploads.map(async (ask) => ((await ask.form()).get("image") as File).text());
    expect(await Promise.all(contents)).toEqual(["first_frame_img", "last_frame_img"]);
    const sent = at.standIn.asks[2]?.bytes.toString();
    expect(sent).toContain('"first_frame_img":81732,');
    expect(sent).toContain('"last_frame_img":9107199254740993');
  });

  it("of a clip goes where clips go, whole, and by the number that it has there", async () => {
    await start();
    const body = { prompt: "A fox", video_url: "https://host.example/a.mp4" };
    const clip = workFor({ kind: "pixverse", model: "pixverse-v6-extend", body });
    expect(await at.provider.prepare?.(clip, NEVER)).toEqual({ video_media_id: "81732" });
    const [ask] = at.standIn.asks;
    const file = (await ask?.form())?.get("file") as File;
    expect([ask?.path, file.name, file.type]).toEqual(["/openapi/v2/media/upload", "file.mp4", "video/mp4"]);
    const given = await readFile(clip.media.video_media_id?.path ?? "");
    expect(Buffer.from(await file.arrayBuffer()).equals(given)).toBe(true);
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
