/** Reelay as a provider of Vercel's AI SDK 7: `experimental_generateVideo({ model: createReelay(...).video(id), ... })`. */
import type { ProviderV4, Experimental_VideoModelV4 as VideoModel } from "@ai-sdk/provider";
import { openTransport } from "../transport.ts";
import type { Model } from "../types.ts";
import { noSuchModel } from "./errors.ts";
import { openInputs } from "./inputs.ts";
import { openVideoModel } from "./video-model.ts";

export interface ReelayProviderOptions {
  /** The server's root: "http://localhost:8080", without /v1. */
  readonly baseURL: string | undefined;
  readonly apiKey: string | undefined;
  /** Another `fetch`: for a proxy, a test, or a runtime's own. */
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds that one call may take. 60 seconds. */
  readonly timeoutMs?: number | undefined;
}

export interface ReelayProvider extends ProviderV4 {
  /** By the id of any model of the server, the operator's own among them. */
  video(modelId: string): VideoModel;
  /** The same, by the name that a provider registry asks for. */
  videoModel(modelId: string): VideoModel;
}

/** How long a server's answer about its models is believed. Milliseconds. */
const BELIEVED_MS = 300_000;

export function createReelay(options: ReelayProviderOptions): ReelayProvider {
  // The SDK tries again by itself, as often as its caller's `maxRetries` says; both together would try many times.
  const transport = openTransport({ ...options, retries: 0 });
  const inputs = openInputs(transport);
  let known: { readonly until: number; readonly models: readonly Model[] } | undefined;

  /** Undefined for one that the server does not have: it will say so itself, with those that it has. */
  const describe = async (id: string, signal: AbortSignal | undefined): Promise<Model | undefined> => {
    if (!known || Date.now() > known.until) {
      const { body } = await transport.ask<{ data: readonly Model[] }>({ path: "/v1/models", signal });
      known = { until: Date.now() + BELIEVED_MS, models: body.data };
    }
    return known.models.find((model) => model.id === id);
  };

  const video = (modelId: string): VideoModel => openVideoModel({ modelId, transport, inputs, describe });
  const none = (type: string) => (modelId: string) => {
    throw noSuchModel(modelId, type);
  };
  return {
    specificationVersion: "v4",
    video,
    videoModel: video,
    languageModel: none("languageModel"),
    embeddingModel: none("embeddingModel"),
    imageModel: none("imageModel"),
  };
}
