/** Every kind of provider that an operator can open, by its name. A new one is one line here. */
import type { ProviderKind } from "../core/provider-kind.ts";
import { comfyui } from "./comfyui.ts";
import { dashscope } from "./dashscope.ts";
import { fake } from "./fake.ts";
import { fal } from "./fal.ts";
import { foxapi } from "./foxapi.ts";
import { highwayapi } from "./highwayapi.ts";
import { openaiVideos } from "./openai-videos.ts";
import { pixverse } from "./pixverse.ts";
import { replicate } from "./replicate.ts";
import { vertex } from "./vertex.ts";

const ALL: readonly ProviderKind[] = [
  fal,
  dashscope,
  pixverse,
  replicate,
  vertex,
  openaiVideos,
  comfyui,
  foxapi,
  highwayapi,
  fake,
];

export const KINDS: ReadonlyMap<string, ProviderKind> = new Map(ALL.map((one) => [one.kind, one]));

/** Those that hints and pages name. */
export const OFFERED: readonly ProviderKind[] = ALL.filter(({ forTests }) => !forTests);
