import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { join, moov, mp4, repeat, SAMPLES, trak, wav, zeros } from "../../test/media/samples.ts";
import { CUT_BYTES, wholeFiles } from "../../test/media/whole.ts";
import { ReelayError } from "../core/errors.ts";
import { inspectFile, inspectSource } from "./inspect.ts";
import { bytesSource } from "./readers/source.ts";

const MOST_MILLISECONDS = 50;
const OUTCOMES = ["input_type_rejected", "input_unreadable"];
let slowest = 0;

/** Facts with numbers that can be used, or one of the two errors; anything else fails the test. */
async function inspectHostile(bytes: Uint8Array): Promise<string> {
  // Processor time, since a busy machine may stop the process in the middle.
  const start = process.threadCpuUsage();
  try {
    const facts = await inspectSource(bytesSource(bytes));
    const numbers = Object.values(facts).filter((value) => typeof value === "number");
    expect(numbers.every((value) => value > 0 && Number.isFinite(value))).toBe(true);
    return facts.type;
  } catch (error) {
    if (!(error instanceof ReelayError) || !OUTCOMES.includes(error.code)) throw error;
    expect(error.message).toMatch(/^[\x20-\x7e]+$/);
    return error.code;
  } finally {
    const { user, system } = process.threadCpuUsage(start);
    slowest = Math.max(slowest, (user + system) / 1000);
  }
}

describe("a file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(joinPath(tmpdir(), "inspect-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(Object.keys(SAMPLES))("%s measures the same from disk as from memory", async (name) => {
    const bytes = SAMPLES[name]!;
    const path = joinPath(folder, "file");
    await writeFile(path, bytes);
    const facts = await inspectFile(path);
    expect(facts).toEqual(await inspectSource(bytesSource(bytes)));
    expect(facts.type).toBe(name.split(",")[0]);
    expect(facts.bytes).toBe(bytes.length);
  });

  test("whose header lies far beyond the first 64 kB is read by position", async () => {
    const path = joinPath(folder, "long");
    await writeFile(path, wav({ before: [join("JUNK", [0, 0, 0x10, 0], zeros(0x100000))] }));
    expect(await inspectFile(path)).toMatchObject({ type: "wav", seconds: 0.1 });
  });

  test("that is not there is the system's error, not the client's fault", async () => {
    await expect(inspectFile(joinPath(folder, "none"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("what is not accepted is named", () => {
  test.each([
    ["", "empty"],
    ["GIF89a\x01\0\x01\0", "a GIF picture"],
    ['<svg xmlns="http://www.w3.org/2000/svg">', "an SVG picture"],
    ['\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x --><SVG >', "an SVG picture"],
    ["<?xml version='1.0'?><MPD >", "a DASH playlist"],
    ["<?xml version='1.0'?><a/>", "an XML document"],
    ["\n <!DOCTYPE html><html>", "an HTML page"],
    ["%PDF-1.7", "a PDF document"],
    ["PK\x03\x04....", "a ZIP archive"],
    ["\x1aE\xdf\xa3....", "a WebM or Matroska clip"],
    ["#EXTM3U\n#EXT-X-VERSION:3", "an HLS playlist"],
    ["ffconcat version 1.0\nfile x", "a list of files"],
    ["\0\0\0\x1cftypavif\0\0\0\0mif1avifmiaf", "an AVIF picture"],
    ["\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC picture"],
    ["\0\0\0\x14ftypM4A \0\0\0\0M4A ", "an M4A sound"],
    ["\0\0\0\x14ftypx\ny \0\0\0\0abcd", 'a relative of MP4 with the brand "x.y "'],
    ["RIFF\x10\0\0\0AVI LIST", "an AVI clip"],
    ["\xff\xf1\x50\x80", "an AAC sound"],
    ['{"error":"not found"}', "JSON"],
    ["BMs are letters too, and this is a text", "of an unknown type"],
    ["\xef\xbb\xbf not much", "of an unknown type"],
  ])("%j", async (start, what) => {
    const error = await inspectSource(bytesSource(join(start))).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "input_type_rejected",
      message: `This file is ${what}; it must be JPEG, PNG, WebP, BMP, MP4, MOV, WAV or MP3.`,
    });
  });

  test("something in front of the mark of a picture does not pass", async () => {
    expect(await inspectHostile(join("\n", SAMPLES.png!))).toBe("input_type_rejected");
    expect(await inspectHostile(join("GIF89a", SAMPLES.jpeg!))).toBe("input_type_rejected");
  });
});

/** All of its first 4 KB are tables. */
const clip = mp4(
  moov(trak({ durations: Array.from({ length: 600 }, (_, i) => [1, 20 + (i % 9)] as const) })),
);

describe("hostile bytes end in facts or in one of two errors, and soon", async () => {
  const whole = await wholeFiles(clip, 96);
  test.each(Object.keys(whole))("%s, cut off at every byte of its first 4 KB", async (name) => {
    const bytes = whole[name]!;
    expect(name).toMatch(new RegExp(`^${await inspectHostile(bytes)}`));
    for (let length = 0; length < CUT_BYTES; length++) {
      await inspectHostile(bytes.subarray(0, length));
    }
  });

  test.each(Object.keys(SAMPLES))("every prefix of %s", async (name) => {
    const bytes = SAMPLES[name]!;
    for (let length = 0; length < Math.min(bytes.length, 4096); length++) {
      await inspectHostile(bytes.subarray(0, length));
    }
  });

  test("random bytes behind every mark", async () => {
    const marks = Object.values(SAMPLES).map((bytes) => bytes.subarray(0, 16));
    const hostile = fc.tuple(fc.constantFrom(new Uint8Array(), ...marks), fc.uint8Array({ maxLength: 600 }));
    await fc.assert(
      fc.asyncProperty(hostile, async (parts) => void (await inspectHostile(join(...parts)))),
      { numRuns: 4000 },
    );
  });

  test("good files with some bytes changed, often to the extremes", async () => {
    const value = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255));
    const change = fc.record({ at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), value });
    const changes = fc.array(change, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.values(SAMPLES)), changes, async (sample, list) => {
        const bytes = Uint8Array.from(sample);
        for (const { at, value } of list) bytes[Math.floor(at * Math.min(bytes.length, 900))] = value;
        await inspectHostile(bytes);
      }),
      { numRuns: 8000 },
    );
  });

  test("ten megabytes of what costs most to walk", async () => {
    const size = 10_000_000;
    const fill = (start: string, part: string) => {
      const unit = join(part);
      const bytes = new Uint8Array(size);
      for (let at = start.length; at + unit.length <= size; at += unit.length) bytes.set(unit, at);
      bytes.set(join(start));
      return bytes;
    };
    await inspectHostile(fill("\0\0\0\x10ftypisom\0\0\0\0", "\0\0\0\x08free"));
    await inspectHostile(fill("\0\0\0\x10ftypisom\0\0\0\0", "\0\0\0\x08moof"));
    await inspectHostile(fill("\xff\xd8", "\xff"));
    await inspectHostile(fill("\xff\xd8", "\xff\xe1\0\x02"));
    await inspectHostile(fill("RIFF\x80\x96\x98\0WEBP", "ABCD\0\0\0\0"));
    await inspectHostile(fill("RIFF\x80\x96\x98\0WAVE", "ABCD\0\0\0\0"));
    await inspectHostile(fill("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", "\0\0\0\0"));
    await inspectHostile(fill("ID3\x04\0\0\0\0\0\0", "\xff\xfb\x90\0"));
    await inspectHostile(repeat(2, SAMPLES.mp4!));
  });

  test("none of all that kept the processor longer than a request may wait", () => {
    expect(slowest).toBeGreaterThan(0);
    expect(slowest).toBeLessThan(MOST_MILLISECONDS);
  });
});
