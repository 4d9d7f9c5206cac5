/** Every kind of provider and its settings as data, for the pages. No value of any is in it. */
import type { ProviderKind } from "../core/provider-kind.ts";
import { OFFERED } from "../providers/kinds.ts";
import { COMMON, settingsOf, variableOf } from "./provider-entries.ts";

interface KindLine {
  readonly kind: string;
  readonly title: string;
  /** null: the operator's own. */
  readonly url: string | null;
  readonly key: ProviderKind["key"];
  /** The variable that opens one. */
  readonly opener: string;
  readonly speaksOurs: boolean;
  /** Those that every kind has are left out. */
  readonly settings: readonly {
    readonly name: string;
    readonly variable: string;
    readonly about: string;
    readonly required: boolean;
    readonly fallback: string | undefined;
  }[];
}

export function describeKinds(): {
  readonly kinds: readonly KindLine[];
  readonly common: readonly { readonly name: string; readonly about: string }[];
} {
  return {
    kinds: OFFERED.map(describe),
    common: Object.entries(COMMON).map(([name, { about }]) => ({ name, about })),
  };
}

function describe(kind: ProviderKind): KindLine {
  const { title, url, key, speaksOurs = false } = kind;
  const own = Object.entries(settingsOf(kind)).filter(([name]) => !Object.hasOwn(COMMON, name));
  const settings = own.map(([name, { about, required = false, fallback }]) => ({
    name,
    variable: variableOf(kind, name),
    about,
    required,
    fallback,
  }));
  const first = settings.find(({ required }) => required)?.name ?? "url";
  const opens = key === "required" ? "key" : url === null ? "url" : first;
  return { kind: kind.kind, title, url, key, opener: variableOf(kind, opens), speaksOurs, settings };
}
