import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findModel, loadCatalog } from "./catalog.ts";
import paged from "./models/veo/veo-3.1-image-to-video.ts";

/** A name in a dialect is one model's, and these tests put the same model under several ids. */
const { pages, ...sound } = paged;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "catalog-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(path: string, model: unknown): Promise<void> {
  await mkdir(join(folder, path, ".."), { recursive: true });
  await writeFile(join(folder, path), `export default ${JSON.stringify(model)};`);
}

const load = () => loadCatalog(pathToFileURL(`${folder}/`));

test("built files, tests and declarations are taken for models, or models are not found", async () => {
  await put("one/b.js", sound);
  await put("a.ts", sound);
  await put("a.d.ts", {});
  await put("one/b.test.js", {});
  await put("one/b.js.map", {});
  const { models } = await load();
  expect([...models.keys()]).toEqual(["a", "b"]);
  expect(models.get("b")?.id).toBe("b");
});

test("a faulty file is loaded, or only the first of its mistakes is told", async () => {
  await put("one/good.ts", sound);
  await put("one/faulty.ts", { ...sound, routes: [], output: { ...sound.output, duration: "length" } });
  await put("empty.ts", {});
  await expect(load()).rejects.toThrow(
    /one\/faulty\.ts: output\.duration names "length".*\n.*one\/faulty\.ts: routes is empty/,
  );
  await expect(load()).rejects.toThrow(/empty\.ts: the model lacks "name"/);
});

test("of two files with one id the second wins in silence", async () => {
  await put("one/same.ts", sound);
  await put("two/same.ts", sound);
  await expect(load()).rejects.toThrow('two/same.ts: another file already has the id "same"');
});

test("two models have one name in a dialect, and a request means either", async () => {
  await put("one/first.ts", { ...sound, pages });
  await put("two/second.ts", { ...sound, pages });
  await expect(load()).rejects.toThrow(
    'second: pages.highwayapi.path is "veo-3.1-generate-img2video", which first has already',
  );
});

test("somebody changes a model at run time", async () => {
  const model = findModel(await loadCatalog(), "wan-2.7-image-to-video");
  expect(() => Object.assign(model, { name: "x" })).toThrow(TypeError);
  expect(() => Object.assign(model.input.image_urls!, { max: 9 })).toThrow(TypeError);
  expect(() => (model.rules as unknown[]).push({})).toThrow(TypeError);
});

test("an unknown model is told without the ids there are", async () => {
  const catalog = await loadCatalog();
  const message = (id: string) => {
    try {
      return findModel(catalog, id).id;
    } catch (error) {
      expect(error).toMatchObject({ code: "unknown_model", problems: [{ field: "model" }] });
      return (error as Error).message;
    }
  };
  expect(message("veo-3.1-image-to-vidoe")).toContain('Did you mean "veo-3.1-image-to-video"?');
  expect(message("Wan-2.7-Image-To-Video")).toContain('Did you mean "wan-2.7-image-to-video"?');
  expect(message("sora")).toContain("There are pixverse-v6-extend, ");
  expect(message("__proto__")).toContain("There is no model");
  expect(message("x".repeat(5000)).length).toBeLessThan(1000);
});
