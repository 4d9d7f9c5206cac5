/** `reelay providers`: who is open, and the keys that are kept for them. A key is read from standard input: a command line is seen by others. */
import { mkdir } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { type Config, readConfig } from "../config/config.ts";
import { nearest } from "../core/nearest.ts";
import { readSecret } from "../files/secret.ts";
import { openVault, type Vault } from "../files/vault.ts";
import { KINDS, OFFERED } from "../providers/kinds.ts";
import { readProviders } from "../wiring/providers.ts";
import { UsageError } from "./usage-error.ts";

const NAMES = OFFERED.map(({ kind }) => kind);

const USAGE = `Usage: reelay providers list | add ID [--kind KIND] | remove ID

  add reads the provider's key from standard input and stores it sealed in the data folder:
    reelay providers add fal < key.txt
  --kind KIND   which kind it is, where the id does not say: ${NAMES.join(", ")}
A key that is stored, or removed, counts from the next start of the server on.`;

const ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

export async function run(args: readonly string[]): Promise<number> {
  const { words, kind } = parse(args);
  const [verb, id, ...more] = words;
  if (more.length > 0) throw new UsageError(USAGE);
  const config = readConfig();
  if (verb === "list" && id === undefined) return list(config, await vaultOf(config));
  if (id === undefined || (verb !== "add" && verb !== "remove")) throw new UsageError(USAGE);
  const vault = await vaultOf(config);
  if (verb === "add") return add(vault, id, kind ?? id);
  const removed = await vault.remove(id);
  process.stdout.write(removed ? `The key of ${id} is removed.\n` : `There is no stored key of ${id}.\n`);
  return removed ? 0 : 1;
}

function parse(args: readonly string[]): {
  readonly words: readonly string[];
  readonly kind: string | undefined;
} {
  try {
    const options = { kind: { type: "string" } } as const;
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { words: positionals, kind: values.kind };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

export async function vaultOf({ dataDir, masterKey }: Config): Promise<Vault> {
  await mkdir(dataDir, { recursive: true });
  return openVault({ dataDir, masterKey, secret: await readSecret(dataDir) });
}

async function add(vault: Vault, id: string, kind: string): Promise<number> {
  if (!ID.test(id)) throw new UsageError(`"${id}": an id may have a-z, 0-9 and "-", at most 40 of them.`);
  const known = KINDS.get(kind);
  if (!known) {
    const close = nearest(kind, NAMES);
    const hint = close ? `Did you mean "${close}"?` : `There are ${NAMES.join(", ")}.`;
    throw new UsageError(`There is no kind of provider "${kind}". ${hint} Say it with --kind.`);
  }
  if (known.key === "none") throw new UsageError(`${known.title} has no key; it goes by its other settings.`);
  const key = (await readAll(process.stdin)).trim();
  if (key === "" || /\s/.test(key))
    throw new UsageError("Standard input must hold the key, and nothing else.");
  await vault.put({ id, kind, key });
  process.stdout.write(`The key of ${id} (${known.title}) is stored. It counts from the next start on.\n`);
  return 0;
}

async function list(config: Config, vault: Vault): Promise<number> {
  const stored = await vault.list();
  const { configs, mistakes } = readProviders(config.providers, stored);
  for (const { id, kind, key, baseUrl, share } of configs) {
    const set = config.providers.some((one) => one.id === id && one.texts.key);
    const where =
      key === undefined ? "no key" : set ? `key ${hint(key)} from the settings` : `key ${hint(key)}, stored`;
    const rank = share.rank === null ? "rank by model" : `rank ${share.rank}`;
    process.stdout.write(`${id}  ${kind.kind}  ${baseUrl}  ${where}  ${rank}  weight ${share.weight}\n`);
  }
  for (const mistake of mistakes) process.stderr.write(`${mistake}\n`);
  if (configs.length + mistakes.length === 0) {
    process.stdout.write("No provider is set: every key's tasks go to our own renderer.\n");
  }
  return mistakes.length > 0 ? 1 : 0;
}

/** Enough to tell two keys apart, and no more. */
export function hint(key: string): string {
  return key.length < 12 ? "…" : `…${key.slice(-4)}`;
}
