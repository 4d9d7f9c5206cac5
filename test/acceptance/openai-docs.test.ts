/** docs/openai-videos.md: every block of code is run as a reader would who has pasted it. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Extra, probeBytes } from "../support/openai.ts";
import { cleanEnvironment, ROOT } from "../support/run.ts";
import { type Server, startServer } from "../support/server.ts";

const run = promisify(execFile);
const page = await readFile(join(ROOT, "docs/openai-videos.md"), "utf8");
const blocks = [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = "", code = ""]) => ({
  language,
  code,
}));

let server: Server;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "openai-docs-"));
  // The page's own settings.
  await writeFile(
    join(folder, "reelay.toml"),
    blocks.find(({ language }) => language === "toml")?.code ?? "?",
  );
  server = await startServer({ REELAY_CONFIG: join(folder, "reelay.toml") });
});
afterAll(async () => {
  await server.discard();
  await rm(folder, { recursive: true });
});

const RUNS: Readonly<Record<string, (code: string) => Promise<string>>> = {
  bash: async (code) => pasted("bash", ["-euc", code]),
  ts: async (code) => pasted(process.execPath, ["--input-type=module-typescript", "--eval", code]),
  toml: async () => "",
};

async function pasted(program: string, args: readonly string[]): Promise<string> {
  const env = cleanEnvironment({ REELAY: server.url, KEY: server.key, OUT: join(folder, "video.mp4") });
  return (await run(program, [...args], { cwd: ROOT, env })).stdout;
}

test("the page has blocks of each sort, and no other", () => {
  expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(Object.keys(RUNS)));
});

describe.each(blocks.map((block, index) => [index + 1, block] as const))(
  "block %i",
  (_number, { language, code }) => {
    test(`${language} works`, async () => {
      const said = await RUNS[language]?.(code);
      if (language === "bash")
        expect(JSON.parse(said ?? "") as Extra).toMatchObject({
          object: "video",
          status: "queued",
          seconds: "2",
        });
      if (code.includes("downloadContent"))
        expect(await probeBytes(await readFile(join(folder, "video.mp4")))).toMatchObject({
          width: 640,
          height: 360,
          frames: 48,
        });
    });
  },
);

test("the names of the page's settings do not stand for what it says", async () => {
  const asked = {
    method: "POST",
    headers: { authorization: `Bearer ${server.key}`, "content-type": "application/json" },
  };
  const answer = await fetch(`${server.url}/v1/videos`, {
    ...asked,
    body: JSON.stringify({ prompt: "waves", seconds: 1 }),
  });
  expect(await answer.json()).toMatchObject({ object: "video", model: "pixverse-v6-text-to-video" });
});
