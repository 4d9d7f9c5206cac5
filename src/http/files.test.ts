import fc from "fast-check";
import { expect, it } from "vitest";
import { parseRange } from "./files.ts";

/** What RFC 9110, 14.1.2 asks of one byte range, by slicing: the bytes that a client must get, or none. */
function reference(bytes: number, first: number | undefined, last: number | undefined): readonly number[] {
  const all = Array.from({ length: bytes }, (_, place) => place);
  if (first === undefined) return last ? all.slice(-last) : [];
  return all.slice(first, last === undefined ? undefined : last + 1);
}

const place = fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined });

it("gives exactly the bytes that were asked for, and says so where there are none", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30 }), place, place, (bytes, first, last) => {
      fc.pre(first !== undefined || last !== undefined);
      fc.pre(first === undefined || last === undefined || first <= last);
      const range = parseRange(`bytes=${first ?? ""}-${last ?? ""}`, bytes);
      const expected = reference(bytes, first, last);
      const answer = { start: expected[0], end: expected.at(-1) };
      expect(range).toEqual(expected.length === 0 ? "unsatisfiable" : answer);
    }),
    { numRuns: 2000 },
  );
});

it("answers any header at all with a range inside the file, the whole file, or unsatisfiable", () => {
  const header = fc.oneof(
    fc.string(),
    fc.stringMatching(/^ ?bytes ?= ?[-0-9, ]{0,40}$/),
    fc.stringMatching(/^bytes=[0-9]{1,18}-[0-9]{0,18}$/),
  );
  fc.assert(
    fc.property(header, fc.integer({ min: 0, max: 2 ** 40 }), (text, bytes) => {
      const range = parseRange(text, bytes);
      if (range === undefined || range === "unsatisfiable") return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.end).toBeGreaterThanOrEqual(range.start);
      expect(range.end).toBeLessThan(bytes);
    }),
    { numRuns: 2000 },
  );
});

it.each([
  undefined,
  "",
  "bytes",
  "bytes=",
  "bytes=-",
  "bytes=a-b",
  "bytes=0-1,3-4",
  "items=0-1",
  "bytes=5-2",
])("%j is no range that we serve: the whole file", (header) => {
  expect(parseRange(header, 10)).toBeUndefined();
});

it("a file of more than 4 GiB is not cut off", () => {
  expect(parseRange("bytes=5000000000-", 6_000_000_000)).toEqual({
    start: 5_000_000_000,
    end: 5_999_999_999,
  });
});
