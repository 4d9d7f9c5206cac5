/** Replicate's provider against its stand-in, for the tests of what is particular to it. */
import type { JsonObject } from "../../src/core/json.ts";
import type { Submission } from "../../src/core/provider.ts";
import type { ProviderKind, ProviderOptions } from "../../src/core/provider-kind.ts";
import { replicate } from "../../src/providers/replicate.ts";
import { REPLICATE_KEY, type ReplicateOptions, startReplicate } from "../standins/replicate.ts";
import { type Both, openKind } from "./under.ts";
import { workFor } from "./work.ts";

export const PICTURE = "https://client.example/a.jpg";

/** Looks for a lost attempt at once and as often as it is asked to. */
export const eager: ProviderKind = {
  ...replicate,
  open: (options) => replicate.open({ ...options, pollEveryMs: options.pollEveryMs ?? 0 }),
};

export async function openBoth(
  options: ReplicateOptions = {},
  given: Partial<ProviderOptions> = {},
): Promise<Both> {
  const standIn = await startReplicate(options);
  const provider = await openKind(eager, { baseUrl: standIn.url, key: REPLICATE_KEY, ...given });
  return { standIn, provider };
}

export function foxWork(prompt: string, body: JsonObject = {}): Submission {
  return workFor({ kind: "replicate", model: "pixverse-v6-text-to-video", body: { prompt, ...body } });
}
