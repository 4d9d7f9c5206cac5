import { delimiter, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError, childEnvironment, describeSettings, readConfig } from "./config.ts";

function problems(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

it("with nothing set listens on this machine only and needs nothing", () => {
  const { renderWorkers, ...rest } = readConfig({ PATH: "/bin", OTHER: "1" });
  expect(renderWorkers).toBeGreaterThanOrEqual(1);
  expect(rest).toEqual({
    host: "127.0.0.1",
    port: 8710,
    dataDir: resolve("data"),
    publicUrl: null,
    egressAllow: [],
    egressPorts: [],
    authFailuresPerMinute: 30,
    configFile: "",
    attempts: 3,
    attemptsCost: 200,
    failover: ["capacity", "failure", "lost"],
    modelsDir: "",
    openaiModels: new Map(),
    openaiDefault: "",
    masterKey: "",
    providers: [],
    maxWaitingPerKey: 1000,
    taskDays: 30,
    renderMemoryMb: 2048,
    ffmpegDir: "",
    taskDeadlineSeconds: 3600,
    maxOpenTasks: 10_000,
    createsPerMinute: 600,
    uploadMaxBytes: 104_857_600,
    uploadStorageBytes: 2_147_483_648,
    uploadHours: 72,
    highwayStatuses: new Map(),
    linkHours: 24,
    logLevel: "info",
  });
});

it("reads every setting that it lists", () => {
  const given = {
    REELAY_PORT: "0",
    REELAY_DATA_DIR: "some/folder",
    REELAY_EGRESS_ALLOW: "10.0.0.0/8, fd00::/8,",
    REELAY_EGRESS_PORTS: "8443, 9000",
    REELAY_LOG_LEVEL: "silent",
  };
  expect(readConfig(given)).toMatchObject({
    port: 0,
    dataDir: resolve("some/folder"),
    egressAllow: ["10.0.0.0/8", "fd00::/8"],
    egressPorts: [8443, 9000],
    logLevel: "silent",
  });
  const lines = describeSettings(given);
  expect(
    lines
      .filter((line) => line.set)
      .map((line) => line.name)
      .sort(),
  ).toEqual(Object.keys(given).sort());
  // All but the providers, which have lines of their own.
  expect(lines.length).toBe(Object.keys(readConfig({})).length - 1);
  for (const { about } of lines) expect(about).not.toBe("");
});

it("an unknown variable names the nearest setting, or all of them where none is near", () => {
  expect(problems({ REELAY_PROT: "1" })).toEqual(["REELAY_PROT is not a setting; did you mean REELAY_PORT?"]);
  expect(problems({ REELAY_DATADIR: "x" })[0]).toContain("did you mean REELAY_DATA_DIR?");
  const [far] = problems({ REELAY_WEBHOOK_SECRET: "hunter2" });
  expect(far).toContain("REELAY_WEBHOOK_SECRET is not a setting. The settings are");
  for (const { name } of describeSettings({})) expect(far).toContain(name);
  expect(far, "an unknown variable may hold a secret").not.toContain("hunter2");
});

it("every mistake is reported at once", () => {
  const found = problems({
    REELAY_PROT: "1",
    REELAY_PORT: "99999",
    REELAY_LOG_LEVEL: "loud",
    REELAY_PUBLIC_URL: "video.example.com",
    REELAY_EGRESS_PORTS: "80,x",
  });
  expect(found).toHaveLength(5);
  expect(found).toContain('REELAY_PORT is "99999" but must be a whole number from 0 to 65535');
  expect(found).toContain('REELAY_LOG_LEVEL is "loud" but must be one of debug, info, warn, error, silent');
  expect(found).toContain('REELAY_EGRESS_PORTS is "x" but must be a whole number from 1 to 65535');
});

describe("whole numbers", () => {
  it.each(["-1", "1.5", "65536", "many", "8710x", "NaN", "Infinity", "8_710"])("%j is refused", (value) => {
    expect(problems({ REELAY_PORT: value })).toEqual([
      `REELAY_PORT is "${value}" but must be a whole number from 0 to 65535`,
    ]);
  });

  it.each([
    ["REELAY_RENDER_WORKERS", "0", "64"],
    ["REELAY_TASK_DEADLINE_SECONDS", "10", "604800"],
    ["REELAY_LINK_HOURS", "1", "168"],
  ])("%s takes both of its ends, %s and %s", (name, least, most) => {
    for (const value of [least, most]) expect(problems({ [name]: value })).toEqual([]);
    expect(problems({ [name]: String(Number(least) - 1) })).toHaveLength(1);
    expect(problems({ [name]: String(Number(most) + 1) })).toHaveLength(1);
  });

  it.each(["REELAY_PORT", "REELAY_CREATES_PER_MINUTE", "REELAY_RENDER_WORKERS"])(
    "%s left empty is its default or a mistake, but never 0",
    (name) => {
      const settings = (environment: Record<string, string>): string =>
        JSON.stringify(readConfig(environment));
      expect(problems({ [name]: "" }).length > 0 || settings({ [name]: "" }) === settings({})).toBe(true);
    },
  );
});

describe("statuses of a dialect", () => {
  it("are taken where its documents give them, and are ours otherwise", () => {
    const given = "MISSING_API_KEY=400, INVALID_API_KEY = 403,BILLING_BALANCE_NOT_ENOUGH=402";
    expect([...readConfig({ REELAY_HIGHWAY_STATUSES: given }).highwayStatuses]).toEqual([
      ["MISSING_API_KEY", 400],
      ["INVALID_API_KEY", 403],
      ["BILLING_BALANCE_NOT_ENOUGH", 402],
    ]);
  });

  it.each(["MISSING_API_KEY=200", "MISSING_API_KEY", "TASK_NOT_FOUND=400", "table"])(
    "%s is refused",
    (given) => {
      expect(problems({ REELAY_HIGHWAY_STATUSES: given })).toEqual([
        expect.stringContaining(`is "${given}" but must be one of MISSING_API_KEY=401, MISSING_API_KEY=400`),
      ]);
    },
  );
});

describe("the public URL", () => {
  it.each([
    ["https://video.example.com", "https://video.example.com"],
    ["https://video.example.com/", "https://video.example.com"],
    ["http://EXAMPLE.com:80/a/b//", "http://example.com/a/b"],
  ])("%s is the base %s, without a slash at its end", (given, base) => {
    expect(readConfig({ REELAY_PUBLIC_URL: given }).publicUrl).toBe(base);
  });

  it.each([
    "example.com",
    "ftp://example.com",
    "https://example.com/?a=1",
    "https://example.com/#a",
    "/video",
    "https://",
  ])("%s is refused: no link could be built on it", (given) => {
    expect(problems({ REELAY_PUBLIC_URL: given })).toEqual([
      `REELAY_PUBLIC_URL is "${given}" but must be an http(s) URL such as https://video.example.com`,
    ]);
  });

  it("with a bare question mark or hash at its end is refused or freed of it", () => {
    for (const given of ["https://example.com/v?", "https://example.com/v#"]) {
      const wrong = problems({ REELAY_PUBLIC_URL: given });
      if (wrong.length === 0)
        expect(readConfig({ REELAY_PUBLIC_URL: given }).publicUrl).toBe("https://example.com/v");
    }
  });
});

describe("a media child's environment", () => {
  it("holds nothing that could be a secret", () => {
    const ours = {
      PATH: "bin",
      LANG: "C",
      TMPDIR: "tmp",
      HOME: "me",
      SOME_API_KEY: "secret",
      NODE_OPTIONS: "-r x",
    };
    expect(childEnvironment({ ffmpegDir: "" }, ours)).toEqual({ PATH: "bin", LANG: "C", TMPDIR: "tmp" });
    expect(childEnvironment({ ffmpegDir: "" }, {})).toEqual({ PATH: "" });
  });

  it("finds the ffmpeg that was set before any other", () => {
    const { PATH } = childEnvironment({ ffmpegDir: "tools" }, { PATH: "bin" });
    expect(PATH).toBe([resolve("tools"), "bin"].join(delimiter));
  });
});
