/** Every kind of provider that an operator can open, by its name. A new one is one line here. */
import type { ProviderKind } from "../core/provider-kind.ts";
import { fake } from "./fake.ts";

export const KINDS: ReadonlyMap<string, ProviderKind> = new Map([fake].map((one) => [one.kind, one]));
