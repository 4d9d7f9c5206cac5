import fc from "fast-check";
import { expect, it } from "vitest";
import { isWellFormedKey, keyDigest, keyHint, mintApiKey } from "./api-key.ts";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

it.each(["live", "test"] as const)(
  "a %s key has the form that scanners look for, and is accepted",
  (mode) => {
    for (let i = 0; i < 200; i++) {
      const key = mintApiKey(mode);
      expect(key).toMatch(/\breelay_(live|test)_[0-9A-Za-z]{36}\b/);
      expect(key.startsWith(`reelay_${mode}_`)).toBe(true);
      expect(isWellFormedKey(key), key).toBe(true);
    }
  },
);

it("with any one character changed is always refused", () => {
  for (let i = 0; i < 5; i++) {
    const key = mintApiKey("live");
    for (let place = 0; place < key.length; place++) {
      for (const other of `${BASE62}_- é`) {
        if (other === key[place]) continue;
        const changed = key.slice(0, place) + other + key.slice(place + 1);
        expect(isWellFormedKey(changed), changed).toBe(false);
      }
    }
  }
});

it("with two neighbours swapped, a character lost, added or around it is refused", () => {
  const key = mintApiKey("live");
  for (let place = 0; place < key.length; place++) {
    const [before, after] = [key.slice(0, place), key.slice(place + 1)];
    expect(isWellFormedKey(before + after)).toBe(false);
    expect(isWellFormedKey(`${before}${key[place]}${key[place]}${after}`)).toBe(false);
    const swapped = before + after.slice(0, 1) + key[place] + after.slice(1);
    if (swapped !== key) expect(isWellFormedKey(swapped), swapped).toBe(false);
  }
  for (const around of [` ${key}`, `${key} `, `${key}\n`, `x${key}`, key.toUpperCase(), ""]) {
    expect(isWellFormedKey(around)).toBe(false);
  }
  expect(isWellFormedKey(key.replace("live", "test"))).toBe(false);
});

it("no invented text passes for a key", () => {
  const invented = fc.stringMatching(/^reelay_(live|test)_[0-9A-Za-z]{36}$/);
  fc.assert(
    fc.property(invented, (key) => !isWellFormedKey(key)),
    { numRuns: 1000 },
  );
});

it("no two are alike, and every character is drawn", () => {
  const keys = Array.from({ length: 500 }, () => mintApiKey("live"));
  expect(new Set(keys).size).toBe(500);
  expect(new Set(keys.join("").replaceAll("reelay_live_", "")).size).toBe(62);
});

it("a checksum keeps its form and its value: keys that are already out must stay valid", () => {
  const key = "reelay_live_Abc123Abc123Abc123Abc123Abc1232SLDJ5";
  expect(isWellFormedKey(key)).toBe(true);
  expect(keyDigest(key)).toBe("00ad5b48eb114f03b6f8ae0a80be71c317360010f5b07e4f440dc78c55a468d0");
});

it("a hint tells keys apart and is useless as a key", () => {
  const key = mintApiKey("live");
  const hint = keyHint(key);
  expect(hint).toBe(`${key.slice(0, 16)}…${key.slice(-4)}`);
  expect(hint.replace("reelay_live_", "")).toHaveLength(9);
  expect(isWellFormedKey(hint)).toBe(false);
});
