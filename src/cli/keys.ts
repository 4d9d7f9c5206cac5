/** `reelay keys`: the keys that clients use. */
import { parseArgs } from "node:util";
import { isAccountName } from "../core/account.ts";
import type { Keys, NewKey } from "../core/keys.ts";
import { MICROS_PER_CREDIT } from "../core/money.ts";
import { asOperator } from "./door.ts";
import { UsageError } from "./usage-error.ts";

const USAGE = `Usage: reelay keys create [NAME] [--account A] [--credits N] [--concurrency N] [--priority N] [--test] | list | revoke ID

  --account A      whose it is, and whose credits it spends too; "default" where left out
  --credits N      what it may spend, in US cents; left out: without limit
  --concurrency N  how many of its tasks may be worked on at once; left out: as many as the provider takes
  --priority N     tasks of a higher number start first; 0 where left out
  --test           its tasks are free, go to our own renderer, and do what [test ...] in their prompt says`;

export async function run(args: readonly string[]): Promise<number> {
  const { words, options } = parse(args);
  const [verb, argument, ...more] = words;
  if (more.length > 0)
    throw new UsageError(`Too many words after "${argument}". A name with spaces goes in quotes.`);
  switch (verb) {
    case "create":
      return asOperator(({ keys }) => create(keys, { name: argument ?? "unnamed", ...options }));
    case "list":
      return asOperator(({ keys }) => list(keys));
    case "revoke":
      if (argument === undefined)
        throw new UsageError("Which key? reelay keys revoke ID; reelay keys list shows the ids.");
      return asOperator(({ keys }) => revoke(keys, argument));
    default:
      throw new UsageError(USAGE);
  }
}

function parse(args: readonly string[]): { words: readonly string[]; options: Omit<NewKey, "name"> } {
  try {
    const options = {
      account: { type: "string" },
      credits: { type: "string" },
      concurrency: { type: "string" },
      priority: { type: "string" },
      test: { type: "boolean" },
    } as const;
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
    const concurrency = whole(values.concurrency, "--concurrency", 1);
    const priority = whole(values.priority, "--priority", 0);
    const credits = whole(values.credits, "--credits", 0);
    const { account } = values;
    if (account !== undefined && !isAccountName(account)) {
      throw new UsageError(`--account is "${account}" but must be 1 to 40 of a-z, 0-9 and "-".`);
    }
    return {
      words: positionals,
      options: {
        ...(account === undefined ? {} : { account }),
        ...(concurrency === undefined ? {} : { concurrency }),
        ...(priority === undefined ? {} : { priority }),
        ...(values.test ? { test: true } : {}),
        ...(credits === undefined ? {} : { grant: credits * MICROS_PER_CREDIT }),
      },
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function whole(text: string | undefined, name: string, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`${name} is "${text}" but must be a whole number from ${least}.`);
  }
  return value;
}

async function create(keys: Keys, options: NewKey): Promise<number> {
  const { key, record } = await keys.create(options);
  process.stderr.write(`Key ${record.id} (${record.name}), shown this once:\n`);
  process.stdout.write(`${key}\n`);
  return 0;
}

async function list(keys: Keys): Promise<number> {
  for (const key of await keys.list()) {
    const state = key.revokedAt === null ? "live" : `revoked ${new Date(key.revokedAt).toISOString()}`;
    const created = new Date(key.createdAt).toISOString();
    process.stdout.write(`${key.id}  ${key.hint}  ${created}  ${state}  ${key.account}  ${key.name}\n`);
  }
  return 0;
}

async function revoke(keys: Keys, id: string): Promise<number> {
  if (await keys.revoke(id)) {
    process.stdout.write(`Key ${id} is revoked.\n`);
    return 0;
  }
  process.stderr.write(`There is no live key ${id}; reelay keys list shows them.\n`);
  return 1;
}
