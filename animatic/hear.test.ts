import fc from "fast-check";
import { expect, test } from "vitest";
import { hear, hearNegative } from "./hear.ts";

const valuesOf = (text: string, kind: string) =>
  hear(text)
    .said.filter((heard) => heard.kind === kind)
    .map(({ value }) => value);

test.each([
  ["a street without people in the rain", "weather", ["rain"]],
  ["no rain or snow, just fog", "weather", ["fog"]],
  ["it's not raining on the beach", "weather", []],
  ["a robot not far from the sea", "place", ["sea"]],
  ["no one walks on the beach", "place", ["sea"]],
  ["没有下雨的城市", "weather", []],
  ["没有下雨的城市", "place", ["city"]],
  ["不要下雨，要下雪", "weather", ["snow"]],
  ["无人机飞过雪山", "place", ["mountain"]],
  ["无边的大海", "place", ["sea"]],
  ["晚上海边的风", "time", ["night"]],
  ["晚上海边的风", "place", ["sea"]],
  ["上海滩", "place", ["city"]],
  ["热带雨林", "weather", []],
  ["雪山", "weather", []],
  ["a field of view of 90 degrees", "place", []],
  ["海报", "place", []],
  ["Zoom-in", "camera", ["push"]],
  ["ＺＯＯＭ ＩＮ", "camera", ["push"]],
  ["zoom\n\n in", "camera", []],
] as const)("%j has another %s than %j", (text, kind, values) => {
  expect(valuesOf(text, kind)).toEqual(values);
});

test("a negative prompt's own no turns it round, or what it does not understand is not told", () => {
  const { said, unknown } = hearNegative("no rain, green goblins; purple, blurry");
  expect(said.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
    "weather rain",
    "sound rain",
    "unseen flaws",
  ]);
  expect(unknown).toEqual(["green goblins", "purple"]);
});

const HOSTILE: readonly (readonly [string, (length: number) => string])[] = [
  ["a letter", (n) => "a".repeat(n)],
  ["spaces", (n) => `pan${" ".repeat(n)}left`],
  ["a gap's head", (n) => "camera moves ".repeat(n / 13)],
  ["heads of gaps in gaps", (n) => "镜头".repeat(n / 2)],
  ["words that deny", (n) => "no ".repeat(n / 3)],
  ["Chinese words that deny", (n) => "没".repeat(n)],
  ["moves", (n) => "zoom in pan left ".repeat(n / 17)],
  ["commas", (n) => ",".repeat(n)],
  ["emoji", (n) => "🌊👩‍👩‍👧‍👦".repeat(n / 13)],
  ["Arabic", (n) => "كاميرا ببطء ".repeat(n / 12)],
  ["letters that grow when normalised", (n) => "ﷺ".repeat(n)],
  ["marks upon marks", (n) => `a${"\u0301".repeat(n)}`],
  ["lone surrogates", (n) => "\ud800".repeat(n)],
  ["apostrophes", (n) => "don't".repeat(n / 5)],
];

// Work that grew with the square of the length would be ten thousand million steps, and no test's time is enough.
test.each(HOSTILE)("a prompt of 100 000 characters of %s hangs", (_what, make) => {
  const text = make(100_000);
  expect(text.length).toBeGreaterThan(99_000);
  hearNegative(text);
  hear(text);
});

test("some text throws or is heard beyond its end", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ maxLength: 300 })),
      (text) => {
        for (const hearing of [hear(text), hearNegative(text)])
          for (const { at } of [...hearing.said, ...hearing.denied])
            expect(at).toBeLessThan(text.length * 20 + 1);
      },
    ),
  );
});
