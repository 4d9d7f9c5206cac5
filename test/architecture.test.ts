import { readdirSync, readFileSync } from "node:fs";
import { basename, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/**
 * Who may import whom: a folder of src, a file directly in it, or the renderer. `type:` allows types only, which
 * are gone before anything runs. Everybody may import from his own folder.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  catalog: ["core"],
  providers: ["core"],
  engine: ["core"],
  store: ["core"],
  files: ["core"],
  media: ["core"],
  net: ["core"],
  tasks: ["core", "catalog", "engine", "files", "media", "net"],
  // What is read out of the models' data, such as a filled-in example, is the catalogue's; http writes documents of it.
  http: ["core", "catalog", "tasks", "type:files"],
  animatic: ["core", "media"],
  "app.ts": ["core", "http"],
  config: ["core", "providers"],
  wiring: ["core", "catalog", "providers", "engine", "store", "files", "media", "net", "tasks", "config"],
  "main.ts": ["core", "net", "tasks", "http", "app.ts", "config", "wiring"],
  cli: [
    ...["core", "catalog", "providers", "engine", "store", "files", "media", "net", "tasks", "http"],
    ...["app.ts", "config", "main.ts", "wiring", "animatic"],
  ],
};

/** Where a connection may begin: foreign URLs, providers' own APIs, and the commands that speak to our own server. */
const MAY_CONNECT = ["src/net/", "src/providers/", "src/cli/"];
const MAY_LISTEN = "src/http/";
const READS_ENVIRONMENT = "src/config/config.ts";
const LONGEST_FILE = 300;

/** Path from the root, with forward slashes, and what is in it. */
interface Source {
  readonly path: string;
  readonly text: string;
}

const ROOT = fileURLToPath(new URL("../", import.meta.url));

function readSources(folder: string): readonly Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({
      path: relative(ROOT, path).replaceAll("\\", "/"),
      text: readFileSync(path, "utf8"),
    }))
    .filter(({ path }) => !path.includes("/testing/"));
}

const sources = [...readSources("src"), ...readSources("animatic")];

const TOKEN = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/.*|\/\*[\s\S]*?\*\//g;

/** Comments may name what they like. */
function withoutComments(text: string): string {
  return text.replace(TOKEN, (_all, literal: string | undefined) => literal ?? "");
}

function literalsOf(text: string): readonly string[] {
  return [...text.matchAll(TOKEN)].flatMap(([, literal]) => (literal ? [literal.slice(1, -1)] : []));
}

/** "src/tasks/x.ts" -> "tasks", "src/main.ts" -> "main.ts", "animatic/x.ts" -> "animatic" */
function placeOf(path: string): string {
  const [top = "", second = ""] = path.split("/");
  return top === "src" ? second : top;
}

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

const STATIC = /\b(?:import|export)\s+(type\s)?(?:[\w\s{},*]*?\sfrom\s*)?["']([^"']+)["']/g;
const DYNAMIC = /\bimport\(\s*["'`]([^"'`]+)["'`]/g;

function importsOf(text: string): readonly Import[] {
  const code = withoutComments(text);
  return [
    ...[...code.matchAll(STATIC)].map(([, type, from = ""]) => ({ from, typeOnly: type !== undefined })),
    ...[...code.matchAll(DYNAMIC)].map(([, from = ""]) => ({ from, typeOnly: false })),
  ];
}

/** "src/providers/x.ts -> http" for every import that the table does not have. */
function wrongImports({ path, text }: Source): readonly string[] {
  const own = placeOf(path);
  const allowed = MAY_IMPORT[own];
  if (!allowed) return [`${path}: ${own} has no row in the table of imports`];
  return importsOf(text)
    .filter(({ from }) => from.startsWith("."))
    .map(({ from, typeOnly }) => ({ typeOnly, to: placeOf(posix.join(posix.dirname(path), from)) }))
    .filter(
      ({ to, typeOnly }) =>
        to !== own && !allowed.includes(to) && !(typeOnly && allowed.includes(`type:${to}`)),
    )
    .map(({ to }) => `${path} -> ${to}`);
}

interface Names {
  readonly providers: readonly string[];
  readonly models: readonly string[];
  readonly vendors: readonly string[];
}

function readNames(): Names {
  const models = sources.map(({ path }) => path).filter((path) => path.startsWith("src/catalog/models/"));
  return {
    providers: sources
      .filter(
        ({ path, text }) =>
          placeOf(path) === "providers" && /\b(?:Promise<Provider>|\): Provider) \{/.test(text),
      )
      .map(({ path }) => basename(path, ".ts")),
    models: models.map((path) => basename(path, ".ts")),
    vendors: [...new Set(models.map((path) => path.split("/")[3] ?? ""))],
  };
}

function mentions(literal: string, name: string): boolean {
  const plain = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![a-z0-9])${plain}(?![a-z0-9])`, "i").test(literal);
}

/**
 * Literals that name a provider, a model or a vendor. A sentence for people may say a provider's name: it decides
 * nothing. wiring/ opens the providers; a dialect's folder may say its own name.
 */
function namesIn({ path, text }: Source, { providers, models, vendors }: Names): readonly string[] {
  if (["catalog", "providers", "animatic"].includes(placeOf(path))) return [];
  return literalsOf(text).flatMap((literal) => {
    const opens = path.startsWith("src/wiring/");
    const known = opens || /\s/.test(literal) ? [] : providers;
    return (
      [...known, ...models, ...vendors]
        // A dialect may have the name of a provider that speaks it: its folder has to be named to be imported.
        .filter((name) => ![path, literal].some((one) => one.includes(`/dialects/${name}/`)))
        // And the renderer's folder has the name of the provider that it is behind.
        .filter((name) => !literal.startsWith(`../../${name}/`))
        .filter((name) => mentions(literal, name))
        .map((name) => `${path} says "${name}"`)
    );
  });
}

function readsEnvironment({ path, text }: Source): boolean {
  const reads =
    /\bprocess\s*\??\.\s*env\b|\bprocess\s*\[|from "node:process"|\benv\b[^=\n]*\}\s*=\s*process\b/;
  return path !== READS_ENVIRONMENT && reads.test(withoutComments(text));
}

const SERVES = ["node:http", "node:https", "node:http2", "node:net", "node:tls"];
const CONNECTS = ["undici", "node:dgram", ...SERVES];

/** What it opens sockets with, where it may not. */
function sockets({ path, text }: Source): readonly string[] {
  if (MAY_CONNECT.some((folder) => path.startsWith(folder))) return [];
  const modules = importsOf(text)
    .filter(({ from, typeOnly }) => !typeOnly && CONNECTS.includes(from))
    .filter(({ from }) => !(path.startsWith(MAY_LISTEN) && SERVES.includes(from)))
    .map(({ from }) => from);
  const calls = /(?<![.\w])fetch\(|\bglobalThis\.fetch\b|\bnew (?:WebSocket|EventSource)\(/.exec(
    withoutComments(text),
  );
  return [...modules, ...(calls ?? [])].map((what) => `${path} uses ${what}`);
}

function tooLong({ path, text }: Source): readonly string[] {
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return lines > LONGEST_FILE ? [`${path} has ${lines} lines`] : [];
}

describe("the house", () => {
  it("was read", () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap(({ text }) => importsOf(text)).length).toBeGreaterThan(300);
    const { providers, models, vendors } = readNames();
    for (const names of [providers, models, vendors]) expect(names.length).toBeGreaterThan(0);
  });

  it("imports run one way", () => {
    expect(sources.flatMap(wrongImports)).toEqual([]);
  });

  it("no provider, model or vendor is named outside its own file", () => {
    const names = readNames();
    expect(sources.flatMap((source) => namesIn(source, names))).toEqual([]);
  });

  it("the environment is read in one file", () => {
    expect(sources.filter(readsEnvironment).map(({ path }) => path)).toEqual([]);
  });

  it("connections begin in net, and in the commands that speak to our own server", () => {
    expect(sources.flatMap(sockets)).toEqual([]);
  });

  it(`no file has more than ${LONGEST_FILE} lines`, () => {
    expect(sources.flatMap(tooLong)).toEqual([]);
  });
});

const bad = (path: string, text: string): Source => ({ path, text });

describe("what would be found", () => {
  it.each([
    ["src/providers/x.ts", 'import { a } from "../http/auth.ts";', "src/providers/x.ts -> http"],
    ["src/providers/x.ts", 'import type { A } from "../tasks/a.ts";', "src/providers/x.ts -> tasks"],
    ["src/core/x.ts", 'export { a } from "../store/a.ts";', "src/core/x.ts -> store"],
    ["src/engine/a/x.ts", 'const a = await import("../../tasks/a.ts");', "src/engine/a/x.ts -> tasks"],
    ["src/http/x.ts", 'import {\n  a,\n  b,\n} from "../files/a.ts";', "src/http/x.ts -> files"],
    ["src/main.ts", 'import "../animatic/child.ts";', "src/main.ts -> animatic"],
    ["src/tasks/x.ts", 'import * as cli from "../cli/reelay.ts";', "src/tasks/x.ts -> cli"],
    ["src/app.ts", 'import a, { b } from "./config/config.ts";', "src/app.ts -> config"],
    ["src/new/x.ts", "", "src/new/x.ts: new has no row in the table of imports"],
  ])("an import: %s: %s", (path, text, found) => {
    expect(wrongImports(bad(path, text))).toEqual([found]);
  });

  it("no import that the table has, in a comment, or of a package", () => {
    const text =
      'import type { Links } from "../files/links.ts"; // import "../store/a.ts"\nimport "fastify";';
    expect(wrongImports(bad("src/http/x.ts", text))).toEqual([]);
  });

  it("a name, but not in a comment, a sentence about a provider, or its own dialect's folder", () => {
    const names = { providers: ["acme"], models: ["zed-2.1-video"], vendors: ["zed"] };
    const found = (path: string, text: string): number => namesIn(bad(path, text), names).length;
    for (const text of ['if (id === "acme")', "`acme/video`", '["a", "ACME"]']) {
      expect(found("src/tasks/x.ts", text), text).toBe(1);
    }
    expect(namesIn(bad("src/http/x.ts", 'say("try zed-2.1-video")'), names)).toEqual([
      'src/http/x.ts says "zed-2.1-video"',
      'src/http/x.ts says "zed"',
    ]);
    expect(found("src/wiring/x.ts", 'import "../providers/acme.ts"; a("zed");')).toBe(1);
    for (const text of ['// "acme"', "/** `zed` */", '"acmes"', '"the acme renderer"', "acme()"]) {
      expect(found("src/tasks/x.ts", text), text).toBe(0);
    }
    expect(found("src/http/dialects/acme/x.ts", 'const DIALECT = "acme";')).toBe(0);
    expect(found("src/http/dialects/other/x.ts", 'const DIALECT = "acme";')).toBe(1);
    expect(found("src/app.ts", 'import { acme } from "./http/dialects/acme/routes.ts";')).toBe(0);
  });

  it.each([
    "process.env.HOME",
    "process?.env",
    'process["env"]',
    'import { env } from "node:process";',
    "const { env } = process;",
  ])("the environment: %s", (text) => {
    expect(readsEnvironment(bad("src/main.ts", text))).toBe(true);
    expect(readsEnvironment(bad(READS_ENVIRONMENT, text))).toBe(false);
    expect(readsEnvironment(bad("src/main.ts", `// ${text}`))).toBe(false);
  });

  it.each([
    'import { request } from "undici";',
    'import net from "node:net";',
    'import { get } from "node:https";',
    'const { request } = await import("node:http");',
    "await fetch(url)",
    "globalThis.fetch(url)",
    "new WebSocket(url)",
  ])("a socket: %s", (text) => {
    expect(sockets(bad("src/tasks/x.ts", text))).toHaveLength(1);
    expect(sockets(bad("src/net/x.ts", text))).toEqual([]);
  });

  it("a client in http, and no type, no server and no method of that name", () => {
    expect(sockets(bad("src/http/x.ts", "fetch(url)"))).toHaveLength(1);
    expect(sockets(bad("src/http/x.ts", 'import "undici";'))).toHaveLength(1);
    expect(sockets(bad("src/http/x.ts", 'import { createServer } from "node:http";'))).toEqual([]);
    expect(sockets(bad("src/main.ts", 'import type { AddressInfo } from "node:net";'))).toEqual([]);
    expect(sockets(bad("src/tasks/x.ts", "parts.fetch(url)"))).toEqual([]);
  });

  it("a file of one line too many", () => {
    expect(tooLong(bad("src/x.ts", "a\n".repeat(301)))).toEqual(["src/x.ts has 301 lines"]);
    expect(tooLong(bad("src/x.ts", "a\n".repeat(300)))).toEqual([]);
  });
});
