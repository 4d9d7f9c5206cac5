import { expect, test } from "vitest";
import { be, exif, join, zeros } from "../../../test/media/samples.ts";
import { exifOrientation } from "./exif.ts";

const read = (bytes: Uint8Array, start = 0) => exifOrientation(new DataView(bytes.buffer), start);
const entry = (tag: number, value: number) => [be(tag, 2), be(3, 2), be(1, 4), be(value, 2), zeros(2)].flat();
const block = (directory: number, count: number, ...entries: readonly number[]) =>
  join("MM", be(42, 2), be(directory, 4), be(count, 2), entries);

test("the orientation is found in either byte order, behind a prefix, and behind other entries", () => {
  expect(read(exif(6, "MM"))).toBe(6);
  expect(read(exif(8, "II"))).toBe(8);
  expect(read(join("Exif\0\0", exif(3)), 6)).toBe(3);
  expect(read(block(8, 2, ...entry(0x100, 9), ...entry(0x112, 5)))).toBe(5);
});

test.each([
  ["a directory beyond the block", block(4_000_000_000, 1, ...entry(0x112, 6))],
  ["more entries than the block has", block(8, 65_535, ...entry(0x100, 6))],
  ["an orientation that does not exist", exif(9)],
  ["an orientation of another type", block(8, 1, ...be(0x112, 2), ...be(4, 2), ...be(1, 4), ...be(6, 4))],
  ["no TIFF mark", join("MM", be(43, 2), exif(6).subarray(4))],
  ["no entries", block(8, 0, ...zeros(20))],
])("%s leaves the picture upright", (_, bytes) => {
  expect(read(bytes)).toBe(1);
});

test("no cut makes it throw", () => {
  const bytes = block(8, 3, ...entry(0x100, 1), ...entry(0x101, 1), ...entry(0x112, 6));
  for (let length = 0; length < bytes.length; length++) {
    expect(read(bytes.slice(0, length))).toBe(1);
  }
});
