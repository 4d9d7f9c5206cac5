import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../core/store.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { ensureSecret, newSecret, rotateSecret, signWebhook } from "./sign.ts";

/** The receiver's side, written from the specification: any listed v1 signature that fits is enough. */
function verifies(headers: Readonly<Record<string, string>>, body: Buffer, secret: string): boolean {
  const signed = Buffer.concat([
    Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.`),
    body,
  ]);
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const expected = createHmac("sha256", key).update(signed).digest("base64");
  return (headers["webhook-signature"] ?? "").split(" ").some((one) => one === `v1,${expected}`);
}

const SECRETS = [newSecret(), newSecret()];
const BODY = Buffer.from('{"id":"task-1","prompt":"Füchse \u{1F98A}"}');
const signed = () => signWebhook({ id: "whd_1", at: 1_674_087_231_999, body: BODY }, SECRETS);

describe("a signature", () => {
  test("is the one that the specification's libraries expect of their example", () => {
    const message = {
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      at: 1_614_265_330_000,
      body: Buffer.from('{"test": 2432232314}'),
    };
    expect(signWebhook(message, ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  test("is found good with either of two live secrets and with no other", () => {
    const headers = signed();
    expect(headers["webhook-timestamp"]).toBe("1674087231");
    for (const secret of SECRETS) expect(verifies(headers, BODY, secret)).toBe(true);
    expect(verifies(headers, BODY, newSecret())).toBe(false);
  });

  test("does not fit once any byte of the body, the id or the time is another", () => {
    const headers = signed();
    for (let at = 0; at < BODY.length; at++) {
      const tampered = Buffer.from(BODY);
      tampered.writeUInt8(tampered.readUInt8(at) ^ 1, at);
      expect(verifies(headers, tampered, SECRETS[0]!), `byte ${at}`).toBe(false);
    }
    expect(verifies(headers, BODY.subarray(1), SECRETS[0]!)).toBe(false);
    for (const name of ["webhook-id", "webhook-timestamp"]) {
      const value = headers[name] ?? "";
      for (let at = 0; at < value.length; at++) {
        const other = value[at] === "9" ? "8" : "9";
        const tampered = { ...headers, [name]: value.slice(0, at) + other + value.slice(at + 1) };
        expect(verifies(tampered, BODY, SECRETS[0]!), `${name} ${at}`).toBe(false);
      }
    }
  });
});

test("a secret is whsec_ and 32 random bytes", () => {
  const secrets = Array.from({ length: 100 }, newSecret);
  expect(new Set(secrets).size).toBe(100);
  for (const secret of secrets) {
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(Buffer.from(secret.slice(6), "base64")).toHaveLength(32);
  }
});

describe("the secrets of a key", () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelay-secrets-"));
    store = await openSqliteStore({ path: join(folder, "reelay.db") });
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  test("the first is made when it is needed and stays; each key has its own", async () => {
    const [first] = await ensureSecret(store, "key_1", 1_000);
    expect(await ensureSecret(store, "key_1", 2_000)).toEqual([first]);
    const [other] = await ensureSecret(store, "key_2", 2_000);
    expect(other?.secret).not.toBe(first?.secret);
  });

  test("after a rotation both sign until the overlap ends, the new one first, then it alone", async () => {
    const [old] = await ensureSecret(store, "key_1", 1_000);
    const fresh = await rotateSecret(store, { keyId: "key_1", now: 2_000, overlapMs: 500 });
    const secretsAt = async (now: number) =>
      (await ensureSecret(store, "key_1", now)).map(({ secret }) => secret);
    expect(await secretsAt(2_499)).toEqual([fresh.secret, old?.secret]);
    expect(await secretsAt(2_500)).toEqual([fresh.secret]);
    expect(await secretsAt(1e15)).toEqual([fresh.secret]);
  });

  test("without an overlap the old one is dead at once", async () => {
    await ensureSecret(store, "key_1", 1_000);
    const fresh = await rotateSecret(store, { keyId: "key_1", now: 1_000, overlapMs: 0 });
    expect(await ensureSecret(store, "key_1", 1_000)).toEqual([fresh]);
  });
});
