/** Our own provider of this dialect, and a real server of ours that speaks it on the other side. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadCatalog } from "../../src/catalog/catalog.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { CatalogModel, Route } from "../../src/core/model.ts";
import type { Provider, Submission } from "../../src/core/provider.ts";
import { openaiVideos } from "../../src/providers/openai-videos.ts";
import { IDS } from "../support/api.ts";
import { openCuttingProxy } from "../support/cutting-proxy.ts";
import { probeBytes } from "../support/openai.ts";
import { type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { NEVER } from "./provider-samples.ts";
import { openKind, readOutput } from "./under.ts";
import { workFor } from "./work.ts";

const { models } = await loadCatalog();

/** One of our models with the route that an operator would give it. */
function routed(id: string, send: Route["send"]): CatalogModel {
  const model = models.get(id);
  if (!model) throw new Error(`there is no ${id}`);
  const sent = Object.values(send).map((source) =>
    typeof source === "object" && "field" in source ? source.field : source,
  );
  const others = Object.keys(model.input).filter((name) => !sent.includes(name));
  const unsent = Object.fromEntries(others.map((name) => [name, "Not sent by this test."]));
  return { ...model, routes: [{ provider: openaiVideos.kind, endpoint: id, send, unsent }] };
}

const COMMON = {
  prompt: "prompt",
  seconds: { field: "duration", text: "{}" },
  size: { frame: "{width}x{height}" },
  negative_prompt: "negative_prompt",
  seed: "seed",
  generate_audio: "generate_audio",
} as const;
const WORDS = routed(IDS.pixverseText, { ...COMMON, resolution: "resolution", aspect_ratio: "aspect_ratio" });
const PICTURE = routed(IDS.pixverseImage, {
  ...COMMON,
  input_reference: "image_url",
  resolution: "resolution",
});

let server: Server;
let provider: Provider;
beforeAll(async () => {
  server = await startServer();
  provider = await openKind(openaiVideos, { baseUrl: server.url, key: server.key, totalMs: 20_000 });
});
afterAll(async () => {
  await provider.close?.();
  await server.discard();
});

const BODY = { resolution: "360p", duration: 1, seed: 7, negative_prompt: "rain", generate_audio: true };
const work = (model: CatalogModel, more: JsonObject = {}): Submission =>
  workFor({ kind: openaiVideos.kind, model, body: (id) => ({ prompt: `waves ${id}`, ...BODY, ...more }) });

async function accepted(order: Submission): Promise<Json> {
  const submitted = await provider.submit(order, NEVER);
  if (!("accepted" in submitted)) throw new Error(JSON.stringify(submitted));
  return submitted.accepted;
}

describe("a real server of ours on the other side", () => {
  it.each([
    ["words", WORDS, {}],
    ["a picture, as bytes", PICTURE, { image_url: "https://media.example/lighthouse.jpg" }],
  ])("makes a video from %s, and hands it over", async (_what, model, more) => {
    const order = work(model, more);
    const ticket = await accepted(order);
    expect(ticket).toEqual({ video: expect.stringMatching(/^video_/) });
    const done = await until(
      async () => {
        const progress = await provider.check(ticket, NEVER);
        if (progress.state === "failed") throw progress.error;
        return progress.state === "done" && progress;
      },
      { ms: 50_000, everyMs: 200, what: "the video" },
    );
    const seen = await probeBytes(await readOutput(done.output));
    expect(seen).toMatchObject({ frames: 24, sound: { codec: "aac" } });
    expect(Math.min(seen.width, seen.height)).toBe(360);
  });

  it("finds an attempt whose answer was lost, by what was ordered", async () => {
    const line = await openCuttingProxy(server.url, 1);
    const cut = await openKind(openaiVideos, { baseUrl: line.url, key: server.key });
    const order = work(WORDS, { duration: 15, resolution: "1080p" });
    expect(await cut.submit(order, NEVER)).toEqual({ unknown: expect.any(String) });
    const found = await cut.find?.(order.attemptId, order);
    if (typeof found !== "object") throw new Error(`it is ${found}`);
    const ticket = found.accepted;
    expect(await cut.find?.(order.attemptId, order)).toEqual(found);
    expect(await cut.cancel?.(ticket)).toBe("cancelled");
    expect(await cut.check(ticket, NEVER)).toMatchObject({
      state: "failed",
      error: { code: "provider_lost" },
    });
    expect(await cut.cancel?.(ticket)).toBe("too-late");
    await cut.close?.();
    await line.close();
  });

  it("says what it refuses, and which model it lacks", async () => {
    const wrong = { ...work(WORDS), params: { prompt: "x", seconds: "99" } };
    expect(await provider.submit(wrong, NEVER)).toMatchObject({
      refused: { code: "provider_refused", message: expect.stringContaining("seconds") },
    });
    expect(await provider.submit({ ...work(WORDS), endpoint: "no-such-model" }, NEVER)).toMatchObject({
      refused: { message: expect.stringContaining("no-such-model") },
    });
    // Also with a picture, whose bytes are still on their way when the answer comes.
    const stranger = await openKind(openaiVideos, { baseUrl: server.url, key: "sk-wr0ng" });
    const picture = { image_url: "https://media.example/lighthouse.jpg" };
    for (const order of [work(WORDS), work(PICTURE, picture), work(WORDS), work(PICTURE, picture)]) {
      expect(await stranger.submit(order, NEVER)).toMatchObject({ refused: { code: "provider_account" } });
    }
    await stranger.close?.();
    expect(await provider.ping?.(NEVER)).toBe("answers 200");
  });
});
