import fc from "fast-check";
import { expect, test } from "vitest";
import { hear } from "./hear.ts";
import type { RenderOrder } from "./order.ts";
import { planOf } from "./plan.ts";
import { ADDED, MOODS_OF, MOVES_OF, WEATHERS_OF } from "./rewrite-words.ts";
import { orderOf } from "./testing/pictures.ts";

const planned = (prompt: string, changes: Partial<RenderOrder> = {}) =>
  planOf(orderOf({ frames: 120, prompt, ...changes }));

const KINDS: Readonly<Record<string, string>> = { in: "place", move: "camera" };

test.each(
  Object.entries(ADDED).flatMap(([language, added]) =>
    Object.entries(added).map((one) => [language, ...one] as const),
  ),
)("%s: %s is not understood from %j", (_language, key, phrase) => {
  const [kind = "", value = ""] = key.split(" ");
  // With something before it that has none of it.
  for (const text of [phrase, `x, ${phrase}`, `图，${phrase}`]) {
    const { said } = hear(text);
    if (kind === "life") expect(said.some((heard) => heard.kind === "life")).toBe(true);
    else {
      const found = said.filter((heard) => heard.kind === (KINDS[kind] ?? kind)).map((heard) => heard.value);
      if (value === "orbit-left" || value === "orbit-right") expect(found).toContain(value);
      else expect(found).toEqual([value]);
    }
    if (kind !== "in") expect(said.filter((heard) => heard.kind === "place" && heard.at === 0)).toEqual([]);
    for (const other of ["place", "time", "weather", "camera"])
      if (other !== (KINDS[kind] ?? kind) && kind !== "life")
        expect(said.filter((heard) => heard.kind === other)).toEqual([]);
  }
});

test("a choice for some place has no phrase", () => {
  for (const added of Object.values(ADDED)) {
    for (const moves of Object.values(MOVES_OF))
      for (const move of moves) expect(added).toHaveProperty([`move ${move}`]);
    for (const all of Object.values(WEATHERS_OF))
      for (const one of all) expect(added).toHaveProperty([`weather ${one}`]);
    for (const all of Object.values(MOODS_OF))
      for (const one of all) expect(added).toHaveProperty([`mood ${one}`]);
    for (const place of Object.keys(MOODS_OF)) expect(added).toHaveProperty([`life ${place}`]);
  }
});

test.each([
  ["a cat", "auto", true],
  ["", "auto", true],
  ["sea at sunset", "auto", false],
  ["sea at sunset", "enabled", true],
  ["sea at sunset", "disabled", false],
  ["", "disabled", false],
  ["rain falls on Tokyo at night, the camera pans left", "enabled", false],
  ["一座城市", "auto", true],
] as const)("%j is rewritten with %s: %s, or the other way round", (prompt, rewrite, expected) => {
  const { rewritten } = planned(prompt, { rewrite });
  expect(rewritten !== null).toBe(expected);
  if (rewritten) {
    expect(rewritten.before).toBe(prompt);
    expect(rewritten.after.startsWith(prompt)).toBe(true);
    expect(rewritten.why).toMatch(/said/);
  }
});

test("null is something else than auto", () => {
  for (const prompt of ["a cat", "sea at sunset", "zoom in"])
    expect(planned(prompt, { rewrite: null })).toEqual(planned(prompt, { rewrite: "auto" }));
});

test("a Chinese prompt is rewritten in English, or an English one in Chinese", () => {
  expect(planned("一只猫", { rewrite: "enabled" }).rewritten?.after).not.toMatch(/[a-z]/i);
  expect(planned("a cat", { rewrite: "enabled" }).rewritten?.after).not.toMatch(/\p{Script=Han}/u);
});

test("a rewrite changes what a given picture shows", () => {
  for (let seed = 0; seed < 20; seed++) {
    const { rewritten } = planned("a cat", { rewrite: "enabled", firstFrame: "/a.png", seed });
    expect(
      hear(rewritten!.after).said.filter(({ kind }) => ["place", "time", "weather"].includes(kind)),
    ).toEqual([]);
  }
});

test("a rewrite gives a continuation another move than its clip's", () => {
  for (let seed = 0; seed < 20; seed++) {
    const { rewritten, shots } = planned("a cat", { rewrite: "enabled", clip: "/a.mp4", seed });
    expect(hear(rewritten!.after).said.filter(({ kind }) => kind === "camera")).toEqual([]);
    expect(shots[0]!.opening).toMatchObject({ asked: false });
  }
});

test("every seed rewrites alike", () => {
  const texts = Array.from(
    { length: 30 },
    (_, seed) => planned("a city", { rewrite: "enabled", seed }).rewritten?.after,
  );
  expect(new Set(texts).size).toBeGreaterThan(8);
});

test("the plan is another than that of the rewritten text, or loses what was said", () => {
  const prompts = fc.constantFrom(
    "a cat",
    "sea",
    "zoom in",
    "下雪",
    "a foggy road",
    "夜",
    "happy",
    "static shot",
    "no rain",
  );
  fc.assert(
    fc.property(prompts, fc.integer({ min: 0, max: 9999 }), (prompt, seed) => {
      const plan = planned(prompt, { seed, rewrite: "enabled" });
      const sent = planned(plan.rewritten!.after, { seed, rewrite: "auto" });
      expect(sent.shots).toEqual(plan.shots);
      const before = hear(prompt).said.map(({ kind, value }) => `${kind} ${value}`);
      const after = hear(plan.rewritten!.after).said.map(({ kind, value }) => `${kind} ${value}`);
      expect(after).toEqual(expect.arrayContaining(before));
    }),
  );
});
