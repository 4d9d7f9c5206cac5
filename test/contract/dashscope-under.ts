/** DashScope's provider against its stand-in, for the tests of what is particular to it. */
import type { JsonObject } from "../../src/core/json.ts";
import type { Submission } from "../../src/core/provider.ts";
import type { ProviderKind, ProviderOptions } from "../../src/core/provider-kind.ts";
import { dashscope } from "../../src/providers/dashscope.ts";
import { DASHSCOPE_KEY, type DashscopeOptions, startDashscope } from "../standins/dashscope.ts";
import { type Both, openKind } from "./under.ts";
import { workFor } from "./work.ts";

export const PICTURE = "https://client.example/a.jpg";

/** Looks for a lost attempt at once and as often as it is asked to. */
export const eager: ProviderKind = {
  ...dashscope,
  open: (options) => dashscope.open({ ...options, pollEveryMs: options.pollEveryMs ?? 0 }),
};

export async function openBoth(
  options: DashscopeOptions = {},
  given: Partial<ProviderOptions> = {},
): Promise<Both> {
  const standIn = await startDashscope(options);
  const provider = await openKind(eager, { baseUrl: standIn.url, key: DASHSCOPE_KEY, ...given });
  return { standIn, provider };
}

export function wanWork(prompt: string | null, body: JsonObject = { image_urls: [PICTURE] }): Submission {
  const said = prompt === null ? {} : { prompt };
  return workFor({ kind: "dashscope", model: "wan-2.7-image-to-video", body: { ...said, ...body } });
}
