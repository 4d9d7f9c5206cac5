import { describe, expect, test } from "vitest";
import { id3, join, mp3Frame, repeat, zeros } from "../../../test/media/samples.ts";
import { readMp3 } from "./mp3.ts";
import { bytesSource } from "./source.ts";

const read = (bytes: Uint8Array) => readMp3(bytesSource(bytes));
const frame = mp3Frame();
/** 32 kbit/s, 104 bytes. */
const small = mp3Frame({ bits: 0x10, length: 104 });
const secondsOf = (frames: number) => (frames * 1152) / 44_100;

describe("a good MP3", () => {
  test("is as long as its frames", async () => {
    const bytes = repeat(10, frame);
    const seconds = secondsOf(10);
    expect(await read(bytes)).toEqual({
      kind: "sound",
      type: "mp3",
      seconds,
      channels: 2,
      rate: 44_100,
      bytes: 4170,
    });
  });

  test("that is longer than one piece loses no frame at the seams", async () => {
    expect(await read(repeat(1000, frame))).toMatchObject({ seconds: secondsOf(1000) });
  });

  test("with one channel, or at half and a quarter of the rates, is measured", async () => {
    expect(await read(repeat(3, mp3Frame({ mode: 3 })))).toMatchObject({ channels: 1 });
    const half = join([0xff, 0xf3, 0x80, 0], zeros(204));
    expect(await read(repeat(3, half))).toMatchObject({ rate: 22_050, seconds: (3 * 576) / 22_050 });
    const quarter = join([0xff, 0xe3, 0x80, 0], zeros(413));
    expect(await read(repeat(3, quarter))).toMatchObject({ rate: 11_025, seconds: (3 * 576) / 11_025 });
  });

  test("behind tags with a picture or padding is found", async () => {
    const hidden = id3(417 * 3, repeat(3, mp3Frame({ mode: 3 })));
    const bytes = join(id3(200_000), hidden, zeros(500), repeat(5, frame));
    expect(await read(bytes)).toMatchObject({ channels: 2, seconds: secondsOf(5) });
  });

  test("counts no tag at its end as sound", async () => {
    const bytes = join(repeat(5, frame), "APETAGEX", zeros(300), "TAG", zeros(125));
    expect(await read(bytes)).toMatchObject({ seconds: secondsOf(5) });
  });

  test.each([
    ["Xing", 36, 0],
    ["Info", 21, 3],
    ["VBRI", 36, 0],
  ])("does not count the encoder's %s block as sound", async (mark, at, mode) => {
    const index = mp3Frame({ mark, at, mode });
    expect(await read(join(index, repeat(4, frame)))).toMatchObject({ seconds: secondsOf(4) });
  });

  test("counts no frame that was cut off", async () => {
    expect(await read(repeat(5, frame).subarray(0, -1))).toMatchObject({ seconds: secondsOf(4) });
  });

  test("goes on behind a damaged spot", async () => {
    const bytes = join(repeat(3, frame), zeros(1000), repeat(3, frame));
    expect(await read(bytes)).toMatchObject({ seconds: secondsOf(6) });
  });
});

describe("a long sound does not pass as a short one", () => {
  test("by an index that counts too few frames", async () => {
    const index = mp3Frame({ mark: "Xing\0\0\0\x01\0\0\0\x02" });
    expect(await read(join(index, repeat(900, small)))).toMatchObject({ seconds: secondsOf(900) });
  });

  test("by a first frame of many more bits than the rest", async () => {
    expect(await read(join(mp3Frame(), repeat(900, small)))).toMatchObject({ seconds: secondsOf(901) });
  });

  test("by its size: beyond 32 MB its length is reckoned", async () => {
    const facts = await read(repeat(100_000, frame));
    expect(facts.seconds).toBeCloseTo(secondsOf(100_000), 0);
  });
});

describe("a broken MP3 is unreadable", () => {
  const brokenSize = id3(10);
  brokenSize[8] = 0x80;
  test.each([
    ["a single frame", frame, "no two sound frames"],
    ["frames that disagree", join(frame, [0xff, 0xf3, 0x80, 0], zeros(204)), "no two sound frames"],
    [
      "frames that do not begin at the beginning",
      join([0xff, 0xfb, 0x90, 0], repeat(9, frame)),
      "no two sound frames",
    ],
    ["a tag alone", id3(40), "ends inside its ID3 tag"],
    ["a tag longer than the file", id3(5_000_000, zeros(50)), "ends inside its ID3 tag"],
    ["a tag whose size is no size", join(brokenSize, repeat(3, frame)), "size of this MP3's ID3 tag"],
    ["a tag before something else", join(id3(10), zeros(100_000), repeat(3, frame)), "no two sound frames"],
  ])("%s", async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: "input_unreadable",
      message: expect.stringContaining(message),
    });
  });
});
