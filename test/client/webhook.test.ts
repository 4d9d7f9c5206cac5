/** A receiver must believe our deliveries, and nobody else's. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClient } from "../../client/src/client.ts";
import { type Delivery, verifyWebhook, WebhookRefused } from "../../client/src/webhook.ts";
import { signWebhook } from "../../src/tasks/sign.ts";
import { openReceiver, type Receiver } from "../support/receiver.ts";
import { reelay } from "../support/run.ts";
import { type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

let server: Server;
let receiver: Receiver;
/** As it came from a started server, and the secret that its operator sees. */
let delivery: Delivery & { readonly body: Buffer; readonly headers: Record<string, string> };
let secret: string;
let taskId: string;

beforeAll(async () => {
  receiver = await openReceiver();
  server = await startServer();
  const client = createClient({ baseURL: server.url, apiKey: server.key });
  const request = { model: "pixverse-v6-text-to-video", prompt: "waves", duration: 1 } as const;
  const { id } = await client.tasks.create({
    ...request,
    resolution: "360p",
    callback_url: `${receiver.origin}/hook`,
  });
  taskId = id;
  await until(() => receiver.received.length > 0, { ms: 60_000, what: "the delivery" });
  const [came] = receiver.received;
  if (!came) throw new Error("nothing came");
  delivery = { headers: came.headers as Record<string, string>, body: came.body };
  secret = await secretOf(server);
});
afterAll(async () => {
  await server.discard();
  await receiver.close();
});

async function secretOf({ dataDir }: Server): Promise<string> {
  const env = { REELAY_DATA_DIR: dataDir };
  const [keyId = ""] = /\bkey_\w+|\bk_\w+/.exec((await reelay(["keys", "list"], { env })).stdout) ?? [];
  return /whsec_\S+/.exec((await reelay(["secrets", "show", keyId], { env })).stdout)?.[0] ?? "";
}

describe("a delivery of the server's", () => {
  test("is believed, and is the task", async () => {
    const task = await verifyWebhook(delivery, secret);
    expect(task).toMatchObject({ id: taskId, status: "completed", results: [{ content_type: "video/mp4" }] });
  });

  test("is believed however a framework holds it", async () => {
    const shouted = Object.fromEntries(
      Object.entries(delivery.headers).map(([k, v]) => [k.toUpperCase(), [v]]),
    );
    const { body } = delivery;
    const ways: Delivery[] = [
      { headers: new Headers({ ...delivery.headers }), body: body.toString("utf8") },
      { headers: shouted, body: Uint8Array.from(body) },
      { headers: delivery.headers, body: Uint8Array.from(body).buffer },
    ];
    for (const way of ways) expect((await verifyWebhook(way, secret)).id).toBe(taskId);
  });

  test("is believed while its secret is being changed, by whoever knows either", async () => {
    expect((await verifyWebhook(delivery, [OTHER, secret])).id).toBe(taskId);
    const body = Buffer.from("{}");
    const headers = signWebhook({ id: "msg_1", at: Date.now(), body }, [OTHER, secret]);
    for (const one of [OTHER, secret]) expect(await verifyWebhook({ headers, body }, one)).toEqual({});
  });
});

const OTHER = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

const changed = (more: Record<string, string | undefined>): Delivery => ({
  ...delivery,
  headers: { ...delivery.headers, ...more },
});

describe("a delivery that is refused", () => {
  test.each<[string, () => Delivery]>([
    [
      "one byte of its body was changed",
      () => ({ ...delivery, body: delivery.body.map((b, i) => (i === 40 ? b ^ 1 : b)) }),
    ],
    [
      "its body was parsed and written anew",
      () => ({ ...delivery, body: JSON.stringify(JSON.parse(delivery.body.toString()), null, 1) }),
    ],
    ["its id was changed", () => changed({ "webhook-id": "msg_other" })],
    [
      "its time was changed",
      () => changed({ "webhook-timestamp": String(Number(delivery.headers["webhook-timestamp"]) + 1) }),
    ],
    [
      "its signature is another's",
      () => changed({ "webhook-signature": `v1,${Buffer.alloc(32).toString("base64")}` }),
    ],
    [
      "its signature is of another version",
      () =>
        changed({ "webhook-signature": String(delivery.headers["webhook-signature"]).replace("v1,", "v2,") }),
    ],
    ["its signature is no base64", () => changed({ "webhook-signature": "v1,%%%" })],
    ["it has no signature", () => changed({ "webhook-signature": undefined })],
    ["it has no time", () => changed({ "webhook-timestamp": "" })],
    ["its time is no number", () => changed({ "webhook-timestamp": "soon" })],
  ])("%s", async (_what, make) => {
    await expect(verifyWebhook(make(), secret)).rejects.toBeInstanceOf(WebhookRefused);
  });

  test("it was made with another secret", async () => {
    await expect(verifyWebhook(delivery, OTHER)).rejects.toBeInstanceOf(WebhookRefused);
    await expect(verifyWebhook(delivery, [])).rejects.toBeInstanceOf(WebhookRefused);
  });

  test.each([-301, 301])("it is %i seconds away, and the same one in time is not", async (seconds) => {
    const at = Number(delivery.headers["webhook-timestamp"]) * 1000;
    const now = (away: number) => ({ now: () => at + away * 1000 });
    await expect(verifyWebhook(delivery, secret, now(seconds))).rejects.toThrow("within 300 seconds");
    await expect(verifyWebhook(delivery, secret, now(Math.sign(seconds) * 299))).resolves.toBeTruthy();
  });
});

test.each(["", "whsec_", "whsec_%%%"])(
  "%j is no secret, and says so instead of believing anybody",
  async (none) => {
    await expect(verifyWebhook(delivery, none)).rejects.toThrow(/reelay secrets show/);
  },
);
