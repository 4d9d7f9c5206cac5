/** `reelay secrets`: what the webhooks of a key are signed with. Secrets go to stdout alone, words about them to stderr. */
import type { DeliveryDesk } from "../tasks/delivery-desk.ts";
import { asOperator } from "./door.ts";
import { UsageError } from "./usage-error.ts";

const HOUR_MS = 3_600_000;
const OVERLAP_HOURS = 24;
const MOST_OVERLAP_HOURS = 168;
const USAGE = "Usage: reelay secrets show KEY_ID | rotate KEY_ID [--overlap-hours N]";

export async function run([verb, keyId, ...options]: readonly string[]): Promise<number> {
  if (verb !== "show" && verb !== "rotate") throw new UsageError(USAGE);
  if (keyId === undefined)
    throw new UsageError(`Whose? reelay secrets ${verb} KEY_ID; reelay keys list shows the ids.`);
  if (verb === "rotate") {
    const hours = overlapOf(options);
    return asOperator(({ deliveries }) => rotate(deliveries, keyId, hours));
  }
  if (options.length > 0) throw new UsageError(USAGE);
  return asOperator(({ deliveries }) => show(deliveries, keyId));
}

function overlapOf([option, value, ...more]: readonly string[]): number {
  if (option === undefined) return OVERLAP_HOURS;
  if (option !== "--overlap-hours" || more.length > 0) throw new UsageError(USAGE);
  const hours = /^\d{1,3}$/.test(value ?? "") ? Number(value) : Number.NaN;
  if (hours <= MOST_OVERLAP_HOURS) return hours;
  throw new UsageError(
    `--overlap-hours is ${value ?? "missing"}; allowed is a whole number from 0 (the old secret is dead at once) to ${MOST_OVERLAP_HOURS}.`,
  );
}

async function show(desk: DeliveryDesk, keyId: string): Promise<number> {
  const secrets = await desk.secrets(keyId);
  if (secrets === null) return noSuchKey(keyId);
  for (const { secret, expiresAt } of secrets) {
    process.stderr.write(
      expiresAt === null ? "Live:\n" : `Live until ${new Date(expiresAt).toISOString()}:\n`,
    );
    process.stdout.write(`${secret}\n`);
  }
  return 0;
}

async function rotate(desk: DeliveryDesk, keyId: string, hours: number): Promise<number> {
  const fresh = await desk.rotate(keyId, hours * HOUR_MS);
  if (fresh === null) return noSuchKey(keyId);
  process.stderr.write(`The new secret of ${keyId}; the one before signs beside it for ${hours} hours:\n`);
  process.stdout.write(`${fresh.secret}\n`);
  return 0;
}

function noSuchKey(keyId: string): number {
  process.stderr.write(`There is no key ${keyId}; reelay keys list shows them.\n`);
  return 1;
}
