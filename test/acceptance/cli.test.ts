/** The command line as an operator meets it: mistakes, keys, the doctor, an old Node and the demo. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, create, GENERATIONS, IDS } from "../support/api.ts";
import { reelay, temporaryFolder } from "../support/run.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("mistakes", () => {
  test("an unknown command is answered with the nearest one and the usage, and exits 2", async () => {
    const { code, stdout, stderr } = await reelay(["serv"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain('Did you mean "serve"?');
    expect(stderr).toContain("Usage: reelay");
  });

  test("no command prints the usage and exits 2, help prints it and exits 0", async () => {
    expect((await reelay([])).code).toBe(2);
    const help = await reelay(["--help"]);
    expect(help.code).toBe(0);
    for (const name of ["serve", "demo", "keys", "doctor"]) expect(help.stdout).toContain(name);
  });

  test.each([["toString"], ["__proto__"], ["constructor"]])("%s is no command", async (name) => {
    expect((await reelay([name])).code).toBe(2);
  });

  test("an unknown setting stops the server before it starts, and names the nearest", async () => {
    const env = { REELAY_DATA_DIR: folder, REELAY_PROT: "0" };
    const { code, stderr } = await reelay(["serve"], { env });
    expect(code).toBe(1);
    expect(stderr).toContain("REELAY_PROT");
    expect(stderr).toContain("did you mean REELAY_PORT?");
    expect(stderr).not.toMatch(/ at \S+ \(/);
  });

  test("all wrong settings are told together, each with what is allowed", async () => {
    const env = { REELAY_PORT: "70000", REELAY_LOG_LEVEL: "loud", REELAY_PUBLIC_URL: "video.example.com" };
    const { code, stderr } = await reelay(["serve"], { env });
    expect(code).toBe(1);
    for (const part of ["REELAY_PORT", "70000", "65535", "loud", "debug", "REELAY_PUBLIC_URL", "http"]) {
      expect(stderr).toContain(part);
    }
  });

  test("a bad address range stops the server with its name", async () => {
    const env = { REELAY_DATA_DIR: folder, REELAY_PORT: "0", REELAY_EGRESS_ALLOW: "10.0.0.0/99" };
    const { code, stderr } = await reelay(["serve"], { env });
    expect(code).toBe(1);
    expect(stderr).toContain("10.0.0.0/99");
    expect(stderr).toContain("REELAY_EGRESS_ALLOW");
    expect(stderr).not.toMatch(/ at \S+ \(/);
  });

  test("a data folder that cannot be made is one sentence", async () => {
    const env = { REELAY_DATA_DIR: "/dev/null/data", REELAY_PORT: "0" };
    const { code, stderr } = await reelay(["serve"], { env });
    expect(code).toBe(1);
    expect(stderr).toContain("/dev/null/data");
    expect(stderr).not.toMatch(/ at \S+ \(/);
  });

  test.each([[["keys"]], [["keys", "delete", "x"]], [["keys", "revoke"]], [["keys", "create", "a", "b"]]])(
    "%j is misuse: exit 2 and how to use it",
    async (args) => {
      const { code, stderr } = await reelay(args, { env: { REELAY_DATA_DIR: folder } });
      expect(code).toBe(2);
      expect(stderr.length).toBeGreaterThan(20);
    },
  );
});

describe("keys", () => {
  const KEY = /^reelay_live_[A-Za-z0-9]{36}$/;
  const idOf = (list: string, name: string): string =>
    list
      .split("\n")
      .find((line) => line.endsWith(`  ${name}`))
      ?.split(" ")[0] ?? "";

  test("without a server: create prints the key alone on stdout, list never shows it again", async () => {
    const env = { REELAY_DATA_DIR: join(folder, "cold") };
    const made = await reelay(["keys", "create", "cold one"], { env });
    expect(made.code, made.stderr).toBe(0);
    const key = made.stdout.trim();
    expect(key).toMatch(KEY);
    const { stdout } = await reelay(["keys", "list"], { env });
    expect(stdout).toContain("cold one");
    expect(stdout).not.toContain(key);
    const id = idOf(stdout, "cold one");
    expect((await reelay(["keys", "revoke", id], { env })).code).toBe(0);
    expect((await reelay(["keys", "revoke", id], { env })).code).toBe(1);
    expect((await reelay(["keys", "list"], { env })).stdout).toContain("revoked");
    const database = await readFile(join(folder, "cold", "reelay.db"));
    expect(database.includes(key)).toBe(false);
  });

  test("beside a running server: a new key works and a revoked one is refused at once", async () => {
    const server = await startServer(NO_RENDER);
    try {
      const env = { REELAY_DATA_DIR: server.dataDir };
      const key = await server.newKey("short-lived");
      expect(key).toMatch(KEY);
      const task = await create({ url: server.url, key }, { model: IDS.pixverseText, prompt: "x" });
      const { stdout } = await reelay(["keys", "list"], { env });
      expect((await reelay(["keys", "revoke", idOf(stdout, "short-lived")], { env })).code).toBe(0);
      expect((await call(server, `/v1/tasks/${task.id}`, { key })).status).toBe(401);
      expect((await call(server, "/v1/models")).status).toBe(200);
    } finally {
      await server.discard();
    }
  });
});

describe("credits", () => {
  test.each([
    ["without a server", false],
    ["through a running server", true],
  ])("%s: go to a key or to an account, and a misspelt one is refused", async (_how, running) => {
    const server = running ? await startServer(NO_RENDER) : undefined;
    try {
      const env = { REELAY_DATA_DIR: server?.dataDir ?? join(folder, "credits") };
      const run = (...args: readonly string[]): ReturnType<typeof reelay> => reelay(args, { env });
      expect((await run("keys", "create", "designers", "--account", "team-a")).code).toBe(0);
      const line = (await run("keys", "list")).stdout.split("\n").find((one) => one.includes("designers"));
      expect(line).toMatch(/ {2}team-a {2}designers$/);
      const id = String(line?.split(" ")[0]);
      const granted = await run("credits", "grant", "account:team-a", "50");
      expect(granted.stdout).toContain("account:team-a may spend 50 credits");
      expect((await run("credits", "show", "account:team-a")).stdout).toBe(granted.stdout);
      expect((await run("credits", "show", id)).stdout).toContain(`${id} may spend without limit`);
      const misspelt = await run("credits", "grant", "account:team-b", "50");
      expect([misspelt.code, misspelt.stderr]).toEqual([
        1,
        "There is no account team-b; reelay keys list shows them.\n",
      ]);
      expect((await run("ledger", "check")).stdout).toBe("The books balance.\n");
    } finally {
      await server?.discard();
    }
  });

  test.each(["Team", "a b", "", "a".repeat(41)])("an account cannot be called %j", async (name) => {
    const env = { REELAY_DATA_DIR: folder };
    const { code, stderr } = await reelay(["keys", "create", "x", "--account", name], { env });
    expect([code, stderr]).toEqual([2, `--account is "${name}" but must be 1 to 40 of a-z, 0-9 and "-".\n`]);
  });
});

describe("serve", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer(NO_RENDER);
  });
  afterAll(() => server.discard());

  test("the curl that it prints works when pasted", async () => {
    const line = server
      .output()
      .split("\n")
      .find((one) => one.includes(`curl ${server.url}${GENERATIONS}`));
    const { stdout } = await promisify(execFile)("sh", ["-c", `${line} -sS`]);
    expect(JSON.parse(stdout)).toMatchObject({ status: "pending", object: "video.generation.task" });
  });

  test("the first key is printed once: a restart shows none, and it goes on working", async () => {
    const again = await server.restart();
    expect(again.output()).not.toContain(server.key);
    expect((await call(again, "/v1/models")).status).toBe(200);
    server = again;
  });

  test("a port in use is one sentence", async () => {
    const port = new URL(server.url).port;
    const { code, stderr } = await reelay(["serve"], {
      env: { REELAY_DATA_DIR: join(folder, "port"), REELAY_PORT: port },
    });
    expect(code).toBe(1);
    expect(stderr).toContain(port);
    expect(stderr).not.toMatch(/ at \S+ \(/);
  });

  test("no key, prompt or link signature is in the log", async () => {
    await create(server, { model: IDS.pixverseText, prompt: "a-very-secret-prompt" });
    expect(await server.stop()).toBe(0);
    expect(server.output()).not.toContain("a-very-secret-prompt");
    expect(server.output()).not.toMatch(/signature=/);
  });
});

test("doctor prints every setting and what this machine has", async () => {
  const { code, stdout } = await reelay(["doctor"], { env: { REELAY_DATA_DIR: folder } });
  expect(code, stdout).toBe(0);
  const names = [
    "HOST",
    "PORT",
    "DATA_DIR",
    "PUBLIC_URL",
    "EGRESS_ALLOW",
    "RENDER_WORKERS",
    "MAX_OPEN_TASKS",
  ];
  for (const name of names) expect(stdout).toMatch(new RegExp(`REELAY_${name}=`));
  expect(stdout).toMatch(/Node 2[4-9]/);
  expect(stdout).toMatch(/ffmpeg/);
  expect(stdout).toContain(folder);
});

async function oldNode(): Promise<string | undefined> {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin"];
  for (const node of new Set(folders.map((one) => join(one, "node")))) {
    if (!existsSync(node)) continue;
    const { stdout } = await promisify(execFile)(node, ["--version"]);
    const [major = 0, minor = 0] = stdout.slice(1).split(".").map(Number);
    if (major < 24 || (major === 24 && minor < 12)) return node;
  }
  return undefined;
}

test("a Node that is too old is told so in one line, exit 1", async ({ skip }) => {
  const node = await oldNode();
  if (node === undefined) {
    console.warn("NOT TESTED: this machine has no Node older than 24.12 to be refused");
    skip("no old Node here");
    return;
  }
  const { code, stdout, stderr } = await reelay(["serve"], { node });
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toMatch(/Node 24\.12 or newer.*this is Node \d+/);
});

test("demo writes two MP4 files, prints where, and leaves nothing else behind", {
  timeout: 120_000,
}, async () => {
  const cwd = await mkdtemp(join(tmpdir(), "reelay-demo-test-"));
  try {
    const { code, stdout, stderr } = await reelay(["demo"], { cwd });
    expect(code, stderr).toBe(0);
    const made = (await readdir(cwd, { recursive: true })).filter((name) => name.endsWith(".mp4"));
    expect(made).toHaveLength(2);
    for (const name of made) {
      expect(stdout).toContain(name);
      expect((await readFile(join(cwd, name))).subarray(4, 8).toString("latin1")).toBe("ftyp");
    }
    // No terminal: plain lines, no cursor movements.
    expect(stdout).not.toContain("\u001b[");
    expect(await readdir(cwd)).toEqual(["demo-output"]);
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
});
