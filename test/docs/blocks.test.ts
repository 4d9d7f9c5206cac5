import { spawnSync } from "node:child_process";
import { afterAll, describe, expect, test } from "vitest";
import { call } from "../support/api.ts";
import { startServer } from "../support/server.ts";
import { blocksOf, TOOLS } from "./blocks.ts";
import { runnable, runPage } from "./pages.ts";
import { differences } from "./shape.ts";

const server = await startServer();
afterAll(() => server.discard());

async function text(path: string): Promise<string> {
  return (await call(server, path, { key: null })).text;
}

/** As `/llms.txt` lists them: a page that nobody can find would not be tried either. */
async function namesIn(language: string): Promise<readonly string[]> {
  const listed = (await text("/llms.txt")).matchAll(new RegExp(`/docs/${language}/([^)]+)\\.md\\)`, "g"));
  return [...new Set([...listed].map(([, name = ""]) => name))];
}

/** Missing on this machine; their blocks cannot be run, and that is said aloud. */
const missing = [...new Set(Object.values(TOOLS).flat())].filter(
  (tool) => spawnSync("which", [tool]).status !== 0,
);

describe.each([...(await namesIn("en")), "index"])("%s", (name) => {
  test("has a block that does not do what the page says", async (context) => {
    const blocks = runnable(name, blocksOf(await text(`/docs/en/${name}.md`)));
    const needed = new Set(blocks.flatMap(({ info }) => TOOLS[info] ?? []));
    const lacking = missing.filter((tool) => needed.has(tool));
    if (lacking.length > 0) {
      console.warn(
        `NOT RUN: the ${blocks.length} blocks of ${name}.md need ${lacking.join(", ")}, which this machine lacks`,
      );
      return context.skip();
    }
    expect(await runPage(server, name)).toBe(blocks.length);
  });

  test("has other code in Chinese", async () => {
    const code = async (language: string) =>
      blocksOf(await text(`/docs/${language}/${name}.md`)).map(
        ({ info, text }) => `${info.split(" ")[0]}\n${text}`,
      );
    expect(await code("zh")).toEqual(await code("en"));
  });
});

test("a page is missing in one language", async () => {
  expect(await namesIn("zh")).toEqual(await namesIn("en"));
});

test("a block's end, its language and its place are found", () => {
  expect(blocksOf("a\n```bash\nls\n```\n````json x\n```\n````\n")).toEqual([
    { info: "bash", text: "ls", line: 2 },
    { info: "json x", text: "```", line: 5 },
  ]);
  expect(() => blocksOf("```bash\nls")).toThrow("no end");
});

test("an answer that is shown and is not given is found", () => {
  expect(differences({ a: 1, code: "x" }, { a: 2, code: "x" })).toEqual([]);
  expect(differences({ a: 1 }, { a: "1" })).toHaveLength(1);
  expect(differences({ a: null }, { a: 1 })).toHaveLength(1);
  expect(differences({ a: 1 }, { a: 1, b: 2 })).toEqual([".b is there and is not shown"]);
  expect(differences({ a: [{ b: 1 }] }, { a: [{}] })).toEqual([".a[0].b is shown and is not there"]);
  expect(differences({ error: { code: "x" } }, { error: { code: "y" } })).toHaveLength(1);
});
