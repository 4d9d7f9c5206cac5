/** Every kind of provider that an operator can open, by its name. A new one is one line here. */
import type { ProviderKind } from "../core/provider-kind.ts";
import { fake } from "./fake.ts";
import { fal } from "./fal.ts";
import { highwayapi } from "./highwayapi.ts";
import { pixverse } from "./pixverse.ts";

const ALL: readonly ProviderKind[] = [fal, pixverse, highwayapi, fake];

export const KINDS: ReadonlyMap<string, ProviderKind> = new Map(ALL.map((one) => [one.kind, one]));
