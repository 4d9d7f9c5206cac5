import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mintApiKey } from "../core/api-key.ts";
import { openKeys } from "../core/keys.ts";
import type { Store } from "../core/store.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { type Auth, openAuth } from "./auth.ts";

let folder: string;
let store: Store;
let authenticate: Auth["authenticate"];
let live: { key: string; id: string };
let revoked: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reelay-auth-"));
  store = await openSqliteStore({ path: join(folder, "reelay.db") });
  const keys = openKeys(store, { now: () => 1000 });
  const made = [await keys.create({ name: "live" }), await keys.create({ name: "revoked" })] as const;
  live = { key: made[0].key, id: made[0].record.id };
  revoked = made[1].key;
  await keys.revoke(made[1].record.id);
  authenticate = openAuth(store, { now: () => 1000 }).authenticate;
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function refusal(authorization: string | undefined): Promise<{ code: string; message: string }> {
  return authenticate(authorization).then(
    () => ({ code: "accepted", message: "" }),
    ({ code, message }: { code: string; message: string }) => ({ code, message }),
  );
}

it.each(["Bearer ", "bearer ", "BEARER   "])("a live key is known behind %j", async (scheme) => {
  expect(await authenticate(scheme + live.key)).toMatchObject({ id: live.id, name: "live" });
});

it.each([undefined, ""])("no header (%j) says which one to send", async (header) => {
  expect(await refusal(header)).toEqual({
    code: "unauthenticated",
    message: expect.stringContaining("Authorization: Bearer"),
  });
});

it("a header of another form is refused without a look-up", async () => {
  const findKey = (): never => {
    throw new Error("looked up");
  };
  const untouched = openAuth({ findKey }, { now: () => 1000 }).authenticate;
  const headers = [
    "Bearer",
    "Bearer ",
    `Basic ${live.key}`,
    live.key,
    `Bearer ${live.key} x`,
    "Bearer sk-123",
  ];
  for (const header of [
    ...headers,
    `Bearer ${live.key}x`,
    `Bearer ${live.key.slice(0, -1)}`,
    "Bearer ключ",
  ]) {
    await expect(untouched(header), header).rejects.toMatchObject({ code: "unauthenticated" });
  }
});

it("an unknown and a revoked key get one and the same answer", async () => {
  const unknown = await refusal(`Bearer ${mintApiKey("live")}`);
  expect(unknown.code).toBe("unauthenticated");
  expect(await refusal(`Bearer ${revoked}`)).toEqual(unknown);
});

it("no refusal repeats the key: it would reach a log", async () => {
  for (const key of [revoked, `${live.key}x`, mintApiKey("test")]) {
    expect((await refusal(`Bearer ${key}`)).message).not.toContain(key.slice(-8));
  }
});

it("a key revoked by another process is refused a second later, one revoked through us at once", async () => {
  const clock = { time: 5000, now: () => clock.time };
  const auth = openAuth(store, clock);
  const keys = openKeys(store, clock, auth.forget);
  const elsewhere = openKeys(store, clock);
  const [first, second] = [await keys.create({ name: "first" }), await keys.create({ name: "second" })];
  for (const { key } of [first, second]) await auth.authenticate(`Bearer ${key}`);

  await elsewhere.revoke(first.record.id);
  clock.time += 1000;
  await expect(auth.authenticate(`Bearer ${first.key}`)).rejects.toMatchObject({ code: "unauthenticated" });

  await auth.authenticate(`Bearer ${second.key}`);
  await keys.revoke(second.record.id);
  await expect(auth.authenticate(`Bearer ${second.key}`)).rejects.toMatchObject({ code: "unauthenticated" });
});

it("a key that polls is looked up once a second, not once a request", async () => {
  let looked = 0;
  const clock = { time: 9000, now: () => clock.time };
  const findKey = (digest: string) => {
    looked++;
    return store.findKey(digest);
  };
  const auth = openAuth({ findKey }, clock);
  for (let i = 0; i < 10; i++) await auth.authenticate(`Bearer ${live.key}`);
  expect(looked).toBe(1);
  clock.time += 1000;
  await auth.authenticate(`Bearer ${live.key}`);
  expect(looked).toBe(2);
});
