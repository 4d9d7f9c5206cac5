/** Our own provider of HighwayAPI in front of a Reelay that speaks its dialect: one of them behind the other. */
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { exampleOf } from "../../src/catalog/example.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { Provider } from "../../src/core/provider.ts";
import { highwayapi } from "../../src/providers/highwayapi.ts";
import { openSamples, picture, type Samples } from "../support/media.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { NEVER } from "./provider-samples.ts";
import { openKind } from "./under.ts";
import { catalog, workFor } from "./work.ts";

let server: Server;
/** Takes work and does none. */
let idle: Server;
let samples: Samples;
let first: string;
const opened: Provider[] = [];
beforeAll(async () => {
  server = await startServer();
  idle = await startServer(NO_RENDER);
  samples = await openSamples();
  first = samples.add("first.png", { bytes: await picture({ width: 640, height: 360 }) });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close?.()));
});
afterAll(async () => {
  await server.discard();
  await idle.discard();
  await samples.close();
});

async function open({ url, key }: Pick<Server, "url" | "key"> = server): Promise<Provider> {
  const provider = await openKind(highwayapi, { baseUrl: url, key });
  opened.push(provider);
  return provider;
}

/** Every model with a route to HighwayAPI, with its example as the work. */
const MODELS = [...catalog.models.values()]
  .filter(({ routes }) => routes.some(({ provider }) => provider === "highwayapi"))
  .map((model) => model.id);

const submit = async (provider: Provider, model: string, change: JsonObject = {}): Promise<Json> => {
  const example = catalog.models.get(model)?.example ?? {};
  const body = { ...exampleOf({ example }, "https://media.example"), ...change };
  const asked = workFor({ kind: "highwayapi", model, body });
  // The links of a work are made up; this one is there.
  const media = Object.entries(asked.media).map(([name, file]) => [name, { ...file, url: first }] as const);
  const submitted = await provider.submit({ ...asked, media: Object.fromEntries(media) }, NEVER);
  if (!("accepted" in submitted)) throw new Error(JSON.stringify(submitted));
  return submitted.accepted;
};

it.each(MODELS)("%s is taken just as the route tells it", async (model) => {
  expect(await submit(await open(idle), model)).toEqual({
    task_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

it("a video comes back, with its seed and a link that opens", async () => {
  const provider = await open();
  const change = { duration: 1, resolution: "360p", seed: 7, generate_audio: false };
  const ticket = await submit(provider, "pixverse-v6-image-to-video", change);
  const done = await until(
    async () => {
      const progress = await provider.check(ticket, NEVER);
      return progress.state === "done" && progress;
    },
    { ms: 60_000, what: "the video" },
  );
  expect(done.output).toMatchObject({
    from: { url: expect.stringContaining(server.url) },
    meta: { seed: 7 },
  });
  const { from } = done.output;
  expect("url" in from && (await fetch(from.url)).status).toBe(200);
});

it("what it refuses comes back in words, once, and a key that it does not know as the operator's affair", async () => {
  const provider = await open();
  const asked = workFor({
    kind: "highwayapi",
    model: "pixverse-v6-text-to-video",
    body: () => ({ prompt: "x" }),
  });
  const wrong = await provider.submit({ ...asked, params: { ...asked.params, duration: 99 } }, NEVER);
  // Once: `details` repeats what the message has said.
  const once = expect.stringMatching(
    /^(?!.*from 1 to 15.*from 1 to 15).*"duration" must be an integer from 1 to 15/,
  );
  expect(wrong).toMatchObject({ refused: { code: "provider_refused", message: once }, again: false });
  expect(await provider.submit({ ...asked, endpoint: "no-such-model" }, NEVER)).toMatchObject({
    refused: { code: "provider_account" },
  });
  const stranger = await open({ url: server.url, key: "sk-wr0ng-one" });
  expect(await stranger.submit(asked, NEVER)).toMatchObject({ refused: { code: "provider_account" } });
  expect(await provider.ping?.(NEVER)).toBe("answers, and takes the key");
  const none = { task_id: "f6aec953-2e81-4e8b-938e-2ceab54d6df9" };
  expect(await provider.check(none, NEVER)).toMatchObject({ error: { code: "provider_lost" } });
});

it("a call of its webhook names the task, and a failure keeps its kind on the way", async () => {
  const provider = await open();
  const webp = samples.add("first.webp", {
    bytes: await picture({ width: 640, height: 360, format: "webp" }),
  });
  const asked = workFor({
    kind: "highwayapi",
    model: "pixverse-v6-image-to-video",
    body: () => ({ prompt: "x", image_url: first }),
  });
  const [[name = "", file] = []] = Object.entries(asked.media);
  const submitted = await provider.submit({ ...asked, media: { [name]: { ...file!, url: webp } } }, NEVER);
  if (!("accepted" in submitted)) throw new Error(JSON.stringify(submitted));
  const { task_id } = submitted.accepted as { task_id: string };
  const failed = await until(
    async () => {
      const progress = await provider.check(submitted.accepted, NEVER);
      return progress.state === "failed" && progress;
    },
    { ms: 30_000, what: "the failure" },
  );
  expect(failed.error).toMatchObject({
    code: "input_unreadable",
    message: expect.stringContaining("must be JPEG or PNG"),
  });
  const headers = { authorization: `Bearer ${server.key}` };
  const payload = await (
    await fetch(`${server.url}/v3/async/task-result?task_id=${task_id}`, { headers })
  ).json();
  const body = Buffer.from(JSON.stringify({ event_type: "ASYNC_TASK_RESULT", payload }));
  expect(await provider.readWebhook?.({ headers: {}, body })).toEqual({ ticket: { task_id } });
});
