/** All pages in both languages, as Markdown, in their order. Made anew when the catalogue or the reference has changed. */
import type { CatalogModel } from "../../core/model.ts";
import { errorEntries, testFailures } from "./error-entries.ts";
import type { PageFacts } from "./facts.ts";
import { fidelity } from "./fidelity.ts";
import { LANGUAGES, type Language } from "./language.ts";
import { list } from "./markdown.ts";
import { modelPage, modelsList, presentedModels } from "./model-pages.ts";
import type { OpenapiDocument } from "./openapi-shape.ts";
import { kindSettings, kindsTable, settingsTable } from "./provider-tables.ts";
import { operationsList, referencePage } from "./reference.ts";
import { WORDS } from "./words.ts";
import type { Written } from "./written.ts";

export interface Page {
  /** Below its language: "tasks", "models/<id>"; "index" is the first. */
  readonly name: string;
  readonly language: Language;
  /** Markdown. */
  readonly title: string;
  /** Its first paragraph; Markdown. */
  readonly about: string;
  readonly markdown: string;
}

export interface Section {
  readonly title: string;
  readonly pages: readonly Page[];
}

export interface Site {
  /** In order, the first page ("index") apart. */
  readonly sections: Readonly<Record<Language, readonly Section[]>>;
  readonly pages: Readonly<Record<Language, ReadonlyMap<string, Page>>>;
}

export const FIRST = "index";
const MODELS = "models/";
const REFERENCE = "reference/";

/** The site as it is now; the same object until something has changed. */
export function openSite(facts: PageFacts, written: Written): () => Site {
  let made: { readonly models: unknown; readonly url: string; readonly site: Site } | undefined;
  return () => {
    const { models } = facts.catalog;
    const url = facts.publicUrl();
    if (made?.models !== models || made.url !== url)
      made = {
        models,
        url,
        site: makeSite({ ...facts, document: facts.openapi() as OpenapiDocument }, written),
      };
    return made.site;
  };
}

interface Facts extends PageFacts {
  readonly document: OpenapiDocument;
}

function makeSite(facts: Facts, written: Written): Site {
  const each = <T>(make: (language: Language) => T): Record<Language, T> =>
    Object.fromEntries(LANGUAGES.map((language) => [language, make(language)])) as Record<Language, T>;
  const sections = each((language) => sectionsOf(facts, written, language));
  return {
    sections,
    pages: each((language) => {
      const first = firstPage(facts, { written, language, sections: sections[language] });
      const pages = sections[language].flatMap((section) => section.pages);
      return new Map([first, ...pages].map((page) => [page.name, page]));
    }),
  };
}

function sectionsOf(facts: Facts, written: Written, language: Language): readonly Section[] {
  return written.sections.map(({ title, pages }) => ({
    title: title[language],
    pages: pages
      .flatMap((name) => namesFor(name, facts))
      .map((name) => toPage(name, language, sourceOf(facts, { written, language, name }))),
  }));
}

/** `models/*` is a page for each model, `reference/*` one for each part of the API. */
function namesFor(name: string, { catalog, document }: Facts): readonly string[] {
  if (name === `${MODELS}*`) return [...catalog.models.keys()].map((id) => MODELS + id);
  if (name === `${REFERENCE}*`) return document.tags.map((tag) => REFERENCE + tag.name);
  return [name];
}

interface Wanted {
  readonly written: Written;
  readonly language: Language;
  readonly name: string;
}

function sourceOf(facts: Facts, { written, language, name }: Wanted): string {
  const words = WORDS[language];
  // No placeholders in it: what the document says of itself is text.
  if (name.startsWith(REFERENCE)) return referencePage(facts.document, name.slice(REFERENCE.length), words);
  const model = name.startsWith(MODELS) ? facts.catalog.models.get(name.slice(MODELS.length)) : undefined;
  // Of a model nothing but the address: a prompt of its example may look like a placeholder.
  if (model)
    return modelPage(model, words, sayIn(written, language)).replaceAll("{{url}}", facts.publicUrl());
  return fill(textOf(written, language, name), partsFor(facts, written, language));
}

function textOf(written: Written, language: Language, name: string): string {
  const text = written.pages[language].get(name);
  if (text === undefined) throw new Error(`docs/pages/${language}/${name}.md is missing`);
  return text;
}

/** What code adds to a page, by the name in its `{{NAME}}` or `{{NAME:OF}}`. */
type Parts = Readonly<Record<string, (of: string) => string>>;

function partsFor(facts: Facts, written: Written, language: Language): Parts {
  const { host, dialects } = facts;
  const words = WORDS[language];
  const say = sayIn(written, language);
  const models = (): Iterable<CatalogModel> => facts.catalog.models.values();
  return {
    url: facts.publicUrl,
    pages: (dialect) => presentedModels(models(), dialect, words),
    models: () => modelsList(models(), words, say),
    errors: () => errorEntries(dialects, written.errors[language], words),
    "test-failures": () => testFailures(dialects, written.errors[language], words),
    settings: () => settingsTable(host, words, say),
    providers: () => kindsTable(host, words, say),
    "provider-settings": () => kindSettings(host, words, say),
    reference: () => operationsList(facts.document),
    fidelity: () => fidelity(models(), host.kinds, { words, say }),
  };
}

function fill(source: string, parts: Parts): string {
  return source.replaceAll(/\{\{([a-z-]+)(?::([a-z0-9-]+))?\}\}/g, (_all, name: string, of = "") => {
    const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
    if (!part) throw new Error(`a page asks for {{${name}}}, which nothing makes`);
    return part(of);
  });
}

/** English where nobody has translated it: an operator's own models. */
function sayIn(written: Written, language: Language): (sentence: string) => string {
  const table = written.sentences[language] ?? {};
  return (sentence) => (Object.hasOwn(table, sentence) ? (table[sentence] ?? sentence) : sentence);
}

interface First {
  readonly written: Written;
  readonly language: Language;
  readonly sections: readonly Section[];
}

function firstPage(facts: Facts, { written, language, sections }: First): Page {
  const lists = sections.map(({ title, pages }) => {
    const lines = pages.map(
      (page) => `[${page.title}](${page.name}.md)${WORDS[language].colon}${page.about}`,
    );
    return `## ${title}\n\n${list(lines)}`;
  });
  const parts = { ...partsFor(facts, written, language), all: () => lists.join("\n\n") };
  return toPage(FIRST, language, fill(textOf(written, language, FIRST), parts));
}

function toPage(name: string, language: Language, markdown: string): Page {
  const [, title = name, about = ""] = /^# (.+)\n+([\s\S]*?)(?:\n\n|$)/.exec(markdown) ?? [];
  return {
    name,
    language,
    title,
    about: about.replaceAll(/\s*\n\s*/g, " "),
    markdown: `${markdown.trimEnd()}\n`,
  };
}
