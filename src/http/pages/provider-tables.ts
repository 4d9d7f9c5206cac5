/** `{{providers}}`: who can be opened and by which settings; `{{settings}}`: the server's own. */
import type { HostFacts, KindFacts } from "./facts.ts";
import { code, paragraphs, plain, table } from "./markdown.ts";
import type { Say } from "./model-fields.ts";
import type { Words } from "./words.ts";

export function settingsTable({ settings }: HostFacts, words: Words, say: Say): string {
  const rows = settings.map(({ name, about, fallback }) => [
    code(name),
    fallback === "" ? words.none : code(fallback),
    plain(say(about)),
  ]);
  return table([words.setting, words.standard, words.about], rows);
}

export function kindsTable({ kinds }: HostFacts, words: Words, say: Say): string {
  const rows = kinds.map(({ kind, title, url, key, opener }) => [
    code(kind),
    plain(say(title)),
    url === null ? words.yours : code(url),
    words.needs[key],
    code(opener),
  ]);
  return table([words.kind, words.what, words.where, words.key, words.openedBy], rows);
}

/** What every kind has, and then what only one has. */
export function kindSettings({ common, kinds }: HostFacts, words: Words, say: Say): string {
  const rows = common.map(({ name, about }) => [code(name), plain(say(about))]);
  return paragraphs([
    table([words.setting, words.about], rows),
    ...kinds.flatMap((kind) => ownSettings(kind, words, say)),
  ]);
}

function ownSettings({ kind, settings }: KindFacts, words: Words, say: Say): readonly string[] {
  if (settings.length === 0) return [];
  const rows = settings.map(({ name, variable, about, required, fallback }) => {
    const more = required ? words.isRequired : fallback ? words.whereLeftOut(code(fallback)) : "";
    return [code(name), code(variable), [plain(say(about)), more].filter(Boolean).join(" · ")];
  });
  return [words.also(code(kind)), table([words.setting, "", words.about], rows)];
}
