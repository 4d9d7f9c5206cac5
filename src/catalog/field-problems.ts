import type { Problem } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { ChoiceField, Field } from "../core/model.ts";
import { nearest } from "../core/nearest.ts";

const LONGEST_URL = 2048;
const A_URL = `public http(s) URL of at most ${LONGEST_URL} characters`;

/**
 * Everything wrong with one given value, most often nothing. `value` is what the client sent for `field`,
 * neither left out nor a null that the field allows. Nothing is converted: "5" is not 5, and true is not 1.
 */
export function fieldProblems(name: string, field: Field, value: Json): readonly Problem[] {
  if (field.kind === "pictures" && Array.isArray(value) && value.length <= field.max) {
    return value.flatMap((item, index) =>
      field.inline && isInline(item) ? [] : itemProblems(name, item, index),
    );
  }
  const fault = faultOf(field, value);
  if (fault === undefined) return [];
  const message = `"${name}" must be ${allowedText(field)}, not ${fault}.`;
  const allowed = field.kind === "choice" ? field.values : allowedText(field);
  return [{ field: name, message, received: received(value), allowed }];
}

function itemProblems(name: string, item: Json, index: number): readonly Problem[] {
  const fault = urlFault(item);
  if (fault === undefined) return [];
  const allowed = `a string, a ${A_URL}`;
  const message = `"${name}[${index}]" must be ${allowed}, not ${fault}.`;
  return [{ field: name, message, received: received(item), allowed }];
}

/** What a field takes, as the end of "must be ...": for messages and docs. */
export function allowedText(field: Field): string {
  switch (field.kind) {
    case "text":
      return (field.min ?? 0) === 0
        ? `a string of at most ${field.max} characters`
        : `a string of ${field.min} to ${field.max} characters`;
    case "choice":
      return `one of ${field.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "integer":
      return `an integer from ${field.min} to ${field.max}`;
    case "number":
      return `a number from ${field.min} to ${field.max}`;
    case "flag":
      return "true or false";
    case "pictures":
      return `a list of 1 to ${field.max} strings, each a ${A_URL}`;
    case "unsupported":
      return "null";
    default:
      return field.inline ? `a string, a ${A_URL}, or the file itself in base64` : `a string, a ${A_URL}`;
  }
}

/** Strings are cut to 120 characters; lists and objects are only named, however deep they are. */
export function received(value: Json): Json {
  if (typeof value === "string") return shorten(value, 120);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === "object" && value !== null ? "an object" : value;
}

export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = Array.from(text.slice(0, 2 * length));
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}

/** What came instead, as the end of "..., not ...". */
function faultOf(field: Field, value: Json): string | undefined {
  switch (field.kind) {
    case "text":
      return textFault(value, field.min ?? 0, field.max);
    case "choice":
      return choiceFault(field, value);
    case "integer":
      return Number.isInteger(value) && inside(Number(value), field.min, field.max)
        ? undefined
        : shown(value);
    case "number":
      return typeof value === "number" && inside(value, field.min, field.max) ? undefined : shown(value);
    case "flag":
      return typeof value === "boolean" ? undefined : shown(value);
    case "pictures":
      return Array.isArray(value) ? `of ${value.length}` : shown(value);
    case "unsupported":
      return shown(value);
    default:
      // Whether it decodes is found out where it is kept.
      return field.inline && isInline(value) ? undefined : urlFault(value);
  }
}

/** Whether a media field holds the file itself. */
export function isInline(value: Json): value is string {
  return typeof value === "string" && (/^data:/i.test(value) || /^[A-Za-z0-9+/\s]{64}/.test(value));
}

function textFault(value: Json, min: number, max: number): string | undefined {
  if (typeof value !== "string") return shown(value);
  if (value === "" && min > 0) return "an empty one";
  const length = Array.from(value).length;
  if (!inside(length, min, max)) return `of ${length}`;
  // PostgreSQL cannot store U+0000, and UTF-8 has no half pairs: both would reach the provider as something else.
  if (!value.isWellFormed() || value.includes("\0")) return "one with U+0000 or half a surrogate pair in it";
  return undefined;
}

function choiceFault(field: ChoiceField, value: Json): string | undefined {
  if (field.values.some((allowed) => allowed === value)) return undefined;
  if (typeof value !== "string") return shown(value);
  const meant = nearest(value, field.values.map(String));
  if (meant === undefined) return shown(value);
  const index = field.values.map(String).indexOf(meant);
  return `${shown(value)} (did you mean ${JSON.stringify(field.values[index])}?)`;
}

function urlFault(value: Json): string | undefined {
  if (typeof value !== "string") return shown(value);
  if (value === "") return "an empty one";
  if (/^data:/i.test(value)) return "a data: URL: send a public http(s) URL or upload the file first";
  if (value.length > LONGEST_URL) return `one of ${value.length} characters`;
  if (!/^https?:\/\/\S+$/i.test(value) || !URL.canParse(value)) return "one without http(s) URL syntax";
  return undefined;
}

function inside(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}

function shown(value: Json): string {
  if (typeof value === "string") return `the string ${JSON.stringify(shorten(value, 40))}`;
  if (typeof value === "object" && value !== null) return String(received(value));
  return String(value);
}
