import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { loadCatalog } from "../../src/catalog/catalog.ts";
import { describeDefaults } from "../../src/config/config.ts";
import { describeKinds } from "../../src/config/describe-kinds.ts";
import { ERRORS } from "../../src/core/errors.ts";
import type { CatalogModel } from "../../src/core/model.ts";

async function json(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(new URL(`../../docs/pages/${path}`, import.meta.url), "utf8"));
}

/** Every sentence of a model that a page shows. */
function sentencesOf({
  name,
  source,
  price,
  input,
  rules,
  routes,
  pages = {},
}: CatalogModel): readonly string[] {
  return [
    name,
    source,
    price.source,
    ...Object.values(input).map(({ about }) => about),
    ...rules.map(({ say }) => say),
    ...routes.flatMap((route) => [
      ...Object.values(route.unsent),
      ...Object.values(route.unsupported ?? {}),
      ...(route.rules ?? []).map(({ say }) => say),
    ]),
    ...Object.values(pages).flatMap((page) => [
      page.source,
      ...Object.values(page.input).map(({ about }) => about),
      ...page.rules.map(({ say }) => say),
      ...Object.values(page.unsent),
    ]),
  ];
}

test("a sentence of the catalogue or the settings has no Chinese, or Chinese stands for none", async () => {
  const { models } = await loadCatalog();
  const { kinds, common } = describeKinds();
  const used = new Set([
    ...[...models.values()].flatMap(sentencesOf),
    ...[...describeDefaults(), ...common].map(({ about }) => about),
    ...kinds.flatMap(({ title, settings }) => [title, ...settings.map(({ about }) => about)]),
  ]);
  const translated = Object.keys(await json("zh/sentences.json"));
  expect([...used].filter((one) => !translated.includes(one))).toEqual([]);
  expect(translated.filter((one) => !used.has(one))).toEqual([]);
});

describe.each(["en", "zh"])("%s", (language) => {
  test("an error has no text, or a text is of no error", async () => {
    const texts = await json(`${language}/errors.json`);
    expect(Object.keys(texts)).toEqual(Object.keys(ERRORS));
    const incomplete = Object.entries(texts).filter(([, text]) => {
      const { cause, remedy } = text as Record<string, unknown>;
      return [cause, remedy].some((one) => typeof one !== "string" || one.length < 4);
    });
    expect(incomplete).toEqual([]);
  });
});
