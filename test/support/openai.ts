/** The official client of the OpenAI Videos dialect, as it comes, and what its users do with it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI, { type APIError, type ClientOptions } from "openai";
import type { Video } from "openai/resources/videos";
import { type Probed, probe } from "./probe.ts";
import type { Server } from "./server.ts";
import { until } from "./until.ts";

/** What our answers have beside the client's types. */
export type Extra = Video & {
  readonly notes: readonly { readonly field: string; readonly message: string }[];
  readonly billing: { readonly state: string; readonly credits: number };
};

/** No retries unless they are asked for: a test wants to see the first answer. */
export function clientOf({ url, key }: Pick<Server, "url" | "key">, options: ClientOptions = {}): OpenAI {
  return new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0, ...options });
}

type Params = Parameters<OpenAI["videos"]["create"]>[0] & Readonly<Record<string, unknown>>;

/** A create as a user writes it who has been told of our further fields. */
export function createVideo(
  client: OpenAI,
  params: Readonly<Record<string, unknown>>,
  options = {},
): Promise<Extra> {
  return client.videos.create(params as unknown as Params, options) as unknown as Promise<Extra>;
}

/** As the documentation of the client does it: reads until it has ended. A failed one is returned as well. */
export function waitForVideo({ videos }: OpenAI, id: string): Promise<Extra> {
  return until(
    async () => {
      const video = (await videos.retrieve(id)) as Extra;
      return (video.status === "completed" || video.status === "failed") && video;
    },
    { ms: 90_000, everyMs: 100, what: `the end of ${id}` },
  );
}

/** The error of a call that must fail. */
export async function errorOf(call: Promise<unknown>): Promise<APIError> {
  const error = await call.then(
    (answer) => new Error(`it was answered: ${JSON.stringify(answer)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof OpenAI.APIError) return error;
  throw error;
}

/** Measured by means that are not ours. */
export async function probeBytes(bytes: Uint8Array): Promise<Probed> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-openai-"));
  try {
    await writeFile(join(folder, "video.mp4"), bytes);
    return await probe(join(folder, "video.mp4"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
