import { expect, test } from "vitest";
import { type CatalogModel, flag, integer, oneOf, type PriceLine, text, unsupported } from "../core/model.ts";
import { priceCases, priceOf, valuesOf } from "./price.ts";

const LINES: readonly PriceLine[] = [
  { when: { size: { is: ["720p"] }, sound: { is: [false] } }, usdPerSecond: 0.035 },
  { when: { size: { is: ["720p"] } }, usdPerSecond: 0.045 },
  { when: { style: { given: true } }, usdPerSecond: 1 },
  { when: {}, usdPerSecond: 0.115 },
];

const MODEL: CatalogModel = {
  id: "test-model",
  name: "Test",
  vendor: "test",
  source: "this file",
  input: {
    size: oneOf(["720p", "1080p"], { about: "-", default: "720p" }),
    seconds: integer(1, 15, { about: "-", required: true }),
    sound: flag({ about: "-", default: false }),
    style: oneOf(["clay"], { about: "-", nullable: true }),
  },
  rules: [],
  output: { duration: "seconds", resolution: "size", aspect: { of: [] } },
  price: { source: "this file", lines: LINES },
  routes: [],
  example: { seconds: 1 },
};

test.each([
  [{ size: "720p", sound: false, style: null }, 5, 175_000],
  [{ size: "720p", sound: true, style: null }, 5, 225_000],
  [{ size: "720p", sound: true, style: "clay" }, 5, 225_000],
  [{ size: "1080p", sound: false, style: "clay" }, 5, 5_000_000],
  [{ size: "1080p", sound: false, style: null }, 15, 1_725_000],
])("for %j a later line wins, or seconds are not counted", (input, seconds, micros) => {
  expect(priceOf(MODEL, input, seconds)).toBe(micros);
});

test("a price has a fraction of a micro, or rounding is done each second", () => {
  const input = { size: "720p", sound: false, style: null };
  expect(priceOf(MODEL, input, 0)).toBe(0);
  expect(priceOf(MODEL, input, 3)).toBe(105_000);
  expect(priceOf(MODEL, input, 4.958333)).toBe(173_542);
  const tiny = { ...MODEL, price: { source: "-", lines: [{ when: {}, usdPerSecond: 4e-7 }] } };
  expect(priceOf(tiny, {}, 10)).toBe(4);
});

test("a video that no line fits is sold for nothing", () => {
  const open = { ...MODEL, price: { source: "-", lines: LINES.slice(0, 1) } };
  expect(() => priceOf(open, { size: "1080p" }, 5)).toThrow("No price line of test-model holds");
});

test("a choice of values is missing from the price table, or has another line's price", () => {
  const cases = priceCases(MODEL);
  expect(cases.map(({ input, line }) => [input.size, input.sound, input.style, line?.usdPerSecond])).toEqual([
    ["720p", false, "clay", 0.035],
    ["720p", false, null, 0.035],
    ["720p", true, "clay", 0.045],
    ["720p", true, null, 0.045],
    ["1080p", false, "clay", 1],
    ["1080p", false, null, 0.115],
    ["1080p", true, "clay", 1],
    ["1080p", true, null, 0.115],
  ]);
});

test("a model of one price has no case at all", () => {
  const flat = { ...MODEL, price: { source: "-", lines: LINES.slice(-1) } };
  expect(priceCases(flat)).toEqual([{ input: {}, line: LINES[3] }]);
});

test("null counts as a value of a field that cannot be null", () => {
  expect(valuesOf(oneOf([4, 6], { about: "-", required: true }))).toEqual([4, 6]);
  expect(valuesOf(flag({ about: "-", nullable: true, default: true }))).toEqual([false, true]);
  expect(valuesOf(flag({ about: "-" }))).toEqual([false, true, null]);
  expect(valuesOf(text({ about: "-", max: 5 }))).toEqual([]);
  expect(valuesOf(unsupported("only other-model has it"))).toEqual([]);
  expect(valuesOf(undefined)).toEqual([]);
});
