/** From a URL's host to the addresses that may be connected to. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Address } from "./guarded-client.ts";
import type { Lifetime } from "./lifetime.ts";
import { hostOf } from "./url-policy.ts";

export type Resolve = (host: string) => Promise<readonly Address[]>;

export const systemResolve: Resolve = (host) => lookup(host, { all: true });

/**
 * One look-up at a time for each name. The system's resolver works on two names at once for the whole process: four
 * requests to one name whose servers are dead would keep everybody else from looking up anything.
 */
export function sharedLookups(resolve: Resolve): Resolve {
  const underWay = new Map<string, Promise<readonly Address[]>>();
  return (host) => {
    const known = underWay.get(host);
    if (known !== undefined) return known;
    const asked = resolve(host).finally(() => underWay.delete(host));
    underWay.set(host, asked);
    return asked;
  };
}

/** An address stands for itself; the resolver is not asked about one and cannot lie about it. */
export async function addressesOf(
  url: URL,
  life: Lifetime,
  { resolve, dnsMs }: { readonly resolve: Resolve; readonly dnsMs: number },
): Promise<readonly Address[]> {
  const host = hostOf(url);
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const clear = life.deadline(dnsMs, "resolving the name");
  return life.wait(resolve(host)).finally(clear);
}
