import { describe, expect, it } from "vitest";
import type { ProviderKind } from "../core/provider-kind.ts";
import { readEntries, settingsOf, variablesOf } from "./provider-entries.ts";

const SECRET = "sk-5eCr3t";

const kind = (name: string, more: Partial<ProviderKind> = {}): ProviderKind => ({
  ...{ kind: name, title: name, url: "https://api.example", key: "required" },
  ...{ concurrency: 5, checksPerSecond: 5, settings: {} },
  open: () => {
    throw new Error("nothing is opened here");
  },
  ...more,
});
const ALPHA = kind("alpha", {
  settings: { region: { about: "-" }, hook_secret: { about: "-", secret: true } },
});
const BETA = kind("beta-two", { key: "none", settings: { file: { about: "-", required: true } } });
const KINDS = new Map([ALPHA, BETA, kind("gamma", { key: "optional" })].map((one) => [one.kind, one]));

type Tables = Parameters<typeof readEntries>[2];
const read = (environment: Readonly<Record<string, string>>, tables: Tables = {}) =>
  readEntries(KINDS, environment, tables);
const entries = (...given: Parameters<typeof read>) => {
  const { entries: found, mistakes } = read(...given);
  expect(mistakes).toEqual([]);
  return found;
};
const mistakes = (...given: Parameters<typeof read>): readonly string[] => read(...given).mistakes;

describe("variables", () => {
  it("of nobody open nobody, and empty ones are not set", () => {
    expect(entries({ PATH: "/bin", REELAY_PORT: "1" })).toEqual([]);
    expect(entries({ REELAY_ALPHA_KEY: "", REELAY_ALPHA_KEYS: "", REELAY_BETA_TWO_FILE: "" })).toEqual([]);
  });

  it("open one of their kind as soon as one of them is there", () => {
    expect(entries({ REELAY_ALPHA_KEY: SECRET, REELAY_ALPHA_WEIGHT: "3" })).toEqual([
      { id: "alpha", kind: "alpha", texts: { key: SECRET, weight: "3" } },
    ]);
    expect(entries({ REELAY_BETA_TWO_FILE: "/f", REELAY_GAMMA_URL: "http://g" })).toEqual([
      { id: "beta-two", kind: "beta-two", texts: { file: "/f" } },
      { id: "gamma", kind: "gamma", texts: { url: "http://g" } },
    ]);
  });

  it("are those of every kind, and its own; one without a key has neither KEY nor KEYS", () => {
    expect(variablesOf(ALPHA)).toEqual([
      ...["REELAY_ALPHA_KEY", "REELAY_ALPHA_URL", "REELAY_ALPHA_CONCURRENCY"],
      ...["REELAY_ALPHA_CHECKS_PER_SECOND", "REELAY_ALPHA_SUBMITS_PER_MINUTE"],
      ...["REELAY_ALPHA_WEIGHT", "REELAY_ALPHA_RANK"],
      ...["REELAY_ALPHA_REGION", "REELAY_ALPHA_HOOK_SECRET", "REELAY_ALPHA_KEYS"],
    ]);
    expect(variablesOf(BETA)).not.toContain("REELAY_BETA_TWO_KEY");
    expect(variablesOf(BETA)).not.toContain("REELAY_BETA_TWO_KEYS");
    expect(entries({ REELAY_BETA_TWO_KEYS: "a=b" })).toEqual([]);
    expect(settingsOf(ALPHA).key?.secret).toBe(true);
  });
});

describe("several keys in one variable", () => {
  it("are providers of their own, each with what is set for all", () => {
    expect(entries({ REELAY_ALPHA_KEYS: "main=k1, b-2=k2 ", REELAY_ALPHA_REGION: "us" })).toEqual([
      { id: "alpha-main", kind: "alpha", texts: { region: "us", key: "k1" } },
      { id: "alpha-b-2", kind: "alpha", texts: { region: "us", key: "k2" } },
    ]);
  });

  it("may have '=' in them, and stand beside the one that has no name", () => {
    expect(entries({ REELAY_ALPHA_KEYS: "main=a=b==", REELAY_ALPHA_KEY: "k0" })).toEqual([
      { id: "alpha", kind: "alpha", texts: { key: "k0" } },
      { id: "alpha-main", kind: "alpha", texts: { key: "a=b==" } },
    ]);
  });

  it.each([
    SECRET,
    `=${SECRET}`,
    "main=",
    `main=${SECRET},`,
    `main=${SECRET},main=${SECRET}`,
    `Main=${SECRET}`,
    `a b=${SECRET}`,
    `main=${SECRET} ${SECRET}`,
    `main=${SECRET};other=${SECRET},x`,
    `${"a".repeat(40)}=${SECRET}`,
  ])("%j is a mistake, told without the keys, and opens none of them", (value) => {
    const found = read({ REELAY_ALPHA_KEYS: value, REELAY_ALPHA_KEY: "k0" });
    expect(found).toEqual({
      entries: [],
      mistakes: [
        'REELAY_ALPHA_KEYS must be NAME=KEY,NAME=KEY, where each NAME is another one of a-z, 0-9 and "-"',
      ],
    });
  });
});

describe("tables", () => {
  it("are of the kind that they are called by, or say another", () => {
    expect(entries({}, { alpha: { key: "k" }, "eu-1": { kind: "alpha", key: "k2", rank: "0" } })).toEqual([
      { id: "alpha", kind: "alpha", texts: { key: "k" } },
      { id: "eu-1", kind: "alpha", texts: { key: "k2", rank: "0" } },
    ]);
  });

  it("come second: what the environment says goes before, setting by setting", () => {
    const file = { alpha: { key: "from the file", region: "us", rank: "1" } };
    expect(entries({ REELAY_ALPHA_KEY: "from outside", REELAY_ALPHA_RANK: "2" }, file)).toEqual([
      { id: "alpha", kind: "alpha", texts: { key: "from outside", region: "us", rank: "2" } },
    ]);
    const named = { "alpha-main": { kind: "alpha", key: "old", weight: "5" } };
    expect(entries({ REELAY_ALPHA_KEYS: "main=new" }, named)).toEqual([
      { id: "alpha-main", kind: "alpha", texts: { key: "new", weight: "5" } },
    ]);
    // An empty variable does not take back what the file says.
    expect(entries({ REELAY_ALPHA_KEY: "" }, { alpha: { key: "k" } })[0]?.texts.key).toBe("k");
  });

  it("of a name that the environment has for another kind are a mistake", () => {
    expect(mistakes({ REELAY_ALPHA_KEY: SECRET }, { alpha: { kind: "gamma" } })).toEqual([
      'REELAY_ALPHA_KEY: the settings file has "alpha" for another kind',
    ]);
  });

  it.each<[Tables, string]>([
    [{ Alpha: {} }, 'providers.Alpha: a name may have a-z, 0-9 and "-", at most 40 of them'],
    [{ "": {} }, 'providers.: a name may have a-z, 0-9 and "-", at most 40 of them'],
    [{ "../x": {} }, 'providers.../x: a name may have a-z, 0-9 and "-", at most 40 of them'],
    [
      { alhpa: { key: SECRET } },
      'providers.alhpa: there is no kind "alhpa"; did you mean "alpha"? Say it with kind = "..."',
    ],
    [
      { mine: { key: SECRET } },
      'providers.mine: there is no kind "mine"; there are alpha, beta-two, gamma. Say it with kind = "..."',
    ],
    [
      { mine: { kind: "gama", key: SECRET } },
      'providers.mine: there is no kind "gama"; did you mean "gamma"? Say it with kind = "..."',
    ],
    [
      { constructor: { key: SECRET } },
      'providers.constructor: there is no kind "constructor"; there are alpha, beta-two, gamma. Say it with kind = "..."',
    ],
    [{ alpha: { wieght: SECRET } }, 'providers.alpha has no "wieght"; did you mean "weight"?'],
    [{ alpha: { hook_secert: SECRET } }, 'providers.alpha has no "hook_secert"; did you mean "hook_secret"?'],
    [
      { "beta-two": { password: SECRET } },
      'providers.beta-two has no "password"; it has url, concurrency, checks_per_second, submits_per_minute, weight, rank, file',
    ],
    [
      { "beta-two": { key: SECRET } },
      'providers.beta-two has no "key"; it has url, concurrency, checks_per_second, submits_per_minute, weight, rank, file',
    ],
  ])("%j are told with what was meant, and without what is set", (tables, message) => {
    expect(read({}, tables)).toEqual({ entries: [], mistakes: [message] });
  });

  it("with mistakes are told all at once, and do not hide the others", () => {
    const found = read(
      { REELAY_GAMMA_KEY: "k", REELAY_ALPHA_KEYS: "nothing" },
      { alpha: { key: "k", wieght: "1", rnak: "2" }, delta: {}, gamma: { weight: "2" } },
    );
    expect(found.mistakes).toHaveLength(4);
    expect(found.entries).toEqual([{ id: "gamma", kind: "gamma", texts: { weight: "2", key: "k" } }]);
  });
});
