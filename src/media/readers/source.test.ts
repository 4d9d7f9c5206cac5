import { expect, test } from "vitest";
import { buffered, bytesSource, PIECE_BYTES, readView, type Source } from "./source.ts";

const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff);

function counted(): { source: Source; reads: () => number } {
  let reads = 0;
  const inner = bytesSource(bytes);
  const read: Source["read"] = (position, length) => {
    reads += 1;
    return inner.read(position, length);
  };
  return { source: { size: inner.size, read }, reads: () => reads };
}

test("a buffered source gives the same bytes forwards, backwards and across its seams", async () => {
  const source = buffered(bytesSource(bytes));
  const places = [0, 70_000, 69_990, PIECE_BYTES - 5, 200_000, 200_100, 150_000, 204_090, 299_990, 10];
  for (const position of places) {
    expect(await source.read(position, 10)).toEqual(bytes.subarray(position, position + 10));
  }
});

test("walking a few bytes at a time does not cost a system call each", async () => {
  const { source, reads } = counted();
  const near = buffered(source);
  for (let at = 0; at < 100_000; at += 8) await near.read(at, 8);
  expect(reads()).toBeLessThan(12);
});

test("a piece beyond the end is an error that says where the file ends", async () => {
  const place = { position: 299_999, length: 2, what: "index" };
  await expect(readView(bytesSource(bytes), place)).rejects.toMatchObject({
    code: "input_unreadable",
    message: "The file is cut off at byte 300000, inside its index.",
  });
});

test("a file that shrinks while it is read is an error, not a short piece", async () => {
  const source = { size: 100, read: async () => new Uint8Array(3) };
  await expect(readView(source, { position: 0, length: 4, what: "index" })).rejects.toMatchObject({
    code: "input_unreadable",
  });
});

test("nobody can ask for a piece as long as the file says it is", async () => {
  const place = { position: 0, length: PIECE_BYTES + 1, what: "index" };
  await expect(readView(bytesSource(bytes), place)).rejects.toThrow("too big to ask for");
});
