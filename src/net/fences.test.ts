/** Nothing behind the guard is ever connected to: listeners on loopback count, and must count nothing. */
import { BlockList, createServer, type Server } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ReelayError } from "../core/errors.ts";
import { type AddressPolicy, openAddressPolicy } from "./address-policy.ts";
import { openFetcher } from "./fetch-file.ts";
import hosts from "./hosts.json" with { type: "json" };
import { assertEgressGuard } from "./self-test.ts";

const policy = openAddressPolicy({ allow: [] });
const LOOPBACK = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];
const CANARIES = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "::1"];

let hits: string[] = [];
let listeners: readonly Server[] = [];
let port = 0;

/** One port on every canary address, so that a spelling of any of them is heard. */
beforeAll(async () => {
  const open = (host: string, at: number) =>
    new Promise<Server>((resolve, reject) => {
      const server = createServer((socket) => {
        hits.push(host);
        socket.end("HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\nsecret");
      });
      server.once("error", reject).listen(at, host, () => resolve(server));
    });
  const first = await open("127.0.0.1", 0);
  const address = first.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
  listeners = [first, ...(await Promise.all(CANARIES.slice(1).map((host) => open(host, port))))];
});

afterAll(() => {
  for (const listener of listeners) listener.close();
});

beforeEach(() => {
  hits = [];
});

async function fetchText(url: string, rules: AddressPolicy, resolve = async () => LOOPBACK): Promise<string> {
  const fetcher = openFetcher({ policy: rules, ports: [port], resolve });
  const { body } = await fetcher.open(url, { maxBytes: 100 });
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function isListenedOn(host: string): boolean {
  const name = new URL(`http://${host}/`).hostname;
  return /^127\.0\.0\.1$|^\[::1?\]$|^\[::ffff:7f00:1\]$|^0\.0\.0\.0$|localhost/.test(name);
}

describe("every spelling of this machine", () => {
  test("the canaries do hear a fetch that is allowed", async () => {
    const lab = openAddressPolicy({ allow: ["127.0.0.0/8", "::1/128"] });
    for (const host of ["127.0.0.1", "0x7f.2", "127.3", "[::1]", "[::ffff:127.0.0.1]"]) {
      expect(await fetchText(`http://${host}:${port}/`, lab)).toBe("secret");
    }
    expect(hits.length).toBe(5);
    expect(new Set(hits).size).toBe(CANARIES.length);
  });

  test("the whole guard lets none through", async () => {
    for (const host of hosts.loopback) {
      for (const scheme of ["http", "https"]) {
        await expect(fetchText(`${scheme}://${host}:${port}/`, policy)).rejects.toThrow(ReelayError);
      }
    }
    expect(hits).toEqual([]);
  });

  test("the socket's list alone lets none through, should the classifier ever be wrong", async () => {
    const blind: AddressPolicy = { ...policy, classify: () => "allowed", allowsAny: true };
    const spellings = hosts.loopback.filter(isListenedOn);
    expect(spellings.length).toBeGreaterThan(30);
    for (const host of spellings) {
      for (const scheme of ["http", "https"]) {
        const error = await fetchText(`${scheme}://${host}:${port}/`, blind).catch((reason) => reason);
        expect(`${scheme}://${host} ${causeCode(error)}`).toBe(`${scheme}://${host} ERR_IP_BLOCKED`);
      }
    }
    expect(hits).toEqual([]);
  });

  test("the classifier alone lets none through, should the socket's list be ignored", async () => {
    const fenceless: AddressPolicy = { ...policy, blockList: new BlockList() };
    for (const host of [...hosts.loopback.filter(isListenedOn), "media.example"]) {
      await expect(fetchText(`http://${host}:${port}/`, fenceless)).rejects.toThrow(ReelayError);
    }
    expect(hits).toEqual([]);
  });
});

describe("names that change their answer", () => {
  test("a private address hidden among public ones, in any place, refuses them all", async () => {
    // 127.0.0.3 plays the public server, so that a broken guard does not leave this machine either.
    const real = openAddressPolicy({ allow: ["127.0.0.3/32"] });
    const classify = (address: string) => (address === "127.0.0.3" ? "public" : real.classify(address));
    const stage: AddressPolicy = { ...real, classify, allowsAny: false };
    for (let round = 0; round < 200; round++) {
      const answer = Array.from({ length: round % 3 }, () => ({ address: "127.0.0.3", family: 4 }));
      answer.splice(round % 4, 0, round % 2 === 0 ? LOOPBACK[0]! : LOOPBACK[1]!);
      const refused = fetchText(`http://rebind.example:${port}/`, stage, async () => answer);
      await expect(refused).rejects.toThrow("could not be fetched");
    }
    expect(hits).toEqual([]);
    // The same stage with nothing to refuse: the public address would have been reached.
    const fine = async () => [{ address: "127.0.0.3", family: 4 }];
    expect(await fetchText(`http://rebind.example:${port}/`, stage, fine)).toBe("secret");
  });

  test("the address that was checked is the address that is connected to", async () => {
    const lab = openAddressPolicy({ allow: ["127.0.0.1/32"] });
    let calls = 0;
    const alternate = async () => [{ address: calls++ % 2 === 0 ? "127.0.0.1" : "127.0.0.2", family: 4 }];
    for (let round = 0; round < 200; round++) {
      const outcome = fetchText(`http://rebind.example:${port}/`, lab, alternate);
      if (round % 2 === 0) expect(await outcome).toBe("secret");
      else await expect(outcome).rejects.toThrow("could not be fetched");
    }
    expect(calls).toBe(200);
    expect(hits).toEqual(Array(100).fill("127.0.0.1"));
  });

  test("a resolver is not asked about an address, and cannot lie about it", async () => {
    const liar = async () => [{ address: "127.0.0.1", family: 4 }];
    const lab: AddressPolicy = {
      ...openAddressPolicy({ allow: ["127.0.0.1/32"] }),
      blockList: new BlockList(),
    };
    await expect(fetchText(`http://127.0.0.2:${port}/`, lab, liar)).rejects.toThrow(ReelayError);
    expect(hits).toEqual([]);
    const silent = () => Promise.reject(new Error("asked"));
    expect(await fetchText(`http://127.0.0.1:${port}/`, lab, silent)).toBe("secret");
  });
});

describe("the test at start-up", () => {
  test("it passes where the socket refuses", async () => {
    await expect(assertEgressGuard()).resolves.toBeUndefined();
  });

  test("it stops the start where the socket connects", async () => {
    const ignored: AddressPolicy = { ...policy, blockList: new BlockList() };
    await expect(assertEgressGuard(ignored)).rejects.toThrow("listener saw 1 connections");
  });
});

function causeCode(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause ? cause.code : String(error);
}
