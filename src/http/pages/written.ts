/** What people wrote: the pages, their order, and the sentences that code puts into them. Read once, at the start. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import type { ErrorCode } from "../../core/errors.ts";
import { LANGUAGES, type Language } from "./language.ts";

interface WrittenSection {
  readonly title: Readonly<Record<Language, string>>;
  /** Names of pages; `models/*` stands for a page of each model. */
  readonly pages: readonly string[];
}

export interface ErrorText {
  readonly cause: string;
  readonly remedy: string;
}

interface Sample {
  readonly bytes: Buffer;
  readonly type: string;
}

export interface Written {
  readonly sections: readonly WrittenSection[];
  /** Markdown by name ("quick-start"), with `{{...}}` where code adds something. */
  readonly pages: Readonly<Record<Language, ReadonlyMap<string, string>>>;
  readonly errors: Readonly<Record<Language, Readonly<Record<ErrorCode, ErrorText>>>>;
  /** Sentences of the catalogue and of the settings in another language, by the English one. */
  readonly sentences: Readonly<Partial<Record<Language, Readonly<Record<string, string>>>>>;
  readonly style: string;
  /** Files that the examples use, by name. */
  readonly samples: ReadonlyMap<string, Sample>;
}

const TYPES: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  png: "image/png",
  mp4: "video/mp4",
  wav: "audio/wav",
};

/** Rejects where a file is missing: a server without its pages would be an installation that is broken. */
export async function readWritten(): Promise<Written> {
  const folder = placeOf("docs/pages/");
  const read = (path: string): Promise<string> => readFile(new URL(path, folder), "utf8");
  const readJson = async <T>(path: string): Promise<T> => JSON.parse(await read(path)) as T;
  const pagesOf = async (language: Language): Promise<ReadonlyMap<string, string>> => {
    const names = (await readdir(new URL(`${language}/`, folder))).filter((name) => name.endsWith(".md"));
    const texts = names.map(async (name) => [name.slice(0, -3), await read(`${language}/${name}`)] as const);
    return new Map(await Promise.all(texts));
  };
  const inEach = async <T>(make: (language: Language) => Promise<T>): Promise<Record<Language, T>> => {
    const pairs = LANGUAGES.map(async (language) => [language, await make(language)] as const);
    return Object.fromEntries(await Promise.all(pairs)) as Record<Language, T>;
  };
  return {
    sections: await readJson("contents.json"),
    pages: await inEach(pagesOf),
    errors: await inEach((language) => readJson(`${language}/errors.json`)),
    sentences: { zh: await readJson("zh/sentences.json") },
    style: await read("style.css"),
    samples: await readSamples(placeOf("samples/")),
  };
}

async function readSamples(folder: URL): Promise<ReadonlyMap<string, Sample>> {
  const names = (await readdir(folder)).filter((name) => Object.hasOwn(TYPES, endingOf(name)));
  const files = names.map(async (name) => {
    const bytes = await readFile(new URL(name, folder));
    return [name, { bytes, type: TYPES[endingOf(name)] ?? "" }] as const;
  });
  return new Map(await Promise.all(files));
}

function endingOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** A folder of the package: three levels up from the sources, four from what is built. */
function placeOf(folder: string): URL {
  const places = ["../../../", "../../../../"].map((up) => new URL(up + folder, import.meta.url));
  const found = places.find((place) => existsSync(place));
  if (!found) throw new Error(`${folder} is missing from this installation`);
  return found;
}
