/**
 * What is set of each provider: `REELAY_<KIND>_<SETTING>` for one of a kind, `REELAY_<KIND>_KEYS` for several keys of
 * it, or a table of the settings file for any number under names of their own.
 */
import { nearest } from "../core/nearest.ts";
import type { KindSetting, ProviderKind } from "../core/provider-kind.ts";

/** One provider as set, every value still text. */
export interface ProviderEntry {
  readonly id: string;
  readonly kind: string;
  readonly texts: Readonly<Record<string, string>>;
}

/** What every kind has. */
export const COMMON: Readonly<Record<string, KindSetting>> = {
  key: { about: "The key that its API asks for", secret: true },
  url: { about: "Where its API is" },
  concurrency: { about: "Attempts that it works on at once; more wait in our queue" },
  checks_per_second: { about: "Questions a second about attempts that it takes" },
  submits_per_minute: { about: "Submits a minute that it takes; 0 for no limit", fallback: "0" },
  weight: {
    about: "Its share of the work among those of the same rank; 0 takes none while another can",
    fallback: "1",
  },
  rank: {
    about: "Lower ranks are asked first; left out: the place of its route in the model's list, from 0",
  },
};

const ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** All names that a kind's settings have, those of every kind included. */
export function settingsOf(kind: ProviderKind): Readonly<Record<string, KindSetting>> {
  const { key, ...others } = COMMON;
  return { ...(kind.key === "none" ? {} : { key: key as KindSetting }), ...others, ...kind.settings };
}

export function variablesOf(kind: ProviderKind): readonly string[] {
  const names = Object.keys(settingsOf(kind));
  return [...names, ...(names.includes("key") ? ["keys"] : [])].map((name) => variableOf(kind, name));
}

export function variableOf({ kind }: ProviderKind, name: string): string {
  return `REELAY_${kind}_${name}`.toUpperCase().replaceAll("-", "_");
}

interface Read {
  readonly entries: readonly ProviderEntry[];
  /** A sentence each. */
  readonly mistakes: readonly string[];
}

export function readEntries(
  kinds: ReadonlyMap<string, ProviderKind>,
  environment: Readonly<Record<string, string | undefined>>,
  tables: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Read {
  const entries = new Map<string, ProviderEntry>();
  const mistakes: string[] = [];
  for (const [id, table] of Object.entries(tables)) {
    const found = tableMistakes(kinds, id, table);
    mistakes.push(...found);
    const { kind = id, ...texts } = table;
    if (found.length === 0) entries.set(id, { id, kind, texts });
  }
  for (const kind of kinds.values()) {
    const read = fromEnvironment(kind, environment);
    mistakes.push(...read.mistakes);
    for (const entry of read.entries) {
      const inFile = entries.get(entry.id);
      if (inFile && inFile.kind !== entry.kind)
        mistakes.push(`${variableOf(kind, "key")}: the settings file has "${entry.id}" for another kind`);
      else entries.set(entry.id, { ...entry, texts: { ...inFile?.texts, ...entry.texts } });
    }
  }
  return { entries: [...entries.values()], mistakes };
}

function tableMistakes(
  kinds: ReadonlyMap<string, ProviderKind>,
  id: string,
  { kind: name = id, ...texts }: Readonly<Record<string, string>>,
): readonly string[] {
  const place = `providers.${id}`;
  if (!ID.test(id)) return [`${place}: a name may have a-z, 0-9 and "-", at most 40 of them`];
  const kind = kinds.get(name);
  if (!kind) {
    const offered = [...kinds.values()].flatMap(({ kind: one, forTests }) => (forTests ? [] : [one]));
    const close = nearest(name, offered);
    const hint = close ? `did you mean "${close}"?` : `there are ${offered.join(", ")}.`;
    return [`${place}: there is no kind "${name}"; ${hint} Say it with kind = "..."`];
  }
  const known = Object.keys(settingsOf(kind));
  return Object.keys(texts)
    .filter((text) => !known.includes(text))
    .map((text) => {
      const close = nearest(text, known);
      return `${place} has no "${text}"; ${close ? `did you mean "${close}"?` : `it has ${known.join(", ")}`}`;
    });
}

function fromEnvironment(
  kind: ProviderKind,
  environment: Readonly<Record<string, string | undefined>>,
): Read {
  const texts: Record<string, string> = {};
  for (const name of Object.keys(settingsOf(kind))) {
    const value = environment[variableOf(kind, name)];
    if (value) texts[name] = value;
  }
  const variable = variableOf(kind, "keys");
  const several = kind.key === "none" ? undefined : environment[variable];
  if (!several) {
    return {
      entries: Object.keys(texts).length > 0 ? [{ id: kind.kind, kind: kind.kind, texts }] : [],
      mistakes: [],
    };
  }
  const entries: ProviderEntry[] = [];
  for (const pair of several.split(",")) {
    const [, name = "", key = ""] = /^\s*([a-z0-9-]+)=(\S+)\s*$/.exec(pair) ?? [];
    const id = `${kind.kind}-${name}`;
    if (name === "" || !ID.test(id) || entries.some((one) => one.id === id)) {
      const message = `${variable} must be NAME=KEY,NAME=KEY, where each NAME is another one of a-z, 0-9 and "-"`;
      return { entries: [], mistakes: [message] };
    }
    entries.push({ id, kind: kind.kind, texts: { ...texts, key } });
  }
  if (texts.key !== undefined) entries.unshift({ id: kind.kind, kind: kind.kind, texts });
  return { entries, mistakes: [] };
}
