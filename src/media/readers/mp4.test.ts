import { describe, expect, test } from "vitest";
import {
  be,
  box,
  ftyp,
  join,
  moof,
  moov,
  mp4,
  QUARTER_TURN,
  times,
  tkhd,
  trak,
  UPRIGHT,
  zeros,
} from "../../../test/media/samples.ts";
import { readMp4 } from "./mp4.ts";
import { bytesSource } from "./source.ts";

const read = (bytes: Uint8Array) => readMp4(bytesSource(bytes));
const sound = trak({ handler: "soun", header: tkhd({ id: 2, width: 0, height: 0 }), coded: [0, 0] });

describe("a good clip", () => {
  test("is measured by its index", async () => {
    const bytes = mp4(moov(trak(), sound));
    const facts = { width: 64, height: 48, seconds: 2, fps: 25, sound: true, bytes: bytes.length };
    expect(await read(bytes)).toEqual({ kind: "clip", type: "mp4", ...facts });
  });

  test("is MP4 or MOV by its brands, and MOV where it has none", async () => {
    const rest = moov(trak());
    expect(await read(join(ftyp("qt  "), rest))).toMatchObject({ type: "mov", sound: false });
    expect(await read(join(box("wide"), box("mdat", zeros(9)), rest))).toMatchObject({ type: "mov" });
    expect(await read(join(ftyp("zzzz", "zzzz", "iso2"), rest))).toMatchObject({ type: "mp4" });
  });

  test("has its index behind any amount of data, with 64-bit sizes", async () => {
    const data = join(be(1, 4), "mdat", be(100_016, 8), zeros(100_000));
    expect(await read(join(ftyp("isom"), data, moov(trak())))).toMatchObject({ seconds: 2 });
  });

  test("has its index in a box with a 64-bit size", async () => {
    const content = moov(trak()).subarray(8);
    const index = join(be(1, 4), "moov", be(content.length + 16, 8), content);
    expect(await read(join(ftyp("isom"), index))).toMatchObject({ seconds: 2 });
  });

  test("may end in a box without a size", async () => {
    const bytes = join(ftyp("isom"), moov(trak()), zeros(4), "mdat", zeros(100));
    expect(await read(bytes)).toMatchObject({ seconds: 2 });
  });

  test("has its sides as turned by the track's matrix", async () => {
    const other = [0, -1, 1, 0];
    for (const matrix of [QUARTER_TURN, other]) {
      expect(await read(mp4(moov(trak({ header: tkhd({ matrix }) }))))).toMatchObject({
        width: 48,
        height: 64,
      });
    }
    const half = UPRIGHT.map((value) => -value);
    expect(await read(mp4(moov(trak({ header: tkhd({ matrix: half }) }))))).toMatchObject({
      width: 64,
      height: 48,
    });
  });

  test("has the pixels that are coded, whatever its header lays out", async () => {
    const track = trak({ header: tkhd({ width: 10, height: 10 }), coded: [4096, 2160] });
    expect(await read(mp4(moov(track)))).toMatchObject({ width: 4096, height: 2160 });
    expect(await read(mp4(moov(trak({ coded: [0, 0] }))))).toMatchObject({ width: 64, height: 48 });
  });

  test("is its largest picture track, not a preview", async () => {
    const tracks = [trak({ coded: [16, 16] }), trak({ coded: [640, 480] }), trak({ coded: [8, 8] })];
    expect(await read(mp4(moov(...tracks)))).toMatchObject({ width: 640, height: 480 });
  });

  test("has 64-bit times", async () => {
    const track = trak({
      header: tkhd({ long: true, matrix: QUARTER_TURN }),
      media: times("mdhd", 600, 1200, true),
    });
    const index = box("moov", times("mvhd", 90_000, 450_000, true), track);
    expect(await read(mp4(index))).toMatchObject({ seconds: 5, width: 48 });
  });

  test.each([
    ["unknown", times("mvhd", 1000, 0xffffffff)],
    ["0", times("mvhd", 1000, 0)],
  ])("whose movie length is %s is as long as its track", async (_, header) => {
    expect(await read(mp4(box("moov", header, trak())))).toMatchObject({ seconds: 2 });
  });

  test("has the average of varying frame rates, or null", async () => {
    const varying = trak({
      durations: [
        [10, 20],
        [10, 40],
      ],
    });
    expect(await read(mp4(moov(varying)))).toMatchObject({ fps: 20 });
    expect(await read(mp4(moov(trak({ durations: [] }))))).toMatchObject({ fps: null });
    expect(await read(mp4(moov(trak({ durations: [[1_000_000, 1]] }))))).toMatchObject({ fps: 600 });
  });

  test("in fragments is as long as all of them", async () => {
    const trex = box("mvex", box("trex", zeros(4), be(1, 4), be(1, 4), be(24, 4), zeros(8)));
    const index = box(
      "moov",
      times("mvhd", 1000, 0),
      trak({ durations: [], media: times("mdhd", 600, 0) }),
      trex,
    );
    const bytes = join(
      ftyp("iso5"),
      index,
      moof(1, 25),
      box("mdat", zeros(9)),
      moof(1, 50, 12),
      moof(2, 900, 600),
    );
    expect(await read(bytes)).toMatchObject({ seconds: 2, fps: 37.5 });
  });
});

describe("a clip in fragments", () => {
  const index = box("moov", times("mvhd", 1000, 500), trak({ durations: [[5, 60]] }));

  test("is longer than the headers that were written before them", async () => {
    expect(await read(join(ftyp("iso5"), index, moof(1, 15, 60)))).toMatchObject({ seconds: 2, fps: 10 });
  });

  test("may say in each fragment how long its samples are", async () => {
    const header = box("tfhd", be(0x2000b, 4), be(1, 4), zeros(12), be(60, 4));
    const part = box("moof", box("traf", header, box("trun", zeros(4), be(25, 4))));
    expect(await read(join(ftyp("iso5"), index, part))).toMatchObject({ seconds: 3 });
  });

  test("is unreadable where their tables are as long as a film's", async () => {
    const count = 2_500_000;
    const trun = box("trun", be(0x100, 4), be(count, 4), new Uint8Array(4 * count));
    const part = box("moof", box("traf", box("tfhd", zeros(4), be(1, 4)), trun));
    await expect(read(join(ftyp("iso5"), index, part, part))).rejects.toThrow(
      "tables of more than 16777216 bytes",
    );
  });
});

describe("a broken clip is unreadable", () => {
  const bomb = (depth: number): Uint8Array => (depth ? box("moov", bomb(depth - 1)) : box("free"));
  const stts = box("stbl", box("stts", zeros(4), be(0xffffffff, 4), zeros(80)));
  const sized = (size: number[], type: string) => join(ftyp("isom"), moov(trak()), size, type, zeros(16));
  test.each([
    ["no index", join(ftyp("isom"), box("mdat", zeros(20))), "no index (moov)"],
    ["two indexes", join(mp4(), moov(trak())), "two indexes"],
    ["no picture", mp4(moov(sound)), "no video track"],
    ["no tracks", mp4(moov()), "no video track"],
    ["no pixels", mp4(moov(trak({ coded: [0, 0], header: tkhd({ width: 0 }) }))), "0 x 48 pixels"],
    ["no length", mp4(box("moov", trak({ durations: [], media: times("mdhd", 600, 0) }))), "0 seconds"],
    ["a length of years", mp4(box("moov", times("mvhd", 1, 0x7fffffff), trak())), "2147483647 seconds"],
    ["a second of no ticks", mp4(box("moov", times("mvhd", 0, 5), trak())), "0 ticks"],
    ["a box smaller than its header", sized(be(7, 4), "free"), 'The "free" box at byte'],
    ["a box that would be read for ever", sized([...be(1, 4)], "free"), "says it is 0 bytes long"],
    ["a box smaller than its longer header", sized([...be(1, 4)], "free\0\0\0\0\0\0\0\x0f"), "15 bytes long"],
    ["a box of 2^64 bytes", join(ftyp("isom"), be(1, 4), "mdat", new Array(8).fill(255)), "the file ends at"],
    ["a box beyond its parent", mp4(box("moov", be(400, 4), "trak", zeros(50))), 'its "moov" box ends at'],
    [
      "a table longer than its box",
      mp4(moov(box("trak", box("mdia", box("minf", stts))))),
      "counts 4294967295",
    ],
    ["boxes without end", join(mp4(), ...new Array(4100).fill(box("free"))), "more than 4096 boxes"],
    ["indexes in indexes", mp4(bomb(200)), "no video track"],
    [
      "an index of 16 MB",
      mp4(moov(box("free", new Uint8Array(16 * 1024 * 1024)))),
      "at most 16777216 are read",
    ],
    ["data that was cut off", mp4().subarray(0, mp4().length - 1), 'The "mdat" box'],
  ])("%s", async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: "input_unreadable",
      message: expect.stringContaining(message),
    });
  });
});
