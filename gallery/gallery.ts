/**
 * `npm run gallery`: renders the fixed set into gallery-output/index.html, to be looked at. What the renderer's own
 * files have not changed since is kept, so it may be stopped and started again.
 *
 *   --only <words>   cases whose group or name has these words in it
 *   --photo <file>   a photograph to use in place of the traced one
 *   --out <folder>   gallery-output where it is left out
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { glob, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { RenderOrder } from "../animatic/order.ts";
import { childEnvironment } from "../src/config/config.ts";
import { openPool, type Pool } from "../src/media/pool.ts";
import { type Case, casesOf, type Input } from "./cases.ts";
import { type Made, pageOf } from "./page.ts";
import { takePhoto } from "./photo.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const { values } = parseArgs({
  options: { only: { type: "string" }, photo: { type: "string" }, out: { type: "string" } },
});
const OUT = values.out ?? join(ROOT, "gallery-output");
const SIZE = { width: 640, height: 360 };
const PLAIN: RenderOrder = {
  ...{ ...SIZE, frames: 48, fps: 24, seed: 7, prompt: "", negativePrompt: null },
  ...{ firstFrame: null, lastFrame: null, clip: null, sound: false, soundFile: null },
  ...{ style: null, shots: false, rewrite: "disabled" },
};

/** What a case was made from and what came of it, beside the clip. */
interface Note {
  readonly print: string;
  readonly made: Made;
}

const started = performance.now();
await mkdir(join(OUT, "clips"), { recursive: true });
const pictures = await openPictures();
const code = await codePrint();
const pool = openPool({
  entry: new URL("./child.ts", import.meta.url),
  size: 2,
  deadlineMs: 300_000,
  maxRssBytes: 3e9,
  env: childEnvironment({ ffmpegDir: "" }),
  log: (_level, message) => process.stderr.write(`${message}\n`),
});
const cases = casesOf().filter(
  ({ group, name }) => !values.only || group.includes(values.only) || name.includes(values.only),
);
const needs = (one: Case) => Object.values(one.inputs ?? {}).some((input) => typeof input === "object");
const results = new Map<string, Made>();
const counts = { made: 0, kept: 0, failed: 0 };
// Those that go on from another clip after all others.
for (const part of [cases.filter((one) => !needs(one)), cases.filter(needs)])
  await Promise.all(part.map(async (one) => results.set(one.name, await makeOrKeep(pool, one))));
await pool.close();
const seconds = ((performance.now() - started) / 1000).toFixed(0);
const told = `${counts.made} clips rendered, ${counts.kept} kept, ${counts.failed} failed, in ${seconds} s.`;
const page = join(OUT, "index.html");
await writeFile(
  page,
  pageOf(
    cases.flatMap((one) => results.get(one.name) ?? []),
    told,
  ),
);
process.stdout.write(`${told} See ${relative(process.cwd(), page)}\n`);
process.exitCode = counts.failed > 0 ? 1 : 0;

async function makeOrKeep(children: Pool, one: Case): Promise<Made> {
  const order = orderOf(one);
  const print = createHash("sha256")
    .update(code + JSON.stringify(order))
    .digest("hex");
  const notePath = join(OUT, "clips", `${one.name}.json`);
  const note = await readFile(notePath, "utf8").then(
    (text): Note => JSON.parse(text),
    () => null,
  );
  if (note?.print === print && note.made.error === null) {
    counts.kept++;
    return { ...note.made, case: one };
  }
  const made = await make(children, one, order);
  counts[made.error ? "failed" : "made"]++;
  process.stdout.write(`${one.name}: ${made.error ?? `${made.took.toFixed(1)} s`}\n`);
  await writeFile(notePath, JSON.stringify({ print, made }));
  return made;
}

async function make(children: Pool, one: Case, order: RenderOrder): Promise<Made> {
  const at = `clips/${one.name}`;
  const files = { clip: `${at}.mp4`, sheet: `${at}.jpg`, poster: `${at}-first.jpg` };
  try {
    const paths = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(OUT, file)]));
    const report = (await children.run("make", { order, ...paths })) as Made;
    return {
      case: one,
      ...files,
      motion: report.motion,
      scene: report.scene,
      took: report.took,
      error: null,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { case: one, ...files, motion: "", scene: null, took: 0, error: message };
  }
}

function orderOf({ order, inputs = {} }: Case): RenderOrder {
  const files = Object.entries(inputs).map(([field, input]) => [field, pathOf(input)]);
  return { ...PLAIN, ...order, ...Object.fromEntries(files) };
}

function pathOf(input: Input): string {
  return typeof input === "object" ? join(OUT, "clips", `${input.clipOf}.mp4`) : pictures[input];
}

async function openPictures(): Promise<Record<Extract<Input, string>, string>> {
  const print = createHash("sha256").update(await readFile(new URL("./photo.ts", import.meta.url)));
  const version = print.digest("hex").slice(0, 8);
  const traced = await Promise.all(
    [0, 1].map(async (which) => {
      const path = join(OUT, `photo-${which}-${version}.jpg`);
      if (!existsSync(path)) await takePhoto(path, which);
      return path;
    }),
  );
  const [photo = "", other = ""] = traced;
  return {
    photo: values.photo ?? photo,
    "other photo": other,
    drawing: join(ROOT, "samples/lighthouse.jpg"),
  };
}

/** Changes with anything that may change a clip. */
async function codePrint(): Promise<string> {
  const hash = createHash("sha256").update(await readFile(pictures.photo));
  const files: string[] = [];
  for await (const file of glob(["animatic/**/*.{ts,wasm}", "src/media/**/*.ts", "gallery/child.ts"], {
    cwd: ROOT,
  }))
    if (!file.endsWith(".test.ts")) files.push(file);
  for (const file of files.sort()) hash.update(await readFile(join(ROOT, file)));
  return hash.digest("hex");
}
