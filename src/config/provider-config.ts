/** A provider's settings, checked: what it is opened with, and how work is shared out to it. */
import type { ProviderKind } from "../core/provider-kind.ts";
import { COMMON, type ProviderEntry, settingsOf, variableOf } from "./provider-entries.ts";
import { baseUrl, whole } from "./settings.ts";

export interface ProviderConfig {
  readonly id: string;
  readonly kind: ProviderKind;
  readonly baseUrl: string;
  readonly key: string | undefined;
  readonly concurrency: number;
  readonly checksPerSecond: number;
  /** null: no limit. */
  readonly submitsPerMinute: number | null;
  readonly share: ProviderShare;
  /** Its kind's own settings, fallbacks filled in. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Whose turn it is among providers that could all do the work. */
interface ProviderShare {
  readonly weight: number;
  /** null: the place of its route in the model's list. */
  readonly rank: number | null;
}

/** The provider's settings, or a sentence for each that is wrong or missing. No sentence holds a secret. */
export function readProvider(
  kind: ProviderKind,
  { id, texts }: ProviderEntry,
): { readonly config: ProviderConfig } | { readonly mistakes: readonly string[] } {
  const mistakes: string[] = [];
  const name = (setting: string): string =>
    id === kind.kind
      ? `${variableOf(kind, setting)} (or providers.${id}.${setting})`
      : `providers.${id}.${setting}`;
  const text = (setting: string): string | undefined => texts[setting] || COMMON[setting]?.fallback;
  const number = <T>(setting: string, fallback: T, [min, max]: readonly [number, number]): number | T => {
    const raw = text(setting);
    try {
      return raw === undefined ? fallback : whole(min, max)(raw);
    } catch {
      // Its value is not quoted: a key may have slipped into the wrong line.
      mistakes.push(`${name(setting)} must be a whole number from ${min} to ${max}`);
      return fallback;
    }
  };

  const url = urlOf(kind, text("url"));
  if (url === null) {
    mistakes.push(`${name("url")} must be an http(s) URL without a password in it: where ${kind.title} is`);
  }
  if (kind.key === "required" && !texts.key) {
    mistakes.push(
      `${name("key")} is missing: ${kind.title} asks for a key. Set it, or: reelay providers add ${id}`,
    );
  }
  const own = Object.entries(kind.settings).flatMap(([setting, { fallback, required, about }]) => {
    const value = texts[setting] || fallback;
    if (value === undefined && required) mistakes.push(`${name(setting)} is missing: ${about}`);
    return value === undefined ? [] : [[setting, value] as const];
  });
  const config: ProviderConfig = {
    id,
    kind,
    baseUrl: url ?? "",
    key: texts.key,
    concurrency: number("concurrency", kind.concurrency, [1, 1_000_000]),
    checksPerSecond: number("checks_per_second", kind.checksPerSecond, [1, 1_000_000]),
    submitsPerMinute: number("submits_per_minute", 0, [0, 1_000_000]) || null,
    share: { weight: number("weight", 1, [0, 1_000]), rank: number("rank", null, [0, 1_000]) },
    settings: Object.fromEntries(own),
  };
  return mistakes.length > 0 ? { mistakes } : { config };
}

function urlOf(kind: ProviderKind, raw: string | undefined): string | null {
  try {
    const url = raw === undefined ? kind.url : baseUrl(raw);
    // It would be shown with the URL, and sent to nobody.
    const { username, password } = new URL(url ?? "");
    return username === "" && password === "" ? url : null;
  } catch {
    return null;
  }
}

/** The names of a kind's settings that must not be shown. */
export function secretsOf(kind: ProviderKind): readonly string[] {
  return Object.entries(settingsOf(kind))
    .filter(([, { secret }]) => secret)
    .map(([name]) => name);
}
