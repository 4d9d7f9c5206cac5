/** What would be published: whether it installs, compiles and runs as its page says. */
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../support/run.ts";
import { type Server, startServer } from "../support/server.ts";
import { type Built, buildClient } from "./built.ts";
import { signedDelivery } from "./delivery.ts";

let built: Built;
let server: Server;
beforeAll(async () => {
  [built, server] = await Promise.all([buildClient(), startServer()]);
});
afterAll(async () => {
  await server.discard();
  await rm(built.project, { recursive: true, force: true });
});

const page = await readFile(join(ROOT, "client/README.md"), "utf8");
const BLOCKS = [...page.matchAll(/^## (.*)$|^```ts\n([\s\S]*?)^```$/gm)];

/** Each block with the heading that it stands under. */
function blocksOf(): readonly { readonly name: string; readonly code: string }[] {
  let heading = "";
  const blocks: { name: string; code: string }[] = [];
  for (const [, title, code] of BLOCKS) {
    if (title !== undefined) heading = title;
    else blocks.push({ name: `${blocks.length + 1}: ${heading}`, code: code ?? "" });
  }
  return blocks;
}

/** As strict as a project may be, so that nobody's is stricter. */
const STRICT = [
  ...["--noEmit", "--strict", "--target", "es2024", "--module", "nodenext", "--types", "node"],
  ...["--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--verbatimModuleSyntax"],
];

describe("the package", () => {
  test("is one that publint has nothing to say about", async () => {
    const { code, output } = await built.run("publint", ["run", built.packed, "--pack", "false", "--strict"]);
    expect(code, output).toBe(0);
    expect(output).toContain("All good");
  });

  test("has types that resolve for everybody who imports", async () => {
    const { code, output } = await built.run("attw", [
      "--pack",
      built.packed,
      "--profile",
      "esm-only",
      "--no-emoji",
      // By itself it would choose another one where CI is set.
      "--format",
      "ascii",
    ]);
    expect(code, output).toBe(0);
    for (const entry of ["@reelay/client", "@reelay/client/ai-sdk"]) {
      expect(output).toMatch(new RegExp(`"${entry}"\\s+node16 \\(from ESM\\): OK \\(ESM\\)\\s+bundler: OK`));
    }
  });

  test("needs nothing at run time: no dependency, and nothing of Node's", async () => {
    const about = JSON.parse(await readFile(join(built.packed, "package.json"), "utf8")) as Record<
      string,
      unknown
    >;
    expect(about).not.toHaveProperty("dependencies");
    const files = await readdir(join(built.packed, "dist"), { recursive: true });
    const scripts = files.filter((name) => name.endsWith(".js"));
    expect(scripts.length).toBeGreaterThan(10);
    for (const name of scripts) {
      const text = await readFile(join(built.packed, "dist", name), "utf8");
      const imported = [...text.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, from]) => from);
      expect(
        imported.filter((from) => !from?.startsWith(".")),
        name,
      ).toEqual([]);
      expect(text, name).not.toMatch(/\b(?:process|Buffer|require)\b[.(]/);
    }
  });
});

test("it works in a page that came over plain http, where crypto has neither subtle nor randomUUID", async () => {
  await writeFile(join(built.project, "page.mjs"), PAGE);
  const ran = await built.run("node", ["page.mjs"], { env: { REELAY: server.url, KEY: server.key } });
  expect(ran).toEqual({ code: 0, output: "undefined ftyp\n" });
});

const PAGE = `
import { createClient } from "@reelay/client";
const getRandomValues = crypto.getRandomValues.bind(crypto);
Object.defineProperty(globalThis, "crypto", { value: { getRandomValues } });
const reelay = createClient({ baseURL: process.env.REELAY, apiKey: process.env.KEY });
const request = { model: "pixverse-v6-text-to-video", prompt: "waves", duration: 1, resolution: "360p" };
const { results } = await reelay.tasks.run(request);
const bytes = await reelay.downloadBytes(results[0]);
const box = new TextDecoder().decode(bytes.subarray(4, 8));
console.log(typeof crypto.subtle, box);
`;

describe("a wrong option", () => {
  test("does not compile, and its right neighbour does", async () => {
    await cp(join(ROOT, "test/client/wrong-options.ts"), join(built.project, "wrong-options.ts"));
    const { code, output } = await built.run("tsc", [...STRICT, "wrong-options.ts"]);
    expect([output, code]).toEqual(["", 0]);
  });

  test("would be found to compile, if it did", async () => {
    const text = await readFile(join(ROOT, "test/client/wrong-options.ts"), "utf8");
    await writeFile(join(built.project, "right.ts"), text.replace('styel: "anime"', 'style: "anime"'));
    const { code, output } = await built.run("tsc", [...STRICT, "right.ts"]);
    expect(code).not.toBe(0);
    expect(output).toContain("Unused '@ts-expect-error'");
  });
});

describe("its page", () => {
  test("has blocks to run", () => {
    expect(blocksOf().length).toBeGreaterThan(6);
  });

  test.each(blocksOf())("$name compiles", async ({ name, code }) => {
    const file = `block-${name.split(":")[0]}.ts`;
    await writeFile(join(built.project, file), code);
    const { output } = await built.run("tsc", [...STRICT, "--skipLibCheck", file]);
    expect(output).toBe("");
  });

  test.each(blocksOf())("$name runs", async ({ name, code }) => {
    const file = `block-${name.split(":")[0]}.ts`;
    await writeFile(join(built.project, file), code);
    await writeFile(join(built.project, "run.mjs"), RUN);
    await cp(join(ROOT, "samples/lighthouse.jpg"), join(built.project, "photo.jpg"));
    const { secret, delivery } = signedDelivery();
    const env = {
      REELAY: server.url,
      KEY: server.key,
      WEBHOOK_SECRET: secret,
      DELIVERY: JSON.stringify(delivery),
      FILE: file,
    };
    const ran = await built.run("node", ["run.mjs"], { env });
    expect(ran.code, ran.output).toBe(0);
    const says = SAYS[name.replace(/^\d+: /, "")];
    if (says) expect(ran.output).toMatch(says);
  });

  test("leaves the video that it promises", async () => {
    const bytes = await readFile(join(built.project, "waves.mp4"));
    expect(bytes.subarray(4, 8).toString("latin1")).toBe("ftyp");
  });
});

/** A block that is a handler of requests is asked twice: as the server would, and as somebody else. */
const RUN = `
const block = await import("./" + process.env.FILE);
const { headers, body } = JSON.parse(process.env.DELIVERY);
for (const more of ["", " "]) {
  const request = new Request("http://localhost/hook", { method: "POST", headers, body: body + more });
  const answer = await block.default?.fetch(request);
  if (answer) console.log("answered", answer.status);
}
`;

/** What they print, where that is the point of them. */
const SAYS: Readonly<Record<string, RegExp>> = {
  "A picture of yours": /completed|https?:/,
  "What can go wrong": /422 invalid_parameters/,
  Webhooks: /task-1 https:\/\/example.com\/v.mp4\nanswered 200\nanswered 401/,
  "With the AI SDK": /video\/mp4 \d+ \[/,
};
