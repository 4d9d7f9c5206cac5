/** `reelay credits`: what a key or an account may spend. A credit is one US cent. */
import { accountOf } from "../core/account.ts";
import { available, type Balance, toCredits } from "../core/money.ts";
import { asOperator } from "./door.ts";
import { UsageError } from "./usage-error.ts";

const USAGE = "Usage: reelay credits grant KEY_ID|account:NAME CREDITS | show KEY_ID|account:NAME";

export async function run([verb, owner, amount, ...more]: readonly string[]): Promise<number> {
  if (owner === undefined || more.length > 0) throw new UsageError(USAGE);
  if (verb === "show" && amount === undefined)
    return asOperator(async ({ books }) => show(owner, await books.balance(owner)));
  if (verb !== "grant") throw new UsageError(USAGE);
  const credits = Number(amount);
  if (amount === undefined || !Number.isFinite(credits) || credits === 0) {
    throw new UsageError(`How many credits? "${amount ?? ""}" is no number. ${USAGE}`);
  }
  return asOperator(async ({ books }) => show(owner, await books.grant(owner, credits)));
}

function show(owner: string, balance: Balance | undefined): number {
  if (!balance) {
    const account = accountOf(owner);
    const what = account === undefined ? `key ${owner}` : `account ${account}`;
    process.stderr.write(`There is no ${what}; reelay keys list shows them.\n`);
    return 1;
  }
  const left = available(balance);
  const may = left === null ? "without limit" : `${toCredits(left)} credits`;
  process.stdout.write(
    `${owner} may spend ${may}; ${toCredits(balance.held)} are held, ${toCredits(balance.spent)} were spent.\n`,
  );
  return 0;
}
