import { describe, expect, it } from "vitest";
import type { ProviderKind } from "../core/provider-kind.ts";
import { KINDS } from "../providers/kinds.ts";
import { type ProviderConfig, readProvider, secretsOf } from "./provider-config.ts";
import { settingsOf } from "./provider-entries.ts";

const SECRET = "sk-5eCr3t";

const ALPHA: ProviderKind = {
  ...{ kind: "alpha", title: "Alpha Cloud", url: "https://api.alpha.example", key: "required" },
  ...{ concurrency: 7, checksPerSecond: 3 },
  settings: {
    region: { about: "Where it runs", fallback: "eu" },
    hook_secret: { about: "Signs its calls", secret: true },
  },
  open: () => {
    throw new Error("nothing is opened here");
  },
};
const OWN: ProviderKind = {
  ...ALPHA,
  ...{ kind: "own", title: "a machine of one's own", url: null, key: "optional" },
  settings: { models: { about: "Which models it has", required: true } },
};

function config(kind: ProviderKind, texts: Readonly<Record<string, string>>): ProviderConfig {
  const read = readProvider(kind, { id: kind.kind, kind: kind.kind, texts });
  if ("mistakes" in read) throw new Error(read.mistakes.join("\n"));
  return read.config;
}

function mistakes(
  kind: ProviderKind,
  texts: Readonly<Record<string, string>>,
  id = kind.kind,
): readonly string[] {
  const read = readProvider(kind, { id, kind: kind.kind, texts });
  return "mistakes" in read ? read.mistakes : [];
}

describe("settings", () => {
  it("that are left out or empty are the kind's own", () => {
    const expected = {
      ...{ id: "alpha", kind: ALPHA, baseUrl: "https://api.alpha.example", key: "k" },
      ...{ concurrency: 7, checksPerSecond: 3, submitsPerMinute: null },
      ...{ share: { weight: 1, rank: null }, settings: { region: "eu" } },
    };
    expect(config(ALPHA, { key: "k" })).toEqual(expected);
    const empty = Object.fromEntries(Object.keys(settingsOf(ALPHA)).map((name) => [name, ""]));
    expect(config(ALPHA, { ...empty, key: "k" })).toEqual(expected);
  });

  it("that are given are taken, 0 as 0 where that means something", () => {
    const given = {
      ...{ key: "k", url: "HTTP://Alpha.internal:9000/v2//", concurrency: "1", checks_per_second: "20" },
      ...{ submits_per_minute: "30", weight: "0", rank: "0", region: "us", hook_secret: SECRET },
    };
    expect(config(ALPHA, given)).toMatchObject({
      ...{ baseUrl: "http://alpha.internal:9000/v2", concurrency: 1, checksPerSecond: 20 },
      ...{ submitsPerMinute: 30, share: { weight: 0, rank: 0 } },
      settings: { region: "us", hook_secret: SECRET },
    });
    expect(config(ALPHA, { key: "k", submits_per_minute: "0" }).submitsPerMinute).toBeNull();
  });

  it("of a kind that may be open to everybody need no key, but an address and what it requires", () => {
    expect(config(OWN, { url: "http://gpu:8000", models: "m" })).toMatchObject({
      ...{ key: undefined, baseUrl: "http://gpu:8000", settings: { models: "m" } },
    });
    expect(mistakes(OWN, {})).toEqual([
      "REELAY_OWN_URL (or providers.own.url) must be an http(s) URL without a password in it: where a machine of one's own is",
      "REELAY_OWN_MODELS (or providers.own.models) is missing: Which models it has",
    ]);
  });
});

describe("mistakes", () => {
  it("say where to put it right: the variable and the file's table, or the table alone", () => {
    expect(mistakes(ALPHA, {})).toEqual([
      "REELAY_ALPHA_KEY (or providers.alpha.key) is missing: Alpha Cloud asks for a key. Set it, or: reelay providers add alpha",
    ]);
    expect(mistakes(ALPHA, {}, "alpha-eu")).toEqual([
      "providers.alpha-eu.key is missing: Alpha Cloud asks for a key. Set it, or: reelay providers add alpha-eu",
    ]);
  });

  it("are told all at once", () => {
    const found = mistakes(ALPHA, { url: "alpha", weight: "much", rank: "-1", concurrency: "0" });
    expect(found).toHaveLength(5);
  });

  it.each([
    ["concurrency", ["0", "1.5", "-1", "many", " ", "1000001"], "from 1 to 1000000"],
    ["checks_per_second", ["0", "x"], "from 1 to 1000000"],
    ["submits_per_minute", ["-1", "1/2", " "], "from 0 to 1000000"],
    ["weight", ["-1", "0.5", "1001", " "], "from 0 to 1000"],
    ["rank", ["-1", "first", " "], "from 0 to 1000"],
  ])("%s is a whole number: %j are refused", (name, values, range) => {
    for (const value of values) {
      expect(mistakes(ALPHA, { key: "k", [name]: value }, "a"), JSON.stringify(value)).toEqual([
        `providers.a.${name} must be a whole number ${range}`,
      ]);
    }
  });

  it.each([
    "alpha.example",
    "ftp://alpha.example",
    "https://",
    "/v1",
    "https://alpha.example?key=1",
    "https://alpha.example/#x",
    // It would be shown with the URL, and is sent to nobody: undici takes none from there.
    "https://user:pass@alpha.example",
    "https://token@alpha.example",
  ])("the address %s is refused", (url) => {
    const found = mistakes(ALPHA, { key: "k", url });
    expect(found).toEqual([expect.stringContaining("must be an http(s) URL without a password in it")]);
    expect(found[0]).not.toContain(url);
  });

  it.each([...KINDS.keys()])("of %s never repeat what was set: a key may be in the wrong line", (name) => {
    const kind = KINDS.get(name);
    if (!kind) throw new Error("no such kind");
    const names = Object.keys(settingsOf(kind));
    const everywhere = Object.fromEntries(names.map((one) => [one, SECRET]));
    const found = mistakes(kind, everywhere);
    // Its five numbers and its address.
    expect(found).toHaveLength(6);
    expect(found.join("\n")).not.toContain(SECRET);
    for (const one of names) expect(mistakes(kind, { [one]: SECRET }).join("\n")).not.toContain(SECRET);
  });
});

it("what must not be shown is known by its kind, the key first of all", () => {
  expect(secretsOf(ALPHA)).toEqual(["key", "hook_secret"]);
  expect(secretsOf({ ...OWN, key: "none" })).toEqual([]);
  for (const kind of KINDS.values()) {
    const names = Object.keys(settingsOf(kind));
    const looksSecret = names.filter((name) => /(^|_)(key|secret|password|token)$/.test(name));
    expect(secretsOf(kind), kind.kind).toEqual(looksSecret);
  }
});
