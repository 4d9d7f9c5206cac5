import { expect, test } from "vitest";
import { chooseLanguage } from "./language.ts";

test.each([
  [undefined, "en"],
  ["", "en"],
  ["zh", "zh"],
  ["ZH-hans-CN", "zh"],
  ["zhx", "en"],
  ["en;q=0.5, zh;q=0.6", "zh"],
  ["zh;q=0", "en"],
  ["zh;q=7, en;q=0.1", "en"],
  [",".repeat(100_000), "en"],
])("%s is answered in another language than %s", (header, language) => {
  expect(chooseLanguage(header)).toBe(language);
});
