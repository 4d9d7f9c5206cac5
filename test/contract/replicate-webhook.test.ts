import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, it } from "vitest";
import type { WebhookCall } from "../../src/core/provider.ts";
import { replicate } from "../../src/providers/replicate.ts";
import { REPLICATE_KEY, REPLICATE_SECRET, signCall } from "../standins/replicate.ts";
import { NEVER } from "./provider-samples.ts";
import { foxWork, openBoth } from "./replicate-under.ts";
import { openKind, useBoth } from "./under.ts";

const at = useBoth(openBoth);

describe("a call of Replicate", () => {
  beforeEach(() => at.open());

  // The vector of the Standard Webhooks specification.
  const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const VECTOR: WebhookCall = {
    headers: {
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
    body: Buffer.from('{"test": 2432232314}'),
  };
  const SENT_AT = 1_614_265_330_000;
  const hear = async (call: WebhookCall, { secret = SECRET, now = SENT_AT } = {}) => {
    const given = { baseUrl: at.standIn.url, key: REPLICATE_KEY, now: () => now };
    const opened = await openKind(replicate, { ...given, settings: { webhook_secret: secret } });
    const heard = await opened.readWebhook?.(call);
    await opened.close?.();
    return heard;
  };
  const signed = (signature: string): WebhookCall => ({
    ...VECTOR,
    headers: { ...VECTOR.headers, "webhook-signature": signature },
  });
  const RIGHT = String(VECTOR.headers["webhook-signature"]);

  it.each([
    ["the specification's own", VECTOR, {}],
    ["one of several signatures, after a change of the secret", signed(`v1,AAAA ${RIGHT}`), {}],
    ["five minutes late", VECTOR, { now: SENT_AT + 300_000 }],
    ["five minutes early", VECTOR, { now: SENT_AT - 300_000 }],
  ])("is genuine: %s", async (_name, call, given) => {
    expect(await hear(call, given)).toEqual({ ticket: undefined });
  });

  it.each([
    ["recorded and sent again later", VECTOR, { now: SENT_AT + 301_000 }],
    ["from the future", VECTOR, { now: SENT_AT - 301_000 }],
    ["signed with another secret", VECTOR, { secret: REPLICATE_SECRET }],
    ["of another version", signed(RIGHT.replace("v1,", "v2,")), {}],
    ["with its signature spelled otherwise", signed(RIGHT.replace("OE=", "OF=")), {}],
    ["without the padding", signed(RIGHT.replace("=", "")), {}],
    ["with an empty signature", signed(""), {}],
    [
      "whose time is no number",
      { ...VECTOR, headers: { ...VECTOR.headers, "webhook-timestamp": "1614265330.0" } },
      {},
    ],
  ])("is forged: %s", async (_name, call, given) => {
    expect(await hear(call, given)).toBe("forged");
  });

  it("comes at the end of the work, to the address that was given", async () => {
    const called = Promise.withResolvers<WebhookCall>();
    const ours = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const headers = request.headers as WebhookCall["headers"];
        called.resolve({ headers, body: Buffer.concat(chunks) });
        response.end();
      });
    });
    await new Promise<void>((resolve) => ours.listen(0, "127.0.0.1", resolve));
    const webhookUrl = `http://127.0.0.1:${(ours.address() as AddressInfo).port}/hooks/task_1/att_1/signed`;
    const submitted = await at.provider.submit(
      { ...foxWork("A fox. script: duration=0"), webhookUrl },
      NEVER,
    );
    if (!("accepted" in submitted)) throw new Error("not accepted");
    expect(await at.provider.readWebhook?.(await called.promise)).toEqual({ ticket: submitted.accepted });
    await new Promise((resolve) => ours.close(resolve));
  });

  it("is held to the secret that Replicate tells, which is asked for once", async () => {
    const call = signCall({ id: "p1", status: "succeeded" });
    for (let time = 0; time < 3; time++) {
      expect(await at.provider.readWebhook?.(call)).toEqual({ ticket: { prediction: "p1" } });
    }
    expect(at.standIn.asks.map(({ path }) => path)).toEqual(["/v1/webhooks/default/secret"]);
  });

  it("is not judged where the secret cannot be had, and is the next time", async () => {
    const call = signCall({ id: "p1", status: "succeeded" });
    const asked = await openKind(replicate, { baseUrl: at.standIn.url, key: "r8_other" });
    await expect(asked.readWebhook?.(call)).rejects.toMatchObject({ code: "provider_failed" });
    await expect(asked.readWebhook?.(call)).rejects.toMatchObject({ code: "provider_failed" });
    expect(at.standIn.asks.length).toBe(2);
    await asked.close?.();
  });

  it.each(["5eCr3t", "whsec_", "whsec_!"])("cannot be had with %s for a secret", async (webhook_secret) => {
    const given = { baseUrl: at.standIn.url, key: REPLICATE_KEY, settings: { webhook_secret } };
    await expect(openKind(replicate, given)).rejects.toThrow(/webhook_secret must be/);
  });
});
