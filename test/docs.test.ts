import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { modelsPage } from "../docs/models.ts";
import { loadCatalog } from "../src/catalog/catalog.ts";

test("docs/models.md says something else than the catalogue (run: node docs/models.ts)", async () => {
  const written = await readFile(new URL("../docs/models.md", import.meta.url), "utf8");
  expect(written).toBe(modelsPage(await loadCatalog()));
});
