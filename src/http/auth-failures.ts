/**
 * Slows down whoever tries keys. A key that is good is never asked about: behind a proxy all clients share one
 * address, and one of them with a wrong key must not lock out the others. Nobody guesses 178 bits; what
 * this bounds is the work and the log lines of trying.
 */
import { ReelayError } from "../core/errors.ts";

const WINDOW_MS = 60_000;
const MOST_ADDRESSES = 10_000;
/** Counted together where there are more addresses than we remember. */
const EVERYBODY_ELSE = "";

export interface AuthFailures {
  /** Counts a refusal of this address; returns the error to answer with: the given one, or `rate_limited`. */
  count(address: string, error: unknown): unknown;
}

/** In memory: a restart forgets. 0 is no limit. */
export function openAuthFailures(perMinute: number, now: () => number): AuthFailures {
  let window = 0;
  let failures = new Map<string, number>();
  return {
    count(address, error) {
      if (perMinute === 0 || !(error instanceof ReelayError) || error.code !== "unauthenticated")
        return error;
      const current = Math.floor(now() / WINDOW_MS);
      if (current !== window) {
        window = current;
        failures = new Map();
      }
      const network = networkOf(address);
      const name = failures.has(network) || failures.size < MOST_ADDRESSES ? network : EVERYBODY_ELSE;
      const count = (failures.get(name) ?? 0) + 1;
      failures.set(name, count);
      if (count <= perMinute) return error;
      // One text for all: from here on, trying tells nothing.
      return new ReelayError(
        "rate_limited",
        "Too many requests without a valid key came from your address. Check the key, and wait a minute.",
        { retryAfter: Math.ceil(((window + 1) * WINDOW_MS - now()) / 1000) },
      );
    },
  };
}

/** An IPv6 client has 2^64 addresses of its own: they count as one. */
function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [front = "", back] = address.split("::");
  const given = front === "" ? [] : front.split(":");
  const behind = back === undefined || back === "" ? 0 : back.split(":").length;
  const zeros = back === undefined ? 0 : Math.max(0, 8 - given.length - behind);
  return [...given, ...Array<string>(zeros).fill("0"), ...(back ?? "").split(":")].slice(0, 4).join(":");
}
