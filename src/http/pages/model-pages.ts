/** A page for each model of the catalogue, and the list of them; an operator's own models have pages like ours. */
import { priceCases } from "../../catalog/price.ts";
import type { Json } from "../../core/json.ts";
import type { CatalogModel, Page } from "../../core/model.ts";
import { toCredits, toMicros } from "../../core/money.ts";
import { code, list, paragraphs, plain, table } from "./markdown.ts";
import { exampleBlock } from "./model-example.ts";
import { fieldsTable, type Say } from "./model-fields.ts";
import type { Words } from "./words.ts";

/** `{{models}}`: a line for each, with a link. */
export function modelsList(models: Iterable<CatalogModel>, words: Words, say: Say): string {
  const lines = [...models].map(
    (model) => `[${plain(say(model.name))}](models/${model.id}.md): ${code(model.id)}`,
  );
  return lines.length === 0 ? words.noModel : list(lines);
}

/** Markdown; `{{url}}` stands for the server's address. */
export function modelPage(model: CatalogModel, words: Words, say: Say): string {
  const { rules, price, source } = model;
  return paragraphs([
    `# ${plain(say(model.name))}`,
    words.modelAbout(code(model.id)),
    `## ${words.fields}`,
    fieldsTable(model, words, say),
    always(model, words),
    plain(words.factsFrom(say(source))),
    ...(rules.length === 0 ? [] : [`## ${words.rules}`, list(rules.map((rule) => plain(say(rule.say))))]),
    `## ${words.price}`,
    priceTable(model, words),
    plain(words.priceFrom(say(price.source))),
    `## ${words.example}`,
    words.exampleAbout,
    exampleBlock(model),
    ...unshown(model, words, say),
    ...Object.entries(model.pages ?? {}).flatMap((one) => presented(one, words, say)),
  ]);
}

/** As one dialect presents the model: its own names, limits and defaults. */
function presented([dialect, page]: readonly [string, Page], words: Words, say: Say): readonly string[] {
  const unsent = Object.entries(page.unsent).map(([name, why]) => `${code(name)}: ${plain(say(why))}`);
  return [
    `## ${words.inDialect(plain(dialect), code(page.path))}`,
    fieldsTable(page, words, say),
    plain(words.factsFrom(say(page.source))),
    ...(page.rules.length === 0
      ? []
      : [words.rules + words.colon, list(page.rules.map((rule) => plain(say(rule.say))))]),
    ...(unsent.length === 0 ? [] : [words.withoutEffect, list(unsent)]),
  ];
}

/** `{{pages:DIALECT}}`: by the names that it has for them. */
export function presentedModels(models: Iterable<CatalogModel>, dialect: string, words: Words): string {
  const rows = [...models].flatMap(({ id, pages = {} }) => {
    const page = pages[dialect];
    return page ? [[code(page.path), `[${code(id)}](models/${id}.md)`]] : [];
  });
  return table([words.nameThere, words.model], rows);
}

function always({ output: { duration, resolution } }: CatalogModel, words: Words): string {
  const seconds = typeof duration === "string" ? undefined : duration.value;
  const size = typeof resolution === "string" ? undefined : resolution.value;
  return seconds === undefined && size === undefined ? "" : plain(words.always(seconds, size));
}

function priceTable(model: CatalogModel, words: Words): string {
  const cases = priceCases(model);
  const names = Object.keys(cases[0]?.input ?? {});
  const rows = cases.map(({ input, line }) => [
    ...names.map((name) => valueText(input[name] ?? null)),
    line ? String(toCredits(toMicros(line.usdPerSecond))) : "",
  ]);
  return table([...names.map(code), words.creditsPerSecond], rows);
}

function valueText(value: Json): string {
  return value === null ? "null" : code(JSON.stringify(value));
}

/** What is not sent to a renderer that is free, and so to whoever develops against it. */
function unshown(model: CatalogModel, words: Words, say: Say): readonly string[] {
  const reasons = model.routes
    .filter(({ provider, endpoint }) => provider === endpoint)
    .flatMap(({ unsent }) => Object.entries(unsent))
    .filter(([name]) => model.input[name]?.kind !== "unsupported")
    .map(([name, reason]) => `${code(name)}: ${plain(say(reason))}`);
  return reasons.length === 0 ? [] : [`## ${words.notShown}`, list(reasons)];
}
