import { describe, expect, it } from "vitest";
import { ReelayError } from "../core/errors.ts";
import { openAuthFailures } from "./auth-failures.ts";

const WRONG = new ReelayError("unauthenticated", "This key is unknown.");

function open(perMinute = 10) {
  const clock = { now: 1_200_000 };
  const failures = openAuthFailures(perMinute, () => clock.now);
  const fail = (address = "192.0.2.1"): ReelayError => failures.count(address, WRONG) as ReelayError;
  const refused = (times: number, address?: string): number =>
    Array.from({ length: times }, () => fail(address)).filter(({ code }) => code === "rate_limited").length;
  return { clock, failures, fail, refused };
}

it("ten failures a minute are told what is wrong, the eleventh is not", () => {
  const { fail, refused } = open();
  expect(refused(10)).toBe(0);
  expect(fail()).toMatchObject({ code: "rate_limited", retryAfter: 60 });
});

it("from there on every answer has one text, whatever was tried", () => {
  const { failures, refused } = open();
  refused(10);
  const tried = ["unknown", "revoked", "malformed"].map((text) => new ReelayError("unauthenticated", text));
  const told = tried.map((error) => (failures.count("192.0.2.1", error) as Error).message);
  expect(new Set(told).size).toBe(1);
});

it("another address is not held to account, and the next minute begins anew", () => {
  const { clock, refused } = open();
  expect(refused(15)).toBe(5);
  expect(refused(10, "192.0.2.2")).toBe(0);
  clock.now += 60_000;
  expect(refused(10)).toBe(0);
});

it("an error of ours is not the client's failure", () => {
  const { failures, refused } = open();
  const broken = new Error("disk");
  for (let i = 0; i < 20; i++) expect(failures.count("192.0.2.1", broken)).toBe(broken);
  expect(refused(10)).toBe(0);
});

it("0 is no limit", () => {
  expect(open(0).refused(1000)).toBe(0);
});

describe("addresses of one network", () => {
  it.each([
    ["2001:db8:1:2::1", "2001:db8:1:2:ffff::1", true],
    ["2001:db8:1:2::1", "2001:db8:1:3::1", false],
    ["2001:db8::1", "2001:db8::2", true],
    ["2001:db8::1", "2001:db8:0:1::1", false],
    ["::1", "::2", true],
    ["fe80::1", "fe80:0:0:0:1:2:3:4", true],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.2", false],
  ])("%s and %s count together: %s", (one, other, together) => {
    const { refused } = open(1);
    refused(1, one);
    expect(refused(1, other)).toBe(together ? 1 : 0);
  });
});

it("a flood from ever new addresses grows no memory, and is limited all the same", () => {
  const { refused } = open();
  let limited = 0;
  for (let i = 0; i < 50_000; i++) limited += refused(1, `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
  expect(limited).toBe(50_000 - 10_000 - 10);
});
