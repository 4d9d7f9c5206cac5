import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import Fastify from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Provider, WebhookCall } from "../../src/core/provider.ts";
import { mountHooks } from "../../src/http/hooks.ts";
import { fal } from "../../src/providers/fal.ts";
import { openSignatures } from "../../src/providers/fal-webhook.ts";
import type { Hooks } from "../../src/tasks/hooks.ts";
import { FAL_KEY, type FalStandIn, startFal } from "../standins/fal.ts";
import { startStandIn } from "../standins/standin.ts";
import { until } from "../support/until.ts";
import { ending, NEVER } from "./provider-samples.ts";
import { openKind } from "./under.ts";
import { workFor } from "./work.ts";

const JWKS = "/.well-known/jwks.json";
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const QUERY = "app=fal-ai%2Fpixverse";

let standIn: FalStandIn;
let provider: Provider;
/** Ahead of the wall clock. */
let ahead: number;

beforeEach(async () => {
  standIn = await startFal();
  ahead = 0;
  provider = await openKind(fal, {
    baseUrl: standIn.url,
    key: FAL_KEY,
    settings: { jwks_url: `${standIn.url}${JWKS}` },
    now: () => Date.now() + ahead,
  });
});
afterEach(async () => {
  await provider.close?.();
  await standIn.close();
  expect(standIn.complaints).toEqual([]);
});

const keyAsks = (): number => standIn.asks.filter(({ path }) => path === JWKS).length;
const hear = (call: WebhookCall) => provider.readWebhook?.({ query: QUERY, ...call });
const publishedKeys = async (): Promise<readonly unknown[]> => {
  const { keys } = (await (await fetch(`${standIn.url}${JWKS}`)).json()) as {
    readonly keys: readonly unknown[];
  };
  return keys;
};
const signNow = (body?: unknown) =>
  standIn.sign("req_1", {
    seconds: (Date.now() + ahead) / 1000,
    ...(body === undefined ? {} : { body }),
  });
/** By openssl, of the message below, with the key of RFC 8032, section 7.1, test 1. */
const GOLDEN =
  "0231752e9491773a103cf7672c8157587fe3b7210b7bbd950fa1f4c15a7fada58e5af3b900a53030c0da58fb938b3a79279fb4d93214768a70d22e46d37da604";
const TICKET = {
  request: "req_1",
  status: "fal-ai/pixverse/requests/req_1/status",
  response: "fal-ai/pixverse/requests/req_1",
  cancel: "fal-ai/pixverse/requests/req_1/cancel",
};

describe("a call of fal", () => {
  it("after a lost answer names the work, which is then found done", async () => {
    const told: WebhookCall[] = [];
    // Our own route takes it: what fal is given has to come through it whole.
    const app = Fastify();
    const take: Hooks["take"] = async ({ taskId, attemptId, signature, call }) => {
      expect([taskId, attemptId, signature]).toEqual(["task", "att_1", "s-g_n"]);
      told.push(call);
    };
    const hooks = { take } as Hooks;
    mountHooks(app, { hooks, onBug: () => undefined });
    const origin = await app.listen({ host: "127.0.0.1", port: 0 });
    const body = { prompt: "A fox. script: accept-then-drop duration=50" };
    const webhookUrl = `${origin}/hooks/task/att_1/s-g_n`;
    const work = workFor({ kind: "fal", model: "pixverse-v6-text-to-video", body, webhookUrl });
    expect(await provider.submit(work, NEVER)).toEqual({ unknown: expect.any(String) });
    const [call] = await until(() => told.length > 0 && told, { ms: 5_000 });
    await app.close();
    const heard = call && (await provider.readWebhook?.(call));
    if (typeof heard !== "object" || heard.ticket === undefined) throw new Error(`heard ${String(heard)}`);
    expect((await ending({ provider } as Parameters<typeof ending>[0], heard.ticket)).state).toBe("done");
    expect(standIn.jobs.size).toBe(1);
  });

  it("that something went wrong names the work all the same", async () => {
    const body = {
      request_id: "req_1",
      gateway_request_id: "req_2",
      status: "ERROR",
      error: "422",
      payload: null,
    };
    expect(await hear(signNow(body))).toEqual({ ticket: TICKET });
  });

  it.each([
    ["names no request", { status: "OK" }, QUERY],
    ["names a request that is no text", { request_id: { id: 1 } }, QUERY],
    ["is no object", [], QUERY],
    ["comes without its app", { request_id: "req_1" }, ""],
    ["comes with an app that leads elsewhere", { request_id: "req_1" }, "app=..%2F.."],
    ["comes with a whole endpoint as its app", { request_id: "req_1" }, "app=fal-ai%2Fveo3.1%2Ffast"],
  ])("that %s is a reason to look and nothing more", async (_name, body, query) => {
    expect(await hear({ ...signNow(body), query })).toEqual({ ticket: undefined });
  });

  it("has the signature that fal's documentation describes: a key, a message and a signature that never change", async () => {
    const seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    const privateKey = createPrivateKey({
      key: Buffer.from(`302e020100300506032b657004220420${seed}`, "hex"),
      format: "der",
      type: "pkcs8",
    });
    const jwk = createPublicKey(privateKey).export({ format: "jwk" });
    expect(jwk.x).toBe("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    const keys = await startStandIn({
      answer: () => ({ status: 200, body: { keys: [{ kty: "RSA" }, 7, jwk] } }),
    });
    const signatures = openSignatures({ jwksUrl: `${keys.url}/k?v=1`, now: () => 1_795_132_800_000 });
    const headers = {
      "x-fal-webhook-request-id": "764cabcf",
      "x-fal-webhook-user-id": "user_1",
      "x-fal-webhook-timestamp": "1795132800",
      "x-fal-webhook-signature": GOLDEN,
    };
    expect(await signatures.fit(headers, Buffer.from('{"request_id":"764cabcf","status":"OK"}'))).toBe(true);
    expect(await signatures.fit(headers, Buffer.from('{"request_id":"764cabcf","status":"ok"}'))).toBe(false);
    await signatures.close();
    await keys.close();
    expect(keys.asks.map(({ path }) => path)).toEqual(["/k?v=1"]);
    const digest = "79de0504b37500769401aaee3dadf98ebc07def0edcf9a58ac560e97fe901946";
    const message = Buffer.from(`764cabcf\nuser_1\n1795132800\n${digest}`);
    expect(sign(null, message, privateKey).toString("hex")).toBe(GOLDEN);
  });

  it.each([
    [-301, "forged"],
    [-299, { ticket: TICKET }],
    [299, { ticket: TICKET }],
    [301, "forged"],
  ])("signed %i seconds from now is %j", async (seconds, heard) => {
    expect(await hear(standIn.sign("req_1", { seconds: Date.now() / 1000 + seconds }))).toEqual(heard);
  });

  it.each(["0x6a", "1e9", "", "1795132800.5", "NaN", "-1"])(
    "with %j for a time is forged without a look at the keys",
    async (time) => {
      const call = signNow();
      const headers = { ...call.headers, "x-fal-webhook-timestamp": time };
      expect(await hear({ ...call, headers })).toBe("forged");
      expect(keyAsks()).toBe(0);
    },
  );

  it.each(["", "00", "zz".repeat(64), "0".repeat(128), "0".repeat(256)])(
    "with %j for a signature is forged",
    async (signature) => {
      const call = signNow();
      const headers = { ...call.headers, "x-fal-webhook-signature": signature };
      expect(await hear({ ...call, headers })).toBe("forged");
    },
  );
});

describe("fal's keys", () => {
  it("are asked for once, also by many calls at once", async () => {
    const calls = await Promise.all(Array.from({ length: 20 }, () => hear(signNow())));
    expect(calls).toEqual(calls.map(() => ({ ticket: TICKET })));
    expect(keyAsks()).toBe(1);
  });

  it("are asked for again when a call is signed with one that is not known, and the call is then believed", async () => {
    await hear(signNow());
    standIn.rotate();
    ahead = MINUTE;
    expect(await hear(signNow())).toEqual({ ticket: TICKET });
    expect(keyAsks()).toBe(2);
  });

  it("are asked for at most once a minute, however many calls have a signature that is made up", async () => {
    await hear(signNow());
    const forge = () => hear({ ...signNow(), body: Buffer.from('{"request_id":"req_2"}') });
    for (let time = 0; time < 5; time++) expect(await forge()).toBe("forged");
    expect(keyAsks()).toBe(1);
    ahead = MINUTE;
    expect(await Promise.all(Array.from({ length: 5 }, forge))).toEqual(Array(5).fill("forged"));
    expect(keyAsks()).toBe(2);
  });

  it("are forgotten after a day, so that one that fal has withdrawn is worth nothing", async () => {
    const seconds = (Date.now() + DAY) / 1000;
    await hear(signNow());
    const late = standIn.sign("req_1", { seconds });
    standIn.rotate();
    ahead = DAY - MINUTE;
    expect(await hear(late)).toEqual({ ticket: TICKET });
    ahead = DAY;
    expect(await hear(late)).toBe("forged");
    expect(keyAsks()).toBe(2);
  });

  it.each([
    ["another kind of key", generateKeyPairSync("x25519").publicKey.export({ format: "jwk" })],
    [
      "a curve that needs a hash",
      generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" }),
    ],
    ["no key at all", { kty: "OKP" }],
  ])(
    "of which one is %s are as good as without it, and worth nothing where it is alone",
    async (_name, odd) => {
      const [standInKey] = await publishedKeys();
      let listed: readonly unknown[] = [odd, standInKey];
      const keys = await startStandIn({ answer: () => ({ status: 200, body: { keys: listed } }) });
      const { headers, body } = signNow();
      const both = openSignatures({ jwksUrl: keys.url, now: Date.now });
      expect(await both.fit(headers, body)).toBe(true);
      listed = [odd];
      const alone = openSignatures({ jwksUrl: keys.url, now: Date.now });
      await expect(alone.fit(headers, body)).rejects.toMatchObject({ code: "provider_failed" });
      await Promise.all([both.close(), alone.close()]);
      await keys.close();
    },
  );

  it("that cannot be had make a call neither believed nor forged, and fal calls again", async () => {
    standIn.keysAreUp = false;
    for (let time = 0; time < 3; time++) {
      await expect(hear(signNow())).rejects.toMatchObject({ code: "provider_failed" });
    }
    expect(keyAsks()).toBe(1);
    standIn.keysAreUp = true;
    ahead = MINUTE;
    expect(await hear(signNow())).toEqual({ ticket: TICKET });
  });
});
