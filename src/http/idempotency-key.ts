/**
 * `Idempotency-Key`: a client's own name for a request, so that it may send it twice and get one task. Taken as the
 * structured-field string of the IETF draft (quoted) and raw, as most clients send it; both name the same key.
 */
import { createHash } from "node:crypto";
import { ReelayError } from "../core/errors.ts";
import type { Idempotency } from "../core/store.ts";

const RAW = /^[!#-~][!-~]{0,254}$/;
const QUOTED = /^"((?:[!#-[\]-~]|\\["\\]){1,510})"$/;

/** Far deeper than any request of ours, far less deep than the stack. */
const MOST_LEVELS = 64;

/** null where the header was not sent. Throws `malformed_request`. */
export function readIdempotency(header: string | string[] | undefined, body: unknown): Idempotency | null {
  if (header === undefined) return null;
  return { key: readKey(String(header)), fingerprint: fingerprint(body) };
}

function readKey(header: string): string {
  const quoted = QUOTED.exec(header)?.[1]?.replace(/\\(["\\])/g, "$1");
  const key = quoted ?? (RAW.test(header) ? header : "");
  if (key === "" || key.length > 255) {
    throw new ReelayError(
      "malformed_request",
      `The Idempotency-Key header has ${header.length} characters and is not one key. Send it once, with 1 to 255 visible ASCII characters without spaces, for example a UUID; it may be in double quotes.`,
    );
  }
  return key;
}

/** SHA-256, hex, of what was asked: the order of an object's fields makes no difference. */
export function fingerprint(body: unknown): string {
  return createHash("sha256").update(canonical(body, 0)).digest("hex");
}

function canonical(value: unknown, level: number): string {
  if (level > MOST_LEVELS) {
    throw new ReelayError(
      "malformed_request",
      `The body is nested deeper than ${MOST_LEVELS} levels; no request of this API is.`,
    );
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, level + 1)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one, level + 1)}`).join(",")}}`;
}
