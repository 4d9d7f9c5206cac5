import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openAddressPolicy } from "./address-policy.ts";

const policy = openAddressPolicy({ allow: [] });

/** The IANA registries and what else must be refused, as first address and prefix length; not our own table. */
const IPV4: readonly [first: number, prefix: number][] = [
  [0x00000000, 8],
  [0x0a000000, 8],
  [0x64400000, 10],
  [0x7f000000, 8],
  [0xa83f8110, 32],
  [0xa9fe0000, 16],
  [0xac100000, 12],
  [0xc0000000, 24],
  [0xc0000200, 24],
  [0xc01fc400, 24],
  [0xc034c100, 24],
  [0xc0586300, 24],
  [0xc0a80000, 16],
  [0xc0af3000, 24],
  [0xc6120000, 15],
  [0xc6336400, 24],
  [0xcb007100, 24],
  [0xe0000000, 4],
  [0xf0000000, 4],
];
const IPV6: readonly [first: bigint, prefix: number][] = [
  [0n, 96],
  [0x0064ff9b_00000000_00000000_00000000n, 96],
  [0x0064ff9b_00010000_00000000_00000000n, 48],
  [0x01000000_00000000_00000000_00000000n, 64],
  [0x01000000_00000001_00000000_00000000n, 64],
  [0x20010000_00000000_00000000_00000000n, 23],
  [0x20010000_00000000_00000000_00000000n, 32],
  [0x20010002_00000000_00000000_00000000n, 48],
  [0x20010003_00000000_00000000_00000000n, 32],
  [0x20010004_01120000_00000000_00000000n, 48],
  [0x20010010_00000000_00000000_00000000n, 28],
  [0x20010020_00000000_00000000_00000000n, 28],
  [0x20010030_00000000_00000000_00000000n, 28],
  [0x20010db8_00000000_00000000_00000000n, 32],
  [0x20020000_00000000_00000000_00000000n, 16],
  [0x2620004f_80000000_00000000_00000000n, 48],
  [0x3fff0000_00000000_00000000_00000000n, 20],
  [0x5f000000_00000000_00000000_00000000n, 16],
  [0xfc000000_00000000_00000000_00000000n, 7],
  [0xfe800000_00000000_00000000_00000000n, 10],
  [0xfec00000_00000000_00000000_00000000n, 10],
  [0xff000000_00000000_00000000_00000000n, 8],
];

function isPublic4(number: number): boolean {
  return !IPV4.some(([first, prefix]) => number >>> (32 - prefix) === first >>> (32 - prefix));
}

function isPublic6(number: bigint): boolean {
  if (number >> 32n === 0xffffn) return isPublic4(Number(number & 0xffffffffn));
  if (number >> 125n !== 1n) return false;
  return !IPV6.some(([first, prefix]) => number >> BigInt(128 - prefix) === first >> BigInt(128 - prefix));
}

function text4(number: number): string {
  return [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join(".");
}

function text6(number: bigint): string {
  return [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n]
    .map((shift) => ((number >> shift) & 0xffffn).toString(16))
    .join(":");
}

/** As the URL parser shortens it, with `::` where there are zeros. */
function short6(number: bigint): string {
  return new URL(`http://[${text6(number)}]`).hostname.slice(1, -1);
}

const wrap32 = (number: number) => number >>> 0;
const wrap128 = (number: bigint) => BigInt.asUintN(128, number);

/** Anywhere, or within reach of the first or last address of a registered block. */
const address4 = fc.oneof(
  fc.nat(0xffffffff),
  fc
    .tuple(fc.constantFrom(...IPV4), fc.boolean(), fc.integer({ min: -2, max: 2 }))
    .map(([[first, prefix], end, step]) => wrap32(first + (end ? 2 ** (32 - prefix) - 1 : 0) + step)),
);
const address6 = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
  fc.bigInt({ min: 1n << 125n, max: (1n << 126n) - 1n }),
  address4.map((number) => (0xffffn << 32n) | BigInt(number)),
  fc
    .tuple(fc.constantFrom(...IPV6), fc.boolean(), fc.bigInt({ min: -2n, max: 2n }))
    .map(([[first, prefix], end, step]) =>
      wrap128(first + (end ? (1n << BigInt(128 - prefix)) - 1n : 0n) + step),
    ),
);

describe("against an oracle of the registries", () => {
  test("no IPv4 address is classified wrongly, alone or mapped, and the socket's list agrees", () => {
    fc.assert(
      fc.property(address4, (number) => {
        const address = text4(number);
        const expected = isPublic4(number) ? "public" : "blocked";
        expect(policy.classify(address)).toBe(expected);
        expect(policy.classify(`::ffff:${address}`)).toBe(expected);
        expect(policy.blockList.check(address, "ipv4")).toBe(expected === "blocked");
        expect(policy.blockList.check(`::ffff:${address}`, "ipv6")).toBe(expected === "blocked");
      }),
      { numRuns: 5_000 },
    );
  });

  test("no IPv6 address is classified wrongly in any spelling, and the socket's list agrees", () => {
    fc.assert(
      fc.property(address6, (number) => {
        const expected = isPublic6(number) ? "public" : "blocked";
        expect(policy.classify(text6(number))).toBe(expected);
        expect(policy.classify(short6(number))).toBe(expected);
        expect(policy.classify(text6(number).toUpperCase())).toBe(expected);
        expect(policy.blockList.check(text6(number), "ipv6")).toBe(expected === "blocked");
      }),
      { numRuns: 5_000 },
    );
  });

  test("an IPv6 address that carries a blocked IPv4 address is blocked, whatever the carrier", () => {
    fc.assert(
      fc.property(
        address4.filter((number) => !isPublic4(number)),
        (number) => {
          const inner = BigInt(number);
          const carriers = {
            mapped: (0xffffn << 32n) | inner,
            compatible: inner,
            nat64: (0x64ff9bn << 96n) | inner,
            localNat64: (0x64ff9b0001n << 80n) | inner,
            sixToFour: (0x2002n << 112n) | (inner << 80n),
            teredoServer: (0x20010000n << 96n) | (inner << 64n),
            teredoClient: (0x20010000n << 96n) | (inner ^ 0xffffffffn),
          };
          for (const carrier of Object.values(carriers)) {
            expect(policy.classify(text6(carrier))).toBe("blocked");
            expect(policy.blockList.check(text6(carrier), "ipv6")).toBe(true);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("ranges that the operator allows", () => {
  test("an allowed range opens exactly itself, mapped spelling included", () => {
    const lab = openAddressPolicy({ allow: ["10.1.0.0/16", "fd12::/32", "8.8.8.0/24"] });
    const expected = {
      "10.1.0.0": "allowed",
      "10.1.255.255": "allowed",
      "10.0.255.255": "blocked",
      "10.2.0.0": "blocked",
      "::ffff:10.1.2.3": "allowed",
      "::10.1.2.3": "blocked",
      "64:ff9b::10.1.2.3": "blocked",
      "fd12::1": "allowed",
      "fd12:0:ffff::1": "allowed",
      "fd12:1::1": "blocked",
      "fd11:ffff:ffff::1": "blocked",
      "127.0.0.1": "blocked",
      "8.8.8.8": "allowed",
      "8.8.4.4": "public",
    };
    for (const [address, kind] of Object.entries(expected)) {
      expect(`${address} ${lab.classify(address)}`).toBe(`${address} ${kind}`);
      const family = address.includes(":") ? "ipv6" : "ipv4";
      expect(lab.blockList.check(address, family)).toBe(kind === "blocked");
    }
  });

  test("::/0 opens IPv6 and not one blocked IPv4 address", () => {
    const open = openAddressPolicy({ allow: ["::/0"] });
    expect(open.classify("fe80::1")).toBe("allowed");
    expect(open.classify("10.0.0.1")).toBe("blocked");
    expect(open.classify("::ffff:10.0.0.1")).toBe("blocked");
    expect(open.blockList.check("::ffff:10.0.0.1", "ipv6")).toBe(true);
    expect(openAddressPolicy({ allow: ["0.0.0.0/0"] }).classify("::1")).toBe("blocked");
  });

  test("a malformed range stops the start and is named", () => {
    const wrong = [
      "",
      "local",
      "10.0.0.0",
      "10.0.0.0/",
      "10.0.0.0/33",
      "10.0.0.1/8",
      "10.0.0/8",
      "010.0.0.0/8",
    ];
    for (const value of [
      ...wrong,
      "::/129",
      "fe80::%1/64",
      "::1/64",
      "10.0.0.0/8 ",
      "10.0.0.0/-1",
      "1:2/16",
    ]) {
      expect(() => openAddressPolicy({ allow: ["192.168.0.0/16", value] })).toThrow(`"${value}"`);
    }
  });
});

test("what is not an address, or carries a zone, is blocked", () => {
  for (const text of [
    "",
    "localhost",
    "fe80::1%eth0",
    "2606:4700::1%1",
    "8.8.8.8 ",
    "8.8.8",
    "0x08080808",
    "[2606::1]",
    "08.8.8.8",
  ]) {
    expect(`${text}: ${policy.classify(text)}`).toBe(`${text}: blocked`);
  }
});
