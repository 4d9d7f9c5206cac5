import { expect, test } from "vitest";
import { openKernels } from "./kernels.ts";

test.each([0.6, 0.88, 1, 1.2, 1.33, 1.34, 1.45, 1.8])(
  "a slope is bent where %f of its pixels make one",
  async (step) => {
    const kernels = await openKernels(64, 16);
    const [width, height, left] = [128, 24, 32];
    const y = kernels.plane(width, height);
    const uv = kernels.plane(width, height / 2);
    kernels.bytes(y).forEach((_, i, bytes) => {
      bytes[i] = 50 + (i % width);
    });
    kernels.bytes(uv).forEach((_, i, bytes) => {
      bytes[i] = i % 2 === 0 ? 50 + (i % width) : 200 - (i % width);
    });
    const target = kernels.target();
    kernels.draw({ width, height, left, top: 4, y, uv }, { step, x: 0.4, y: 0 }, target);
    const frame = kernels.frame(target);
    for (let x = 0; x < 64; x++) {
      const at = left + 31.5 * (1 - step) + 0.4 + x * step;
      expect(Math.abs(frame.y[8 * 64 + x]! - (50 + at))).toBeLessThan(1);
      // Chroma lies on the left one of two: its samples are as far apart as two of luma.
      const even = left + 31.5 * (1 - step) + 0.4 + (x - (x % 2)) * step;
      const wanted = x % 2 === 0 ? 50 + even : 199 - even;
      expect(Math.abs(frame.uv[4 * 64 + x]! - wanted)).toBeLessThan(1.1);
    }
  },
);
