/** `reelay providers`, `task show`, `keys create --test` and `doctor`: what an operator sees of providers, and never a key. */
import { spawn } from "node:child_process";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { create, IDS, type WireTask, waitForEnd } from "../support/api.ts";
import { type FakeUpstream, startFakeUpstream } from "../support/fake-upstream.ts";
import { BIN, cleanEnvironment, type Ended, type Environment, temporaryFolder } from "../support/run.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

const KEY = "5eCr3t-key-of-a-provider-0042";
const OTHER = "an0ther-5eCr3t-of-it-1337";

let upstream: FakeUpstream;
let folder: string;
let server: Server | undefined;
/** Everything that any command and any server printed. */
let printed: string;
beforeAll(async () => {
  upstream = await startFakeUpstream({ apiKey: KEY, script: "duration=50" });
});
afterAll(() => upstream.close());
beforeEach(async () => {
  folder = await temporaryFolder();
  printed = "";
});
afterEach(async () => {
  if (server) printed += server.output();
  await server?.discard();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
  for (const secret of [KEY, OTHER]) expect(printed, "a key was printed").not.toContain(secret);
});

/** On the running server's folder where there is one. `stdin`: what is piped in. */
async function reelay(args: readonly string[], env: Environment = {}, stdin = ""): Promise<Ended> {
  const settings = { REELAY_DATA_DIR: server?.dataDir ?? folder, ...env };
  const child = spawn(process.execPath, [BIN, ...args], { env: cleanEnvironment(settings) });
  child.stdin.on("error", () => undefined).end(stdin);
  const code = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  printed += stdout + stderr;
  return { code: await code, stdout, stderr };
}
const add = (id: string, key: string, env: Environment = {}, ...more: readonly string[]): Promise<Ended> =>
  reelay(["providers", "add", id, ...more], env, `${key}\n`);

async function make({ url, key }: Pick<Server, "url" | "key">): Promise<WireTask> {
  const asked = { model: IDS.pixverseText, prompt: "secret-prompt", resolution: "360p", duration: 1 };
  return waitForEnd({ url, key }, (await create({ url, key }, asked)).id);
}

describe("a stored key", () => {
  const at = (): Environment => ({ REELAY_FAKE_URL: upstream.url });

  test("is sealed, listed by its last letters, used by the server after its start, and gone once removed", async () => {
    server = await startServer({ ...NO_RENDER, ...at() });
    expect(await make(server)).toMatchObject({ status: "failed", error: { code: "service_unavailable" } });
    expect(await add("fake", KEY)).toEqual({
      code: 0,
      stdout:
        "The key of fake (the fake upstream of the tests) is stored. It counts from the next start on.\n",
      stderr: "",
    });
    const file = join(server.dataDir, "provider-keys.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).not.toContain(KEY);
    expect((await reelay(["providers", "list"], at())).stdout).toBe(
      `fake  fake  ${upstream.url}  key …0042, stored  rank by model  weight 1\n`,
    );
    printed += server.output();
    server = await server.restart();
    expect(await make(server)).toMatchObject({ status: "completed" });
    expect((await reelay(["doctor"], at())).stdout).toMatch(/ok {7}fake; key …0042; reachable in \d+ ms/);
    expect((await reelay(["providers", "remove", "fake"])).stdout).toBe("The key of fake is removed.\n");
    const again = await reelay(["providers", "remove", "fake"]);
    expect([again.code, again.stdout]).toEqual([1, "There is no stored key of fake.\n"]);
    expect((await reelay(["providers", "list"], at())).stdout).toContain("  no key  ");
  });

  test("is replaced by a later one, and comes after what is set; an empty setting is none", async () => {
    await add("fake", OTHER);
    await add("fake", KEY);
    const list = async (env: Environment): Promise<string> =>
      (await reelay(["providers", "list"], { ...at(), ...env })).stdout;
    expect(await list({})).toContain("key …0042, stored");
    expect(await list({ REELAY_FAKE_KEY: OTHER })).toContain("key …1337 from the settings");
    const config = join(folder, "r.toml");
    await writeFile(config, '[providers.fake]\nkey = ""\nrank = 2\nweight = 5');
    expect(await list({ REELAY_CONFIG: config })).toContain("key …0042, stored  rank 2  weight 5");
  });

  test("may have a name of its own where its kind is said, and a short one shows nothing at all", async () => {
    expect((await add("gpu-1", "short", {}, "--kind", "openai-videos")).code).toBe(0);
    const without = await reelay(["providers", "list"]);
    expect(without.code).toBe(1);
    expect(without.stderr).toContain("providers.gpu-1.url must be an http(s) URL");
    const config = join(folder, "r.toml");
    await writeFile(config, '[providers.gpu-1]\nkind = "openai-videos"\nurl = "http://gpu:8000"');
    const { stdout } = await reelay(["providers", "list"], { REELAY_CONFIG: config });
    expect(stdout).toBe("gpu-1  openai-videos  http://gpu:8000  key …, stored  rank by model  weight 1\n");
  });

  test("without the master key that it was stored with stops list, doctor and server, with what to do", async () => {
    await add("fake", KEY, { REELAY_MASTER_KEY: "master" });
    const sentence =
      'The stored key of the provider "fake" cannot be unsealed: REELAY_MASTER_KEY or the data folder\'s secret is another';
    for (const command of [["providers", "list"], ["serve"]]) {
      const { code, stderr } = await reelay(command, { REELAY_PORT: "0" });
      expect([code, stderr.includes(sentence)], command.join(" ")).toEqual([1, true]);
    }
    const { code, stdout } = await reelay(["doctor"]);
    expect([code, stdout.includes(`MISSING  ${sentence}`)]).toEqual([1, true]);
    const known = await reelay(["providers", "list"], { ...at(), REELAY_MASTER_KEY: "master" });
    expect(known.stdout).toContain("key …0042, stored");
  });
});

describe("misuse", () => {
  test.each<[readonly string[], string, string]>([
    [["providers"], KEY, "Usage: reelay providers list | add ID"],
    [["providers", "add"], KEY, "Usage: reelay providers list | add ID"],
    [["providers", "add", "fal", KEY.slice(0, 5)], KEY, "Usage: reelay providers list | add ID"],
    [["providers", "add", "fla"], KEY, 'There is no kind of provider "fla". There are fal, dashscope'],
    [["providers", "add", "faked"], KEY, 'There is no kind of provider "faked". There are fal, dashscope'],
    [["providers", "add", "x", "--kind", "replicat"], KEY, 'Did you mean "replicate"? Say it with --kind.'],
    [["providers", "add", "vertex"], KEY, "Google Vertex AI has no key; it goes by its other settings."],
    [["providers", "add", "Fal"], KEY, '"Fal": an id may have a-z, 0-9 and "-", at most 40 of them.'],
    [["providers", "add", "fal"], "", "Standard input must hold the key, and nothing else."],
    [["providers", "add", "fal"], `key: ${KEY}`, "Standard input must hold the key, and nothing else."],
    [["providers", "add", "fal"], `${KEY}\n${OTHER}`, "Standard input must hold the key, and nothing else."],
    [["task"], "", "Usage: reelay task show ID"],
    [["task", "show"], "", "Usage: reelay task show ID"],
    [["task", "show", "a", "b"], "", "Usage: reelay task show ID"],
  ])("%j is answered with what would be right, and stores nothing", async (args, stdin, said) => {
    const { code, stdout, stderr } = await reelay(args, {}, stdin);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(said);
    // A kind that is there for tests alone is no help to anybody.
    expect(stderr).not.toMatch(/\bfake\b/);
    await expect(stat(join(folder, "provider-keys.json"))).rejects.toThrow("ENOENT");
  });
});

test("a task is shown with every attempt and without its prompt, beside the server and without it", async () => {
  const config = join(folder, "r.toml");
  const table = (id: string, key: string, rank: number): string =>
    `[providers.${id}]\nkind = "fake"\nurl = "${upstream.url}"\nkey = "${key}"\nrank = ${rank}\n`;
  await writeFile(config, table("wrong", OTHER, 0) + table("right", KEY, 1));
  const env = { REELAY_CONFIG: config };
  server = await startServer({ ...NO_RENDER, ...env, REELAY_LOG_LEVEL: "debug" });
  const { id } = await make(server);
  const shown = await reelay(["task", "show", id], env);
  expect(shown.code).toBe(0);
  const lines = shown.stdout.trim().split("\n");
  expect(lines[0]).toMatch(new RegExp(`^${id} {2}${IDS.pixverseText} {2}completed {2}key \\S+$`));
  expect(lines[2]).toBe("billing charged 2.5");
  const at = `  ${IDS.pixverseText}  \\S+  `;
  expect(lines[3]).toMatch(new RegExp(`^attempt 1  wrong${at}refused  provider_account: The provider did`));
  expect(lines[4]).toMatch(new RegExp(`^attempt 2  right${at}accepted$`));
  expect(lines).toHaveLength(5);
  await server.stop();
  expect((await reelay(["task", "show", id], env)).stdout).toBe(shown.stdout);
  const unknown = await reelay(["task", "show", "task_none"], env);
  expect([unknown.code, unknown.stdout, unknown.stderr]).toEqual([1, "", "There is no task task_none.\n"]);
  expect(printed + server.output()).not.toContain("secret-prompt");
});

test("a test key is printed once, alone, and listed as what it is", async () => {
  const made = await reelay(["keys", "create", "dev", "--test"]);
  expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^reelay_test_[0-9A-Za-z]{36}\n$/)]);
  expect((await reelay(["keys", "create", "app"])).stdout).toMatch(/^reelay_live_[0-9A-Za-z]{36}\n$/);
  const { stdout } = await reelay(["keys", "list"]);
  expect(stdout).not.toContain(made.stdout.trim());
  expect(stdout).toMatch(/reelay_test\S+ .* dev$/m);
  expect(stdout).toMatch(/reelay_live\S+ .* app$/m);
});

describe("doctor", () => {
  test("says which key is missing, and where it may be set", async () => {
    const { code, stdout } = await reelay(["doctor"], { REELAY_FAL_WEIGHT: "2", REELAY_PIXVERSE_RANK: "x" });
    expect(code).toBe(1);
    expect(stdout.split("\n").filter((line) => line.startsWith("  MISSING  "))).toEqual([
      "  MISSING  REELAY_FAL_KEY (or providers.fal.key) is missing: fal.ai asks for a key. Set it, or: reelay providers add fal",
      "  MISSING  REELAY_PIXVERSE_KEY (or providers.pixverse.key) is missing: PixVerse Platform asks for a key. Set it, or: reelay providers add pixverse",
      "  MISSING  REELAY_PIXVERSE_RANK (or providers.pixverse.rank) must be a whole number from 0 to 1000",
    ]);
  });

  test("says of one that does not answer that it is not usable, and of one that refuses the key why", async () => {
    const env = { REELAY_FAKE_URL: "http://127.0.0.1:9", REELAY_FAKE_KEY: KEY };
    const away = await reelay(["doctor"], env);
    expect(away.stdout).toMatch(/warning {2}fake; key …0042; not usable: The provider could not be asked: /);
    const wrong = await reelay(["doctor"], { REELAY_FAKE_URL: upstream.url, REELAY_FAKE_KEY: OTHER });
    expect(wrong.stdout).toMatch(/warning {2}fake; key …1337; not usable: .*401/);
    // A provider that is away for a moment must not keep a server from being deployed.
    expect([away.code, wrong.code]).toEqual([0, 0]);
  });

  test("stops at a settings file with a typing mistake, with what was meant and without what was set", async () => {
    const config = join(folder, "r.toml");
    await writeFile(config, `prot = 1\n[providers.fal]\nkey = "${KEY}"\nkey_ = "${OTHER}"\nwieght = 2\n`);
    const { code, stdout, stderr } = await reelay(["doctor"], { REELAY_CONFIG: config });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr.trim().split("\n")).toEqual([
      `${config}: "prot" is not a setting; did you mean "port"?`,
      'providers.fal has no "key_"; did you mean "key"?',
      'providers.fal has no "wieght"; did you mean "weight"?',
    ]);
    await writeFile(config, `[providers.fal]\nkey = "${KEY}\n`);
    expect((await reelay(["doctor"], { REELAY_CONFIG: config })).stderr).toBe(
      `REELAY_CONFIG: ${config} is not valid TOML, line 2\n`,
    );
  });
});
