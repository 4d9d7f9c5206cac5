/**
 * Which addresses a fetch may connect to. Every address is one number on a line of 128 bits, IPv4 at its mapped
 * place (::ffff:a.b.c.d), because that is how the kernel and `net.BlockList` treat a mapped address too: a
 * second spelling of an IPv4 address cannot get a second answer.
 */
import { BlockList, isIPv4, isIPv6 } from "node:net";
import { SPECIAL_ADDRESSES } from "./special-addresses.ts";

export type AddressClass = "public" | "allowed" | "blocked";

export interface AddressPolicy {
  /** `allowed` wins over `public`; what is not an address (or carries a zone) is `blocked`. */
  classify(address: string): AddressClass;
  /** Everything `blocked`, for the `blockList` option of a socket. */
  readonly blockList: BlockList;
  /** Whether the operator allowed any range at all. */
  readonly allowsAny: boolean;
}

type Range = readonly [first: bigint, last: bigint];

const EVERYTHING: Range = [0n, (1n << 128n) - 1n];
const MAPPED: Range = [0xffff_0000_0000n, 0xffff_ffff_ffffn];
const GLOBAL_UNICAST: Range = [1n << 125n, (1n << 126n) - 1n];
const PUBLIC = SPECIAL_ADDRESSES.map(([cidr]) => parseCidr(cidr)).reduce(subtract, [MAPPED, GLOBAL_UNICAST]);

/**
 * `allow` lists the CIDRs an operator permits besides the public internet. An IPv6 range speaks of IPv6 only:
 * `::/0` does not open IPv4. Throws an Error naming the value where one is malformed.
 */
export function openAddressPolicy(settings: { readonly allow: readonly string[] }): AddressPolicy {
  const allowed = settings.allow.flatMap((value) => {
    const range = parseCidr(value);
    return value.includes(":") && contains([range], MAPPED[0]) && range[0] < MAPPED[0]
      ? subtract([range], MAPPED)
      : [range];
  });
  return {
    classify(address) {
      const number = toNumber(address);
      if (number === undefined) return "blocked";
      if (contains(allowed, number)) return "allowed";
      return contains(PUBLIC, number) ? "public" : "blocked";
    },
    blockList: toBlockList([...PUBLIC, ...allowed].reduce(subtract, [EVERYTHING])),
    allowsAny: allowed.length > 0,
  };
}

/** IPv4 and IPv6 rules apart: an IPv6 rule over the mapped block would block every mapped IPv4 address. */
function toBlockList(blocked: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const [first, last] of blocked) {
    const from = first > MAPPED[0] ? first : MAPPED[0];
    const to = last < MAPPED[1] ? last : MAPPED[1];
    if (from <= to) list.addRange(formatIpv4(from), formatIpv4(to), "ipv4");
  }
  for (const [first, last] of subtract(blocked, MAPPED)) {
    list.addRange(formatIpv6(first), formatIpv6(last), "ipv6");
  }
  return list;
}

function parseCidr(value: string): Range {
  const [, address = "", digits = ""] = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(value) ?? [];
  const start = toNumber(address);
  const width = isIPv4(address) ? 32 : 128;
  const prefix = Number(digits);
  if (start === undefined || digits === "" || prefix > width) {
    throw new Error(`"${value}" is not a range of addresses; write it like 10.0.0.0/8 or fd00::/8`);
  }
  const size = 1n << BigInt(width - prefix);
  if (start % size !== 0n) {
    throw new Error(
      `"${value}" is not the start of a /${prefix} range; write a single address with /${width}`,
    );
  }
  return [start, start + size - 1n];
}

function subtract(ranges: readonly Range[], [first, last]: Range): readonly Range[] {
  return ranges.flatMap((range): readonly Range[] => {
    if (last < range[0] || first > range[1]) return [range];
    const before: Range = [range[0], first - 1n];
    const after: Range = [last + 1n, range[1]];
    return [before, after].filter(([from, to]) => from <= to);
  });
}

function contains(ranges: readonly Range[], number: bigint): boolean {
  return ranges.some(([first, last]) => number >= first && number <= last);
}

function toNumber(address: string): bigint | undefined {
  if (isIPv4(address)) return MAPPED[0] + BigInt(ipv4Number(address));
  if (!isIPv6(address) || address.includes("%")) return undefined;
  const hex = address.replace(/[\d.]+\.\d+$/, (dotted) => {
    const number = ipv4Number(dotted);
    return `${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}`;
  });
  const [head = "", tail] = hex.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function ipv4Number(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function formatIpv4(mapped: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (mapped >> shift) & 0xffn).join(".");
}

function formatIpv6(number: bigint): string {
  const digits = number.toString(16).padStart(32, "0");
  return (digits.match(/.{4}/g) ?? []).join(":");
}
