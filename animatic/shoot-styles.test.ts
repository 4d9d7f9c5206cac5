import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findCodec } from "../src/media/codecs.ts";
import { writeOpaque } from "./colour.ts";
import { planOf, STYLES } from "./plan.ts";
import { openShot } from "./shoot.ts";
import { applyStyle } from "./styles/apply.ts";
import { type Desk, openDesk, orderOf, writePhoto } from "./testing/pictures.ts";

const SIZE = { width: 320, height: 180 };
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.clear());

async function filmed(changes: Parameters<typeof orderOf>[0]) {
  const order = orderOf({ ...SIZE, ...changes });
  const [shot] = planOf(order).shots;
  return openShot(shot!, { size: order, fps: 24, seed: order.seed, codec: await findCodec() });
}

test.each(STYLES)(
  "the first frame is not the picture in %s, or the last not the second picture",
  async (style) => {
    const paths = [
      await writePhoto(desk.path("a.png"), 320, 180, 1),
      await writePhoto(desk.path("b.png"), 320, 180, 2),
    ] as const;
    const camera = await filmed({ prompt: "push in", firstFrame: paths[0], lastFrame: paths[1], style });
    for (const [path, index] of [
      [paths[0], 0],
      [paths[1], 23],
    ] as const) {
      const data = await sharp(path).removeAlpha().raw().toBuffer();
      const styled = applyStyle({ data, ...SIZE, channels: 3 }, style, { ...SIZE, left: 0, top: 0 });
      const [y, uv] = [new Uint8Array(320 * 180), new Uint8Array(320 * 90)];
      writeOpaque(styled, { bytes: y, stride: 320 }, { bytes: uv, stride: 320 });
      const frame = camera(index);
      const off = frame.y.reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0) / y.length;
      expect(off).toBeLessThan(1);
    }
  },
);

test("a continuation opens on another picture than the clip's last, because it has a style", async () => {
  const path = desk.path("clip.mp4");
  const codec = await findCodec();
  const encoder = await codec.openEncoder({
    ...{ path, ...SIZE, fps: 24, frames: 2, sound: false, comment: "" },
  });
  const y = Uint8Array.from({ length: 320 * 180 }, (_, i) => 60 + ((i % 320) >> 1));
  const uv = new Uint8Array(320 * 90).fill(128);
  for (let i = 0; i < 2; i++) await encoder.frame({ ...SIZE, y, uv });
  await encoder.close();
  const camera = await filmed({ clip: path, style: "comic" });
  const last = await codec.lastFrame(path);
  expect(camera(0).y).toEqual(last.y);
});
