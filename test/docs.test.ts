import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { clientModels } from "../docs/client-models.ts";
import { loadCatalog } from "../src/catalog/catalog.ts";
import { describeSettings } from "../src/config/config.ts";
import { variablesOf } from "../src/config/provider-entries.ts";
import { number } from "../src/core/model.ts";
import { KINDS } from "../src/providers/kinds.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PAGES = ["*.md", "docs/**/*.md", "client/*.md"].flatMap((pages) => globSync(pages, { cwd: ROOT }));

const read = (page: string): string => readFileSync(`${ROOT}${page}`, "utf8");
const quoted = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, one]) => one ?? "");

/** What looks like a file or folder of ours; `<name>` and `{a,b}` stand for many, `*` for any. */
function pathsIn(text: string): string[] {
  const words = [...quoted(text), ...[...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, one]) => one ?? "")];
  return words.filter((one) =>
    /^(src|test|docs|client|animatic|bench|bin|samples|\.ci)\/[\w./*-]+$/.test(one),
  );
}

const commandsIn = (text: string): string[] =>
  [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, one]) => one ?? "");

test("client/src/models.ts says something else than the catalogue (run: npm run docs)", async () => {
  expect(read("client/src/models.ts")).toBe(clientModels(await loadCatalog()));
});

test("the client's types take a number for a text, whether or not a rule joins it to others", async () => {
  const [model] = (await loadCatalog()).models.values();
  if (!model) throw new Error("the catalogue is empty");
  const scale = number(0, 1, { about: "-", nullable: true });
  const rule = {
    when: { tied: { given: true } },
    must: { tied: { given: true } },
    say: "-",
  };
  const odd = { ...model, id: "odd", input: { free: scale, tied: scale }, rules: [rule] };
  const types = clientModels({ models: new Map([["odd", odd]]), operators: new Set() });
  expect(types).toMatch(/ free\?: number \| null/);
  expect(types).toMatch(/ tied\?: number \| null/);
});

describe.each(PAGES)("%s", (page) => {
  test("names no file that is not there", () => {
    const missing = pathsIn(read(page)).filter((path) => globSync(path, { cwd: ROOT }).length === 0);
    expect(missing).toEqual([]);
  });

  test("names no command that is not there", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    expect(commandsIn(read(page)).filter((name) => !(name in scripts))).toEqual([]);
  });

  test("names no setting that is not there", () => {
    const ofProviders = [...KINDS.values()].flatMap(variablesOf);
    const ofClients = ["REELAY_URL", "REELAY_KEY"];
    const known = [...describeSettings({}).map(({ name }) => name), ...ofProviders, ...ofClients];
    const named = [...read(page).matchAll(/REELAY_[A-Z_]+[A-Z]/g)].map(([name]) => name);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});

test("a path, a command and a setting are found in a page's text", () => {
  expect(pathsIn("see `src/main.ts`, [x](docs/proof.md), `a/b.ts`, `src/<name>.ts`")).toEqual([
    "src/main.ts",
    "docs/proof.md",
  ]);
  expect(commandsIn("`npm run bench` and npm run build:all")).toEqual(["bench", "build:all"]);
});
