import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { validate } from "../../src/catalog/validate.ts";
import type { Provider, Submission } from "../../src/core/provider.ts";
import { signCall } from "../standins/foxapi.ts";
import { startStandIn } from "../standins/standin.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import { bodyOf, MODELS, prepared, SECRET, useFoxapi, work } from "./foxapi-under.ts";
import { NEVER } from "./provider-samples.ts";

const OTHER_SECRET = "whsec_b3RoZXIgc2VjcmV0IG9mIDI0IGJ5dGVz";

const { standIn, start, open, creates } = useFoxapi();

describe("an attempt whose answer a Reelay's network lost", () => {
  let now = Date.now();
  beforeEach(async () => {
    now = Date.now();
    await start({ reelay: true });
  });
  const openReelay = () => open({ reelay: "yes" }, { now: () => now });
  const lost = async (provider: Provider, script: string): Promise<Submission> => {
    const order = await prepared(provider, work(script));
    expect(await provider.submit(order, NEVER)).toEqual({ unknown: expect.any(String) });
    return order;
  };

  it("is found by another process, also after its end, and there is one task of it", async () => {
    const order = await lost(await openReelay(), "accept-then-drop duration=0");
    const other = await openReelay();
    for (let time = 0; time < 3; time++) {
      expect(await other.find?.(order.attemptId, order)).toEqual({
        accepted: { id: [...standIn().jobs.keys()][0] },
      });
    }
    expect(standIn().jobs.size).toBe(1);
  });

  it("is absent once the submit can no longer be on its way, and its next submit makes one task", async () => {
    const provider = await openReelay();
    const order = await lost(provider, "drop-before-accept times=1");
    for (const ms of [0, 5_000, 4_999]) {
      now += ms;
      expect(await provider.find?.(order.attemptId, order)).toBe("unknown");
    }
    now += 1;
    expect(await provider.find?.(order.attemptId, order)).toBe("absent");
    expect(await provider.find?.(order.attemptId, order), "and the wait begins anew").toBe("unknown");
    expect(standIn().jobs.size).toBe(0);
    expect(await provider.submit(order, NEVER)).toMatchObject({ accepted: expect.anything() });
    // The first submit comes late after all.
    expect(await provider.submit(order, NEVER)).toMatchObject({ accepted: expect.anything() });
    expect(standIn().jobs.size).toBe(1);
  });

  it("stays unknown where the body would be another by now, at a submit as well, and nothing is ordered", async () => {
    const provider = await openReelay();
    const order = await lost(provider, "accept-then-drop");
    const changed = { ...order, webhookUrl: "https://new.example/hooks" };
    expect(await provider.find?.(order.attemptId, changed)).toBe("unknown");
    expect(await provider.submit(changed, NEVER)).toEqual({
      unknown: expect.stringContaining("another request"),
    });
    expect(standIn().jobs.size).toBe(1);
  });

  it.each([
    ["a day later, when its key may be forgotten", (order: Submission) => order, 23 * 3_600_000 + 1],
    ["that was not prepared", (order: Submission) => ({ ...order, prepared: null }), 0],
    ["that nobody can describe any more", (order: Submission) => ({ ...order, endpoint: "", params: {} }), 0],
  ])("%s is not asked about", async (_name, change, ms) => {
    const provider = await openReelay();
    const order = await lost(provider, "accept-then-drop");
    const asks = standIn().asks.length;
    now += ms;
    expect(await provider.find?.(order.attemptId, change(order))).toBe("unknown");
    expect(standIn().asks).toHaveLength(asks);
  });

  it.each([
    [422, { error: { code: "model_not_found" } }],
    [422, null],
    [200, { id: "task-of-a-server-that-takes-anything" }],
  ])("is unknown where the question is answered with %s %j", async (status, body) => {
    const order = await lost(await openReelay(), "accept-then-drop");
    const other = await startStandIn({ answer: () => ({ status, body }) });
    const provider = await open({ reelay: "yes" }, { baseUrl: other.url });
    expect(await provider.find?.(order.attemptId, order)).toBe("unknown");
    expect(other.asks).toHaveLength(1);
    await other.close();
  });

  it("is asked about with a request that no model takes", async () => {
    const provider = await openReelay();
    const order = await lost(provider, "drop-before-accept");
    await provider.find?.(order.attemptId, order);
    expect(creates().at(-1)?.json).toEqual({ model: order.endpoint, prompt: 0, duration: -1 });
    for (const model of MODELS.values()) {
      const taken = () => validate(model, { prompt: 0, duration: -1 });
      expect(taken).toThrow(expect.objectContaining({ code: "invalid_parameters" }));
    }
  });
});

describe("a cancel", () => {
  it("is not offered where the other side is FoxAPI, nor is a look-up", async () => {
    const provider = await open();
    expect([provider.cancel, provider.find]).toEqual([undefined, undefined]);
  });

  it("of a task that a Reelay does not know is too late", async () => {
    await start({ reelay: true });
    const provider = await open({ reelay: "yes" });
    expect(await provider.cancel?.({ id: "task-unified-1757165031-uyujaw3d" })).toBe("too-late");
  });
});

describe("a call", () => {
  const body = bodyOf({ id: "task-unified-1757165031-uyujaw3d" });
  const heard = { ticket: { id: "task-unified-1757165031-uyujaw3d" } };

  it("is believed without a signature only where no secret is set", async () => {
    const call = { headers: {}, body };
    expect(await (await open()).readWebhook?.(call)).toEqual(heard);
    expect(await (await open({ webhook_secret: SECRET })).readWebhook?.(call)).toBe("forged");
  });

  it("has the signature that Standard Webhooks gives for an example", async () => {
    const provider = await open({ webhook_secret: SECRET }, { now: () => 1_614_265_330_000 });
    const call = {
      headers: {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
      },
      body: Buffer.from('{"test": 2432232314}'),
    };
    expect(await provider.readWebhook?.(call)).toEqual({ ticket: undefined });
  });

  it("may be signed with the secret of before as well, in any order, and by nobody else", async () => {
    const provider = await open({ webhook_secret: SECRET });
    expect(await provider.readWebhook?.(signCall(body, [OTHER_SECRET, SECRET]))).toEqual(heard);
    expect(await provider.readWebhook?.(signCall(body, [SECRET, OTHER_SECRET]))).toEqual(heard);
    expect(await provider.readWebhook?.(signCall(body, [OTHER_SECRET]))).toBe("forged");
  });

  it.each([
    [299_000, heard],
    [-299_000, heard],
    [302_000, "forged"],
    [-302_000, "forged"],
  ])("that is %s ms old", async (age, what) => {
    const provider = await open({ webhook_secret: SECRET });
    expect(await provider.readWebhook?.(signCall(body, [SECRET], Date.now() - age))).toEqual(what);
  });
});

describe("a real server of ours on the other side", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer(NO_RENDER);
  });
  afterAll(() => server.discard());

  const openReal = (now = Date.now) => open({ reelay: "yes" }, { baseUrl: server.url, key: server.key, now });
  const tasks = async () => {
    const headers = { authorization: `Bearer ${server.key}` };
    const listed = await fetch(`${server.url}/v1/tasks`, { headers });
    return ((await listed.json()) as { data: readonly { id: string }[] }).data.map(({ id }) => id);
  };

  it("takes an attempt once, finds it by its name, and stops it", async () => {
    let now = Date.now();
    const provider = await openReal(() => now);
    const order = await prepared(provider, work(""));
    expect(await provider.find?.(order.attemptId, order)).toBe("unknown");
    now += 10_000;
    expect(await provider.find?.(order.attemptId, order)).toBe("absent");
    expect(await tasks()).toEqual([]);

    const submitted = await provider.submit(order, NEVER);
    expect(submitted).toEqual({ accepted: { id: expect.stringMatching(/^task-unified-/) } });
    expect(await provider.submit(order, NEVER)).toEqual(submitted);
    expect(await provider.find?.(order.attemptId, order)).toEqual(submitted);
    const changed = { ...order, params: { ...order.params, seed: 1 } };
    expect(await provider.find?.(order.attemptId, changed)).toBe("unknown");
    expect(await provider.submit(changed, NEVER)).toEqual({ unknown: expect.any(String) });
    if (!("accepted" in submitted)) throw new Error("not accepted");
    const ticket = submitted.accepted;
    expect(await tasks()).toEqual([(ticket as { id: string }).id]);

    expect(await provider.check(ticket, NEVER)).toEqual({ state: "pending" });
    expect(await provider.cancel?.(ticket)).toBe("cancelled");
    expect(await provider.cancel?.(ticket)).toBe("cancelled");
    expect(await provider.check(ticket, NEVER)).toMatchObject({ error: { code: "provider_failed" } });
  });

  it("takes files up, and the links that it gives for them", async () => {
    const provider = await openReal();
    const asked = work("", {
      model: "wan-2.7-image-to-video",
      body: { image_urls: ["https://c.example/a", "https://c.example/b"] },
      links: false,
    });
    expect(await provider.submit(await prepared(provider, asked), NEVER)).toMatchObject({
      accepted: { id: expect.any(String) },
    });
  });

  it("knows no task of another's, and says what it refuses", async () => {
    const provider = await openReal();
    expect(await provider.check({ id: "task-unified-1757165031-uyujaw3d" }, NEVER)).toMatchObject({
      error: { code: "provider_lost" },
    });
    const wrong = { ...work(""), params: { prompt: "A fox", duration: 99 } };
    expect(await provider.submit(wrong, NEVER)).toMatchObject({
      refused: { code: "provider_refused", message: expect.stringContaining("duration") },
    });
    expect(await provider.submit({ ...work(""), endpoint: "no-such-model" }, NEVER)).toMatchObject({
      refused: { code: "provider_account" },
    });
    expect(await provider.ping?.(NEVER)).toMatch(/^answers 200 and lists \d+ models$/);
    const stranger = await open({ reelay: "yes" }, { baseUrl: server.url, key: "sk-wr0ng-one" });
    expect(await stranger.submit(work(""), NEVER)).toMatchObject({ refused: { code: "provider_account" } });
  });
});
