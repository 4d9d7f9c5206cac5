/** Replicate's provider against its stand-in, for the tests of what is particular to it. */
import type { JsonObject } from "../../src/core/json.ts";
import type { Provider, Submission } from "../../src/core/provider.ts";
import type { ProviderKind, ProviderOptions } from "../../src/core/provider-kind.ts";
import { replicate } from "../../src/providers/replicate.ts";
import { REPLICATE_KEY, type ReplicateOptions, startReplicate } from "../standins/replicate.ts";
import type { StandIn } from "../standins/standin.ts";
import { openKind } from "./under.ts";
import { workFor } from "./work.ts";

export const PICTURE = "https://client.example/a.jpg";

/** Looks for a lost attempt at once and as often as it is asked to. */
export const eager: ProviderKind = {
  ...replicate,
  open: (options) => replicate.open({ ...options, pollEveryMs: options.pollEveryMs ?? 0 }),
};

interface Under {
  readonly standIn: StandIn;
  readonly provider: Provider;
  stop(): Promise<void>;
}

export async function startUnder(
  options: ReplicateOptions = {},
  given: Partial<ProviderOptions> = {},
): Promise<Under> {
  const standIn = await startReplicate(options);
  const provider = await openKind(eager, { baseUrl: standIn.url, key: REPLICATE_KEY, ...given });
  return {
    standIn,
    provider,
    async stop() {
      await provider.close?.();
      await standIn.close();
    },
  };
}

export function foxWork(prompt: string, body: JsonObject = {}): Submission {
  return workFor({ kind: "replicate", model: "pixverse-v6-text-to-video", body: { prompt, ...body } });
}
