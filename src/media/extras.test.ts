import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import type { Codec, Frame } from "./codec.ts";
import { makeExtras } from "./extras.ts";
import { shrinkFrame } from "./shrink.ts";
import { findBackends, hashes, psnr } from "./testing/backends.ts";
import { encodeClip, movingFrame, tone } from "./testing/clips.ts";

const dir = mkdtempSync(join(tmpdir(), "extras-test-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const found = await findBackends();
let clips = 0;
const newPath = () => join(dir, `${++clips}.mp4`);

async function extrasOf(
  codec: Codec,
  path: string,
  { budgetMs = 60_000, signal = new AbortController().signal } = {},
) {
  const folder = await mkdtemp(join(dir, "of-"));
  const measured = await codec.measure(path);
  return { folder, made: await makeExtras(codec, { path, folder, measured, signal, budgetMs }) };
}

async function encodeFrames(codec: Codec, path: string, frames: readonly Frame[]): Promise<void> {
  const { width, height } = frames[0]!;
  const encoder = await codec.openEncoder({
    ...{ path, width, height, fps: 24, frames: frames.length, sound: false, comment: "" },
  });
  for (const frame of frames) await encoder.frame(frame);
  await encoder.close();
}

const plain = (luma: number, width = 320, height = 180): Frame => ({
  ...{ width, height, y: new Uint8Array(width * height).fill(luma) },
  uv: new Uint8Array((width * height) / 2).fill(128),
});

const greyOf = async (path: string) => (await sharp(path).stats()).channels[0]!.mean;

describe.each(found)("$id", (codec) => {
  test.each([
    { width: 1280, height: 720, small: [640, 360] },
    { width: 720, height: 1280, small: [360, 640] },
    { width: 1082, height: 1918, small: [270, 478] },
    { width: 320, height: 180, small: [320, 180] },
  ])("$width x $height: the preview is another length, silent or large", async ({ width, height, small }) => {
    const path = newPath();
    await encodeClip(codec, { path, width, height, fps: 24, frames: 36, sound: tone(2) });
    const { folder, made } = await extrasOf(codec, path);
    expect(made.map(({ name }) => name)).toEqual(["poster", "poster_webp", "contact_sheet", "preview"]);
    const preview = await codec.measure(join(folder, "preview.mp4"));
    expect(preview).toMatchObject({ width: small[0], height: small[1], seconds: 1.5, faststart: true });
    expect(preview.sound).toMatchObject({ codec: "aac", channels: 2 });
    const clip = { seconds: 1.5, fps: 24, sound: true };
    expect(made[3]).toMatchObject({ name: "preview", width: small[0], height: small[1], clip });
    if (width > 320) expect(statSync(join(folder, "preview.mp4")).size).toBeLessThan(statSync(path).size / 3);
  });

  test("the poster is another picture than the first frame, or as wide as nobody needs", async () => {
    const path = newPath();
    await encodeClip(codec, { path, width: 640, height: 360, fps: 24, frames: 24 });
    const { folder } = await extrasOf(codec, path);
    for (const name of ["poster.jpg", "poster.webp"]) {
      const { data, info } = await sharp(join(folder, name))
        .greyscale()
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([640, 360]);
      const first = movingFrame(640, 360, 0).y.map((luma) => Math.min(255, Math.max(0, 1.164 * (luma - 16))));
      expect(psnr(data, first)).toBeGreaterThan(21);
    }
  });

  test("the sheet has not five frames in order", async () => {
    const path = newPath();
    await encodeFrames(
      codec,
      path,
      Array.from({ length: 50 }, (_, i) => plain(40 + 4 * i)),
    );
    const { folder, made } = await extrasOf(codec, path);
    const { data, info } = await sharp(join(folder, "contact-sheet.jpg"))
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(made[2]).toMatchObject({ width: info.width, height: info.height });
    const middle = Math.floor(info.height / 2) * info.width;
    const greys = [0, 1, 2, 3, 4].map((i) => data[middle + 8 + 160 + i * 328]!);
    const wanted = [5, 15, 25, 35, 45].map((i) => 1.164 * (40 + 4 * i - 16));
    for (const [i, grey] of greys.entries()) expect(Math.abs(grey - wanted[i]!)).toBeLessThan(6);
  });

  test("the poster of a video that fades in is black", async () => {
    const path = newPath();
    await encodeFrames(
      codec,
      path,
      Array.from({ length: 40 }, (_, i) => plain(i < 5 ? 16 : Math.min(150, 16 + 8 * (i - 4)))),
    );
    expect(await greyOf(join((await extrasOf(codec, path)).folder, "poster.jpg"))).toBeGreaterThan(150);
    const cut = newPath();
    await encodeFrames(
      codec,
      cut,
      Array.from({ length: 40 }, (_, i) => plain(i < 9 ? 16 : 100)),
    );
    expect(await greyOf(join((await extrasOf(codec, cut)).folder, "poster.jpg"))).toBeGreaterThan(90);
    const night = newPath();
    await encodeFrames(
      codec,
      night,
      Array.from({ length: 10 }, () => plain(16)),
    );
    expect((await extrasOf(codec, night)).made).toHaveLength(4);
  });

  test("no time is left, and there is not even a poster", async () => {
    const path = newPath();
    await encodeClip(codec, { path, width: 640, height: 360, fps: 24, frames: 24, sound: tone(1) });
    const { folder, made } = await extrasOf(codec, path, { budgetMs: 0 });
    expect(made.map(({ name }) => name)).toEqual(["poster", "poster_webp", "contact_sheet"]);
    expect(readdirSync(folder).toSorted()).toEqual(["contact-sheet.jpg", "poster.jpg", "poster.webp"]);
  });

  test("a wish to stop is not heard", async () => {
    const path = newPath();
    await encodeClip(codec, { path, width: 320, height: 180, fps: 24, frames: 24 });
    await expect(extrasOf(codec, path, { signal: AbortSignal.abort(new Error("stop")) })).rejects.toThrow(
      "stop",
    );
  });

  test("a clip of 50 frames a second has a preview of another length", async () => {
    const path = newPath();
    await encodeClip(codec, { path, width: 320, height: 180, fps: 50, frames: 75 });
    const { made } = await extrasOf(codec, path);
    expect(made[3]?.clip).toEqual({ seconds: 1.52, fps: 25, sound: false });
  });
});

test.skipIf(found.length < 2)("previews of the two codecs differ in a frame", async () => {
  const path = newPath();
  await encodeClip(found[0]!, { path, width: 1280, height: 720, fps: 24, frames: 30, sound: tone(1) });
  const made = await Promise.all(found.map((codec) => extrasOf(codec, path)));
  const all = made.map(({ folder }) => hashes(found[0]!, join(folder, "preview.mp4")));
  const [first, second] = await Promise.all(all);
  expect(first).toHaveLength(30);
  expect(second).toEqual(first);
});

test("a small copy has a sample that is no mean", () => {
  const y = Uint8Array.from({ length: 48 }, (_, i) => 5 * i);
  const uv = Uint8Array.from({ length: 24 }, (_, i) => 10 * i);
  const small = shrinkFrame({ width: 8, height: 6, y, uv }, 2);
  expect(small).toMatchObject({ width: 4, height: 2 });
  expect(small.y[0]).toBe(Math.floor((0 + 5 + 40 + 45 + 2) / 4));
  expect([small.uv[0], small.uv[1]]).toEqual([(0 + 20 + 80 + 100 + 2) >> 2, (10 + 30 + 90 + 110 + 2) >> 2]);
});
