/** A page as a started server gives it, its placeholders replaced, and every block of it executed. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../../src/config/config.ts";
import { readProviders } from "../../src/wiring/providers.ts";
import { call } from "../support/api.ts";
import { openReceiver } from "../support/receiver.ts";
import { reelay } from "../support/run.ts";
import type { Server } from "../support/server.ts";
import { until } from "../support/until.ts";
import { type Block, blocksOf, openShell, type Ran, type Shell } from "./blocks.ts";
import { differences } from "./shape.ts";

/** Where a page's webhooks go; a receiver of ours stands in for it. */
const HOOK = "https://example.com/hook";

/** Runs every block in order, with a key of its own; throws for the first that does not do what the page says. */
export async function runPage(server: Server, name: string): Promise<number> {
  const { text } = await call(server, `/docs/en/${name}.md`, { key: null });
  const env = { REELAY_DATA_DIR: server.dataDir };
  const { stdout, stderr } = await reelay(["keys", "create", name], { env });
  const [keyId = ""] = /key_\w+/.exec(stderr) ?? [];
  const receiver = await openReceiver();
  const placed = { KEY_ID: keyId, 9000: String(await freePort()), [HOOK]: `${receiver.origin}/status/200` };
  const blocks = runnable(name, blocksOf(withPlaceholders(text, placed)));
  const shell = await openShell({ ...env, REELAY_KEY: stdout.trim() });
  try {
    await runBlocks(blocks, { name, shell, server });
    const told = (): boolean => receiver.received.length > 0;
    if (text.includes(HOOK)) await until(told, { ms: 20_000, what: "the page's webhook" });
  } finally {
    await shell.close();
    await receiver.close();
  }
  return blocks.length;
}

async function runBlocks(
  blocks: readonly Block[],
  { name, ...around }: Pick<Around, "shell" | "server"> & { readonly name: string },
): Promise<void> {
  let before: unknown;
  for (const [at, block] of blocks.entries()) {
    try {
      before = await runBlock(block, { ...around, before, answerShown: blocks[at + 1]?.info === "json" });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`${name}.md, the ${block.info} block of line ${block.line}: ${why}`, { cause: error });
    }
  }
}

/** The reference shows schemas, and examples that the documents' own tests hold to them; elsewhere every block is run. */
export function runnable(name: string, blocks: readonly Block[]): readonly Block[] {
  return name.startsWith("reference/")
    ? blocks.filter(({ info }) => !/^(schema|example) /.test(info))
    : blocks;
}

interface Around {
  readonly shell: Shell;
  readonly server: Server;
  /** What the block before printed, as JSON; undefined where it was none. */
  readonly before: unknown;
  readonly answerShown: boolean;
}

async function runBlock(block: Block, { shell, server, before, answerShown }: Around): Promise<unknown> {
  switch (block.info) {
    case "bash":
    case "ts":
    case "python":
      return outputOf(await shell.run(block), answerShown);
    case "json":
      if (before === undefined) await acceptBody(server, block.text);
      else checkShown(block.text, before);
      return undefined;
    case "toml":
      return acceptSettings(block.text);
    default:
      throw new Error("a block of this language is not executed, so it may not be on a page");
  }
}

/** What was printed, read as JSON; an error in it has to be one that the page shows. */
function outputOf({ code, stdout, stderr }: Ran, answerShown: boolean): unknown {
  if (code !== 0) throw new Error(`it ended with ${code}:\n${stdout}\n${stderr}`);
  const printed = parse(stdout);
  const failed = typeof printed === "object" && printed !== null && (printed as { error?: unknown }).error;
  if (failed && !answerShown) throw new Error(`the answer is an error: ${stdout}`);
  return printed;
}

function checkShown(text: string, real: unknown): void {
  const found = differences(JSON.parse(text), real);
  if (found.length > 0) throw new Error(found.join("\n"));
}

async function acceptBody(server: Server, text: string): Promise<void> {
  const json = { ...(JSON.parse(text) as object), dry_run: true };
  const answer = await call(server, "/v1/videos/generations", { method: "POST", json });
  if (answer.status !== 200) throw new Error(`as a request it is refused: ${answer.text}`);
}

async function acceptSettings(text: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-docs-"));
  try {
    const path = join(folder, "reelay.toml");
    await writeFile(path, text);
    const { mistakes } = readProviders(readConfig({ REELAY_CONFIG: path }).providers, []);
    if (mistakes.length > 0) throw new Error(mistakes.join("\n"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a reader would put in. */
function withPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce(
    (whole, [name, value]) => whole.replaceAll(new RegExp(`\\b${name}\\b`, "g"), value),
    text,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
