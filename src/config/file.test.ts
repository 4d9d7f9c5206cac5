import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KINDS } from "../providers/kinds.ts";
import { type Config, ConfigError, describeSettings, readConfig } from "./config.ts";
import { readSettingsFile } from "./file.ts";
import { readProvider } from "./provider-config.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "reelay-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Environment = Readonly<Record<string, string>>;

function put(text: string | object, name = typeof text === "string" ? "r.toml" : "r.json"): string {
  const path = join(folder, name);
  writeFileSync(path, typeof text === "string" ? text : JSON.stringify(text));
  return path;
}
const config = (file: string | object, environment: Environment = {}): Config =>
  readConfig({ REELAY_CONFIG: put(file), ...environment });

/** Without the path of the file. */
function mistakes(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, "").split("\n");
  }
  return [];
}

const TOML = `
port = 9000
data_dir = "/srv/reelay"
egress_allow = ["10.0.0.0/8", "fd00::/8"]
egress_ports = [8443, 9000]
failover = "none"
log_level = "warn"

[providers.fal]
key = "k1"
weight = 3

[providers.gpu-1]
kind = "openai-videos"
url = "http://gpu-1:8000"
models = ["wan-2.2", "ltx"]
`;
const JSON_FILE = {
  ...{ port: 9000, data_dir: "/srv/reelay", egress_allow: ["10.0.0.0/8", "fd00::/8"] },
  ...{ egress_ports: [8443, 9000], failover: "none", log_level: "warn" },
  providers: {
    fal: { key: "k1", weight: 3 },
    "gpu-1": { kind: "openai-videos", url: "http://gpu-1:8000", models: ["wan-2.2", "ltx"] },
  },
};

describe("a settings file", () => {
  it.each([
    ["TOML", TOML],
    ["JSON", JSON_FILE],
  ])("in %s says what variables say, with lists for what they separate by commas", (_, file) => {
    expect(config(file)).toMatchObject({
      ...{ port: 9000, dataDir: "/srv/reelay", egressAllow: ["10.0.0.0/8", "fd00::/8"] },
      ...{ egressPorts: [8443, 9000], failover: [], logLevel: "warn", host: "127.0.0.1" },
      providers: [
        { id: "fal", kind: "fal", texts: { key: "k1", weight: "3" } },
        {
          ...{ id: "gpu-1", kind: "openai-videos" },
          texts: { url: "http://gpu-1:8000", models: "wan-2.2,ltx" },
        },
      ],
    });
  });

  it("comes after the environment and before what is built in; an empty variable is none", () => {
    const environment = { REELAY_PORT: "1234", REELAY_LOG_LEVEL: "", REELAY_FAL_KEY: "k2" };
    const read = config(TOML, environment);
    expect(read).toMatchObject({ port: 1234, logLevel: "warn", linkHours: 24 });
    expect(read.providers[0]).toEqual({ id: "fal", kind: "fal", texts: { key: "k2", weight: "3" } });
    const shown = describeSettings({ REELAY_CONFIG: put(TOML), ...environment });
    const line = (name: string) => shown.find((one) => one.name === `REELAY_${name}`);
    expect([line("PORT")?.value, line("LOG_LEVEL")?.value, line("LINK_HOURS")?.set]).toEqual([
      ...["1234", "warn", false],
    ]);
  });

  it("that is empty says nothing, and one setting left empty in it is the built-in", () => {
    expect(config("")).toMatchObject({ port: 8710, providers: [] });
    expect(config('public_url = ""\nport = ""').port).toBe(8710);
  });

  it.each([
    ['[openai_models]\n"sora-2" = ["a", "b"]\nother = "c"'],
    ['openai_models = ["sora-2=a|b", "other=c"]'],
    ['openai_models = "sora-2=a|b, other = c"'],
  ])("has names for models, in a table or as the variable has them: %j", (file) => {
    const names = [...config(`openai_default = "other"\n${file}`).openaiModels];
    expect(names).toEqual([
      ["sora-2", ["a", "b"]],
      ["other", ["c"]],
    ]);
    expect(config(file, { REELAY_OPENAI_MODELS: "x=y" }).openaiModels).toEqual(new Map([["x", ["y"]]]));
  });

  it("hides the master key, wherever it is set", () => {
    const shown = describeSettings({ REELAY_CONFIG: put('master_key = "5eCr3t"') });
    expect(JSON.stringify(shown)).not.toContain("5eCr3t");
    expect(shown.find(({ name }) => name === "REELAY_MASTER_KEY")).toMatchObject({ set: true });
  });
});

describe("a mistake in it", () => {
  it.each<[string | object, string]>([
    ["prot = 1", 'r.toml: "prot" is not a setting; did you mean "port"?'],
    ["REELAY_PORT = 1", 'r.toml: "REELAY_PORT" is not a setting. The settings are host, port, '],
    ["data-dir = 1", 'r.toml: "data-dir" is not a setting; did you mean "data_dir"?'],
    ['config = "other.toml"', 'r.toml: "config" is not a setting'],
    ["[provider.fal]\n", 'r.toml: "provider" must be a text, a number, true, false or a list of them'],
    ["port = 1\n[fal]\n", '"fal" must be a text, a number, true, false or a list of them'],
    ['[openai_models]\na = ""', 'REELAY_OPENAI_MODELS has "a=" in it but must be NAME=MODEL'],
    ['openai_models = "a"', 'REELAY_OPENAI_MODELS has "a" in it but must be NAME=MODEL'],
    ['openai_models = "a=b|"', "must be NAME=MODEL or NAME=MODEL|MODEL"],
    ['openai_models = "a=b,a=c"', 'REELAY_OPENAI_MODELS has the name "a" twice'],
    ["[openai_models.a]\nb = 1", '"openai_models" must be a text, a number, true, false or a list of them'],
    ["port = 99999", 'REELAY_PORT is "99999" but must be a whole number from 0 to 65535'],
    ["providers = 5", 'r.toml: "providers" must hold one table for each provider'],
    ["[[providers]]\n", 'r.toml: "providers" must hold one table for each provider'],
    ['[providers]\nfal = "k1"', "r.toml: providers.fal must be a table"],
    ["[providers.fal.more]\n", 'r.toml: providers.fal: "more" must be a text, a number, true, false or a'],
    ["[providers.fal]\nkey = 2026-11-21", 'providers.fal: "key" must be a text, a number, true, false'],
    [
      "[providers.fal]\nkey = [['k']]",
      'providers.fal: "key" must be a text, a number, true, false or a list',
    ],
    ["[providers.fla]\nkey = 'k'", 'there is no kind "fla"; there are fal, dashscope'],
    ["[providers.vertx]\n", 'providers.vertx: there is no kind "vertx"; did you mean "vertex"?'],
    ["[providers.fal]\nwieght = 1", 'providers.fal has no "wieght"; did you mean "weight"?'],
    [{ prot: 1 }, 'r.json: "prot" is not a setting; did you mean "port"?'],
    [{ port: null }, 'r.json: "port" must be a text, a number, true, false or a list of them'],
    [{ providers: [] }, 'r.json: "providers" must hold one table for each provider'],
    [[], "r.json must hold a table of settings"],
  ])("%j is told with its place and what would be right", (file, message) => {
    expect(mistakes(() => config(file)).join("\n")).toContain(message);
  });

  it("is never told with a kind that is there for tests alone", () => {
    const told = mistakes(() => config("[providers.faked]\nkey = 'k'", { REELAY_FAKED_KEY: "k" })).join("\n");
    expect(told).toContain('there is no kind "faked"; there are fal, dashscope');
    expect(told).toContain("REELAY_FAKED_KEY is not a setting");
    expect(told).not.toMatch(/\bfake\b|FAKE_/);
  });

  it("stands beside all others: of the environment, of the settings, of the providers", () => {
    const file = "prot = 1\nport = 99999\n[providers.fal]\nwieght = 1\n[providers.fla]";
    expect(mistakes(() => config(file, { REELAY_FAL_KYE: "k", REELAY_HSOT: "x" }))).toEqual([
      "REELAY_FAL_KYE is not a setting; did you mean REELAY_FAL_KEY?",
      "REELAY_HSOT is not a setting; did you mean REELAY_HOST?",
      'r.toml: "prot" is not a setting; did you mean "port"?',
      'REELAY_PORT is "99999" but must be a whole number from 0 to 65535',
      'providers.fal has no "wieght"; did you mean "weight"?',
      expect.stringContaining('there is no kind "fla"'),
    ]);
  });

  it.each([
    ['port = 1\n\n[providers.fal\nkey = "5eCr3t"', "r.toml is not valid TOML, line 3"],
    ["key = 5eCr3t", "r.toml is not valid TOML, line 1"],
    ['a = 1\nkey = "5eCr3t', "r.toml is not valid TOML, line 2"],
    ["port = 1\nport = 2", "r.toml is not valid TOML, line 2"],
  ])("%j names the line, and nothing that stands on it", (text, message) => {
    expect(mistakes(() => readSettingsFile(put(text)))).toEqual([message]);
  });

  it.each(['{"key": "5eCr3t"', "{'key': 5eCr3t}", "5eCr3t", ""])("%j is no JSON, and not quoted", (text) => {
    expect(mistakes(() => readSettingsFile(put(text, "r.json")))).toEqual(["r.json is not valid JSON"]);
  });

  it("is that it cannot be read: it is not there, or a folder", () => {
    const at = (path: string) => mistakes(() => readConfig({ REELAY_CONFIG: path }));
    expect(at(join(folder, "none.toml"))).toEqual(["REELAY_CONFIG: none.toml cannot be read (ENOENT)"]);
    expect(at(folder)).toEqual([expect.stringMatching(/^REELAY_CONFIG: \S+ cannot be read \(EISDIR\)$/)]);
    // The doctor still prints the rest.
    expect(describeSettings({ REELAY_CONFIG: folder }).length).toBeGreaterThan(20);
  });
});

/** Where a key may end up that was meant for another line, or stands beside a typing mistake. */
const PLACES: readonly ((secret: string) => readonly [toml: string, environment?: Environment])[] = [
  (secret) => [`key = "${secret}"`],
  (secret) => [`fal_key = "${secret}"`],
  (secret) => [`providers = "${secret}"`],
  (secret) => [`[providers]\nfal = "${secret}"`],
  (secret) => [`[providers.fal]\nkye = "${secret}"`],
  (secret) => [`[providers.flal]\nkey = "${secret}"`],
  (secret) => [`[providers.fal]\nkey = ["${secret}", ["${secret}"]]`],
  (secret) => [`[providers.fal]\nkey = { value = "${secret}" }`],
  (secret) => [`[providers.fal]\nkey = ${secret}`],
  (secret) => [`[providers.fal]\nkey = "${secret}`],
  (secret) => [`[providers.fal]\nkey "${secret}"`],
  (secret) => [`[providers.fal]\nkey = "${secret}"\nkey = "${secret}"`],
  (secret) => [`[providers.fal]\nkey = "${secret}" # and\nweight = "${secret}"`],
  (secret) => [`[providers.fal]\nrank = "${secret}"`],
  (secret) => [`[providers.fal]\nkey = "k"\nurl = "${secret}"`],
  (secret) => [`[providers.fal]\nkey = "k"\nurl = "https://me:${secret}@fal.example"`],
  (secret) => [`[providers.fal]\nkind = "fake"\nkey = "${secret}"\nurl = 1`],
  (secret) => ["", { REELAY_FAL_KYE: secret }],
  (secret) => ["", { REELAY_SECRET: secret }],
  (secret) => ["", { REELAY_FAL_KEYS: secret }],
  (secret) => ["", { REELAY_FAL_KEYS: `main=${secret},main=${secret}` }],
  (secret) => ["", { REELAY_FAL_CONCURRENCY: secret }],
  (secret) => ["", { REELAY_FAL_KEY: "k", REELAY_FAL_URL: secret }],
  (secret) => ["[providers.fal]\nkind = 'fake'", { REELAY_FAL_KEY: secret }],
];

it("whatever the mistake and wherever the secret, no sentence has it", () => {
  const secret = fc.stringMatching(/^sk-[A-Za-z0-9_-]{12,40}$/);
  const place = fc.nat({ max: PLACES.length - 1 });
  fc.assert(
    fc.property(place, secret, (index, text) => {
      const [toml, environment] = PLACES[index]!(text);
      const found = mistakes(() => {
        const { providers } = config(toml, environment);
        const wrong = providers.flatMap((entry) => {
          const read = readProvider(KINDS.get(entry.kind)!, entry);
          return "mistakes" in read ? read.mistakes : [];
        });
        throw new ConfigError(wrong);
      });
      expect(found.join("\n"), toml).not.toBe("");
      expect(found.join("\n"), toml).not.toContain(text);
    }),
    { numRuns: 300 },
  );
});
