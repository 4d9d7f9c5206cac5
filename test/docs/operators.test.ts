import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const folder = await mkdtemp(join(tmpdir(), "reelay-models-"));
const sample = JSON.parse(
  await readFile(new URL("../../samples/models/wan-2.2-text-to-video.json", import.meta.url), "utf8"),
);

const NASTY =
  "x</td><script>alert(1)</script> | [a](javascript:alert(2)) ![b](https://a.example/c.png) `d` <e@f.example>";

/** A model whose every text tries to be more than text. */
async function writeModel(name: string): Promise<void> {
  const input = { ...sample.input, prompt: { ...sample.input.prompt, about: NASTY } };
  const example = {
    ...sample.example,
    prompt: "$(touch /tmp/pwned) `id` \\ $HOME {{settings}} {{none}} EOF",
  };
  await writeFile(join(folder, "own-model.json"), JSON.stringify({ ...sample, name, input, example }));
}

await writeModel(NASTY);
const server = await startServer({
  REELAY_RENDER_WORKERS: "0",
  REELAY_MODELS_DIR: folder,
  REELAY_PUBLIC_URL: "https://video.example.com/reelay",
});
afterAll(async () => {
  await server.discard();
  await rm(folder, { recursive: true });
});

const get = async (path: string): Promise<string> => (await fetch(server.url + path)).text();

test("a text of an operator's model is markup on its page, or in the lists that name it", async () => {
  for (const path of [
    "/docs/en/models/own-model",
    "/docs/zh/models/own-model",
    "/docs/en/models",
    "/docs/en",
    "/docs/en/providers",
  ]) {
    const page = await get(path);
    expect([
      path,
      page.includes("<script"),
      page.includes('javascript:alert(2)"'),
      page.includes("<img"),
    ]).toEqual([path, false, false, false]);
    expect(page).not.toContain("mailto:");
    expect(page.match(/href="(javascript|https:\/\/a\.example)/)).toBeNull();
  }
  const page = await get("/docs/en/models/own-model");
  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt; | [a](javascript:alert(2))");
});

test("an example's prompt is run by the shell that sends it", async () => {
  expect(await get("/docs/en/models/own-model.md")).toContain(
    '"prompt": "\\$(touch /tmp/pwned) \\`id\\` \\\\\\\\ \\$HOME {{settings}} {{none}} EOF"',
  );
});

test("an example has another address than clients use", async () => {
  const page = await get("/docs/en/models/own-model.md");
  expect(page).toContain("curl -sS https://video.example.com/reelay/v1/videos/generations");
  expect(await get("/llms.txt")).toContain("(https://video.example.com/reelay/docs/en/models/own-model.md)");
});

test("a page shows what a model's file said before it was changed", async () => {
  expect(await get("/docs/en/models/own-model")).not.toContain("Renamed");
  await writeModel("Renamed");
  await until(async () => (await get("/docs/en/models/own-model")).includes('<h1 id="renamed">'), {
    ms: 20_000,
    what: "the new name",
  });
  expect(await get("/docs/en")).toContain("Renamed");
});
