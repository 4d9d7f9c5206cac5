/** The fields of a model as a table: types, defaults, limits. */
import type { CatalogModel, Field, MediaLimits } from "../../core/model.ts";
import { code, codes, plain, table } from "./markdown.ts";
import type { Words } from "./words.ts";

/** A sentence of the catalogue in the page's language. */
export type Say = (sentence: string) => string;

export function fieldsTable({ input }: Pick<CatalogModel, "input">, words: Words, say: Say): string {
  const rows = Object.entries(input).map(([name, field]) => [
    code(name),
    typeOf(field, words),
    field.required ? words.yes : words.no,
    defaultOf(field),
    allowedOf(field, words),
    plain(field.kind === "unsupported" ? words.notHere(say(field.about)) : say(field.about)),
  ]);
  const heads = [words.field, words.type, words.required, words.standard, words.allowed, words.about];
  return table(heads, rows);
}

function typeOf(field: Field, words: Words): string {
  if (field.kind === "unsupported") return "null";
  return field.nullable ? words.or(typeName(field, words)) : typeName(field, words);
}

function typeName(field: Field, { types }: Words): string {
  switch (field.kind) {
    case "text":
      return types.string;
    case "choice":
      return [...new Set(field.values.map((value) => choiceType(value, types)))].join(" / ");
    case "flag":
      return types.boolean;
    case "integer":
      return types.integer;
    case "number":
      return types.number;
    case "pictures":
      return types.urls;
    default:
      return types.url;
  }
}

function choiceType(value: string | number | boolean, types: Words["types"]): string {
  if (typeof value === "boolean") return types.boolean;
  return typeof value === "number" ? types.integer : types.string;
}

function defaultOf(field: Field): string {
  if (field.default !== undefined) return code(JSON.stringify(field.default));
  return field.required ? "" : "null";
}

function allowedOf(field: Field, words: Words): string {
  switch (field.kind) {
    case "text":
      return words.characters(field.min, field.max);
    case "choice":
      return codes(field.values);
    case "integer":
    case "number":
      return words.range(field.min, field.max);
    case "flag":
      return codes([true, false]);
    case "unsupported":
      return "null";
    case "pictures":
      return words.upTo(field.max, limitsText(field.limits, words));
    default:
      return limitsText(field.limits, words) + (field.inline ? words.inline : "");
  }
}

function limitsText({ types, maxBytes, side, ratio, seconds }: MediaLimits, words: Words): string {
  const parts = [types.join(", "), words.bytes(String(Number((maxBytes / (1024 * 1024)).toFixed(2))))];
  if (side) parts.push(words.sides(...side));
  if (ratio) parts.push(words.ratio(...ratio));
  if (seconds) parts.push(words.seconds(...seconds));
  return plain(parts.join("; "));
}
