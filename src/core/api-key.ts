/**
 * Clients' keys: `reelay_live_` (or `reelay_test_`), 30 random base62 characters (178 bits), and 6 of the CRC32
 * of all before them. The checksum lets a scanner, or us, dismiss a mistyped key without a look-up.
 * For scanners: /\breelay_(live|test)_[0-9A-Za-z]{36}\b/
 */
import { createHash, randomInt } from "node:crypto";
import { crc32 } from "node:zlib";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const FORM = /^(reelay_(?:live|test)_[0-9A-Za-z]{30})([0-9A-Za-z]{6})$/;

export function mintApiKey(mode: "live" | "test"): string {
  let body = `reelay_${mode}_`;
  for (let i = 0; i < 30; i++) body += BASE62[randomInt(62)];
  return body + checksum(body);
}

export function isWellFormedKey(key: string): boolean {
  const parts = FORM.exec(key);
  return parts !== null && checksum(parts[1] ?? "") === parts[2];
}

export function keyDigest(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/** What may be shown of a key afterwards: where it starts and how it ends. */
export function keyHint(key: string): string {
  return `${key.slice(0, 16)}…${key.slice(-4)}`;
}

function checksum(body: string): string {
  let rest = crc32(body);
  let digits = "";
  for (let i = 0; i < 6; i++) {
    digits = BASE62[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
