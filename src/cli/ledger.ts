/** `reelay ledger check`: holds the books against themselves. Exits 1 where they do not balance. */
import { asOperator } from "./door.ts";
import { UsageError } from "./usage-error.ts";

export async function run([verb, ...more]: readonly string[]): Promise<number> {
  if (verb !== "check" || more.length > 0) throw new UsageError("Usage: reelay ledger check");
  return asOperator(async ({ books }) => {
    const faults = await books.check();
    for (const fault of faults) process.stdout.write(`${fault}\n`);
    process.stdout.write(faults.length === 0 ? "The books balance.\n" : `${faults.length} faults.\n`);
    return faults.length === 0 ? 0 : 1;
  });
}
