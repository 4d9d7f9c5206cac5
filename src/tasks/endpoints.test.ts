import { describe, expect, test } from "vitest";
import type { DeliveryRecord } from "../core/delivery.ts";
import { openEndpoints } from "./endpoints.ts";

const row = (id: string, url: string): DeliveryRecord => ({
  id,
  taskId: `task of ${id}`,
  keyId: "key_1",
  url,
  state: "waiting",
  tries: 0,
  createdAt: 1,
  dueAt: 1,
});

/** Work that ends when it is told to. */
function openStage() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  let rooms = 0;
  const endpoints = openEndpoints({
    perEndpoint: 2,
    onRoom: () => rooms++,
    carry: ({ id }) =>
      new Promise((resolve) => {
        begun.push(id);
        ends.set(id, resolve);
      }),
  });
  const end = async (id: string): Promise<void> => {
    ends.get(id)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { endpoints, begun, end, rooms: () => rooms };
}

describe("endpoints", () => {
  test("paths of one origin share its places; other ports, hosts and schemes have their own", () => {
    const { endpoints, begun } = openStage();
    const urls = [
      "https://a.example/1",
      "https://a.example:443/2",
      "https://a.example/3",
      "https://b.example/",
    ];
    for (const url of [...urls, "https://a.example:8443/", "http://a.example/", "no url"]) {
      expect(endpoints.add(row(url, url))).toBe(true);
    }
    expect(begun).toEqual([
      ...["https://a.example/1", "https://a.example:443/2", "https://b.example/"],
      ...["https://a.example:8443/", "http://a.example/", "no url"],
    ]);
  });

  test("a row that is waiting, under way, or ended since the look began is not taken twice", async () => {
    const { endpoints, begun, end } = openStage();
    endpoints.beginLook();
    const rows = ["a", "b", "c"].map((id) => row(id, "https://a.example/"));
    expect(rows.map(endpoints.add)).toEqual([true, true, true]);
    expect(rows.map(endpoints.add)).toEqual([false, false, false]);
    await end("a");
    expect(rows.map(endpoints.add)).toEqual([false, false, false]);
    endpoints.beginLook();
    expect(rows.map(endpoints.add)).toEqual([true, false, false]);
    expect(begun).toEqual(["a", "b", "c"]);
  });

  test("one origin holds 256 waiting, turns the rest away, and says when it has room again", async () => {
    const { endpoints, begun, end, rooms } = openStage();
    const taken = Array.from({ length: 300 }, (_, n) => endpoints.add(row(`r${n}`, "https://a.example/")));
    expect(taken.filter(Boolean)).toHaveLength(258);
    for (let n = 0; n < 254; n++) await end(`r${n}`);
    expect(rooms()).toBe(1);
    expect(begun).toHaveLength(256);
    expect(endpoints.add(row("again", "https://a.example/"))).toBe(true);
  });

  test("500 at once in all; who waits for a place gets it in turn, not who had it", async () => {
    const { endpoints, begun, end } = openStage();
    for (let n = 0; n < 250; n++) {
      for (const part of ["a", "b", "c"]) endpoints.add(row(`${n}${part}`, `https://h${n}.example/`));
    }
    expect(begun).toHaveLength(500);
    endpoints.add(row("late", "https://late.example/"));
    expect(begun).toHaveLength(500);
    await end("7a");
    expect(begun.slice(500)).toEqual(["late"]);
    await end("late");
    expect(begun.slice(501)).toEqual(["7c"]);
  });

  test("closed, it begins nothing and resolves with the last one under way", async () => {
    const { endpoints, begun, end } = openStage();
    for (const id of ["a", "b", "c"]) endpoints.add(row(id, "https://a.example/"));
    let closed = false;
    const closing = endpoints.close().then(() => {
      closed = true;
    });
    await end("a");
    expect([closed, begun]).toEqual([false, ["a", "b"]]);
    expect(endpoints.add(row("d", "https://a.example/"))).toBe(false);
    await end("b");
    await closing;
    expect(begun).toEqual(["a", "b"]);
  });
});
