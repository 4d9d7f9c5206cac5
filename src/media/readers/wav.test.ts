import { describe, expect, test } from "vitest";
import { join, le, riff, riffChunk, wav, wavFormat, zeros } from "../../../test/media/samples.ts";
import { bytesSource } from "./source.ts";
import { readWav } from "./wav.ts";

const read = (bytes: Uint8Array) => readWav(bytesSource(bytes));
/** The rest of a WAVE_FORMAT_EXTENSIBLE chunk, for samples of format `code`. */
const extensible = (code: number) => [le(22, 2), le(16, 2), le(3, 4), le(code, 2), zeros(14)].flat();

describe("a good WAV", () => {
  test("is as long as its samples", async () => {
    const bytes = wav();
    const facts = { kind: "sound", type: "wav", seconds: 0.1, channels: 2, rate: 8000, bytes: bytes.length };
    expect(await read(bytes)).toEqual(facts);
  });

  test("in the extensible format names its samples further down", async () => {
    const format = wavFormat({ tag: 0xfffe, extra: extensible(1) });
    expect(await read(wav({ format }))).toMatchObject({ seconds: 0.1 });
  });

  test("with other chunks around, of odd length too, is measured", async () => {
    const before = [riffChunk("LIST", zeros(7)), riffChunk("bext", zeros(602))];
    expect(await read(wav({ before }))).toMatchObject({ seconds: 0.1 });
  });

  test("that claims more samples than it has is as long as what is there", async () => {
    expect(await read(wav({ length: 3_200_000 }))).toMatchObject({ seconds: 0.1 });
  });

  test.each([0, 0xffffffff])(
    "whose writer could not tell the length (%i) goes to the end of the file",
    async (length) => {
      expect(await read(wav({ length }))).toMatchObject({ seconds: 0.1 });
    },
  );
});

describe("a WAV that lies or is broken", () => {
  const lyingRate = riffChunk("fmt ", [1, 0, 2, 0, ...le(8000, 4), ...le(32_000_000, 4), ...le(4, 2), 16, 0]);
  test.each([
    ["a byte rate that would make a long sound short", wav({ format: lyingRate }), "byte rate does not fit"],
    ["no channels", wav({ format: wavFormat({ channels: 0 }) }), "0 channels"],
    ["a rate beyond all hearing", wav({ format: wavFormat({ rate: 10_000_000 }) }), "10000000 samples"],
    ["a format that is too short", wav({ format: riffChunk("fmt ", zeros(14)) }), "it needs 16"],
    ["samples without a format", riff("WAVE", riffChunk("data", zeros(8))), "no format"],
    ["a format without samples", riff("WAVE", wavFormat()), "no sound"],
    ["samples of no bytes", wav({ samples: 0, length: 0 }), "no sound"],
    [
      "chunks without end",
      riff("WAVE", ...new Array(1100).fill(riffChunk("junk", []))),
      "more than 1024 chunks",
    ],
    ["a chunk of 4 GB", join(riff("WAVE"), "junk", le(0xfffffffe, 4)), "no format"],
  ])("is unreadable with %s", async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: "input_unreadable",
      message: expect.stringContaining(message),
    });
  });

  test("is not accepted where it holds a compressed sound, whose length a header only claims", async () => {
    const formats = [wavFormat({ tag: 0x55 }), wavFormat({ tag: 0xfffe, extra: extensible(0x55) })];
    for (const format of formats) {
      await expect(read(wav({ format }))).rejects.toMatchObject({
        code: "input_type_rejected",
        message: expect.stringContaining("format 0x55; it must be PCM"),
      });
    }
  });
});
