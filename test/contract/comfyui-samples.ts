/** A ComfyUI, a provider that asks it with the workflows of samples/comfyui, and work for them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { Submission } from "../../src/core/provider.ts";
import type { ProviderOptions } from "../../src/core/provider-kind.ts";
import { comfyui } from "../../src/providers/comfyui.ts";
import { type ComfyuiOptions, startComfyui } from "../standins/comfyui.ts";
import { NEVER } from "./provider-samples.ts";
import { sampleModel } from "./sample-models.ts";
import { type Both, openKind } from "./under.ts";
import { workFor } from "./work.ts";

export const I2V = sampleModel("wan-2.2-image-to-video");
export const T2V = sampleModel("wan-2.2-text-to-video");
export const PICTURE = "https://media.example/lighthouse.jpg";
export const WORKFLOWS = fileURLToPath(new URL("../../samples/comfyui", import.meta.url));

export type Graph = Readonly<
  Record<string, { class_type: string; inputs: Record<string, Json>; _meta?: Json }>
>;

export function sampleGraph(name: string): Graph {
  return JSON.parse(readFileSync(`${WORKFLOWS}/${name}.json`, "utf8")) as Graph;
}

export async function openBoth(
  server: ComfyuiOptions = {},
  given: Partial<ProviderOptions> = {},
): Promise<Both> {
  const standIn = await startComfyui(server);
  const settings = { workflows: WORKFLOWS, ...given.settings };
  const provider = await openKind(comfyui, { baseUrl: standIn.url, ...given, settings });
  return { standIn, provider };
}

export const textWork = (script: string, body: JsonObject = {}): Submission =>
  workFor({
    kind: "comfyui",
    model: T2V,
    body: (id) => ({ prompt: `A fox ${id}. script: ${script}`, ...body }),
  });

export const imageWork = (body: JsonObject): Submission =>
  workFor({ kind: "comfyui", model: I2V, body: { image_url: PICTURE, ...body } });

export async function acceptedBy({ provider }: Pick<Both, "provider">, work: Submission): Promise<Json> {
  const submitted = await provider.submit(work, NEVER);
  if (!("accepted" in submitted)) throw new Error(JSON.stringify(submitted));
  return submitted.accepted;
}
