/** A server that speaks /v1/videos, a provider that asks it, and work for them. */
import { createServer } from "node:net";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { Submission } from "../../src/core/provider.ts";
import type { ProviderOptions } from "../../src/core/provider-kind.ts";
import { openaiVideos } from "../../src/providers/openai-videos.ts";
import { type OpenaiVideosOptions, startOpenaiVideos } from "../standins/openai-videos.ts";
import { NEVER } from "./provider-samples.ts";
import { sampleModel } from "./sample-models.ts";
import { type Both, openKind } from "./under.ts";
import { workFor } from "./work.ts";

export const KEY = "sk-5eCr3t-of-the-operator";
export const I2V = sampleModel("wan-2.2-image-to-video");
export const T2V = sampleModel("wan-2.2-text-to-video");
export const PICTURE = "https://media.example/lighthouse.jpg";

export async function openBoth(
  server: Partial<OpenaiVideosOptions> = {},
  given: Partial<ProviderOptions> = {},
): Promise<Both> {
  const { profile = "vllm-omni" } = server;
  const standIn = await startOpenaiVideos({ profile, ...server });
  const provider = await openKind(openaiVideos, { baseUrl: standIn.url, settings: { profile }, ...given });
  return { standIn, provider };
}

export const textWork = (script: string, body: JsonObject = {}): Submission =>
  workFor({
    kind: "openai-videos",
    model: T2V,
    body: (id) => ({ prompt: `A fox ${id}. script: ${script}`, ...body }),
  });

export const imageWork = (script: string): Submission =>
  workFor({
    kind: "openai-videos",
    model: I2V,
    body: (id) => ({ prompt: `A fox ${id}. script: ${script}`, image_url: PICTURE }),
  });

export async function acceptedBy({ provider }: Pick<Both, "provider">, work: Submission): Promise<Json> {
  const submitted = await provider.submit(work, NEVER);
  if (!("accepted" in submitted)) throw new Error(JSON.stringify(submitted));
  return submitted.accepted;
}

/** A server that has one answer to everything. */
export async function answering(
  status: number,
  body: unknown,
): Promise<Pick<Both, "provider"> & { close(): Promise<void> }> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const head = `HTTP/1.1 ${status} X\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(text)}`;
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(`${head}\r\n\r\n${text}`));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const provider = await openKind(openaiVideos, { baseUrl: `http://127.0.0.1:${port}` });
  return {
    provider,
    async close() {
      await provider.close?.();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
