/** A parameter of a model as JSON Schema 2020-12: exactly what `catalog/validate.ts` takes, as far as a schema can say it. */
import { CONTENT_TYPES } from "../../core/media.ts";
import type { Field, MediaLimits } from "../../core/model.ts";
import type { JsonSchema } from "./description.ts";

const MIB = 1024 * 1024;

/** As `catalog/field-problems.ts` holds it; `format` is only a remark in 2020-12. */
export const URL_SCHEMA: JsonSchema = {
  type: "string",
  format: "uri",
  maxLength: 2048,
  pattern: "^[Hh][Tt][Tt][Pp][Ss]?://\\S+$",
};

/** The schema of a value that is given; null counts as left out where the field may be null. */
export function fieldSchema(field: Field): JsonSchema {
  const schema = { ...valueSchema(field), description: aboutField(field) };
  const filled = field.default === undefined ? schema : { ...schema, default: field.default };
  return field.nullable ? withNull(filled) : filled;
}

function valueSchema(field: Field): JsonSchema {
  switch (field.kind) {
    case "text":
      // U+0000 cannot be stored everywhere, so it is refused.
      return {
        type: "string",
        ...(field.min === undefined ? {} : { minLength: field.min }),
        maxLength: field.max,
        pattern: "^[^\\x00]*$",
      };
    case "choice":
      return { type: typesOf(field.values), enum: field.values };
    case "integer":
      return { type: "integer", minimum: field.min, maximum: field.max };
    case "number":
      return { type: "number", minimum: field.min, maximum: field.max };
    case "flag":
      return { type: "boolean" };
    case "pictures":
      return {
        type: "array",
        items: URL_SCHEMA,
        // An empty list counts as left out.
        ...(field.required ? { minItems: 1 } : {}),
        maxItems: field.max,
      };
    case "unsupported":
      return { type: "null" };
    default:
      return field.inline ? { anyOf: [URL_SCHEMA, inlineSchema(field.kind)] } : URL_SCHEMA;
  }
}

const FAMILIES = { picture: "image/*", clip: "video/*", sound: "audio/*" } as const;

/** The file itself, as `catalog/field-problems.ts` tells it from a link. */
function inlineSchema(kind: keyof typeof FAMILIES): JsonSchema {
  return {
    type: "string",
    description: "The file itself, in base64 or as a data: URL.",
    contentEncoding: "base64",
    contentMediaType: FAMILIES[kind],
    pattern: "^([Dd][Aa][Tt][Aa]:|[A-Za-z0-9+/\\s]{64})",
  };
}

function typesOf(values: readonly unknown[]): string | readonly string[] {
  const types = new Set(values.map((value) => (Number.isInteger(value) ? "integer" : typeof value)));
  const [first = "string", ...others] = types;
  return others.length === 0 ? first : [first, ...others];
}

function withNull(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: "null" }] };
  const types = [schema.type].flat().filter((type) => type !== "null");
  return {
    ...schema,
    type: types.length === 0 ? "null" : [...types, "null"],
    ...(Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {}),
  };
}

function aboutField(field: Field): string {
  if (field.kind === "unsupported")
    return `Not a parameter of this model: ${field.about}. Only null is taken.`;
  if (!("limits" in field)) return field.about;
  const what = field.kind === "pictures" ? "Each a URL of a picture" : `A URL of a ${field.kind}`;
  return `${field.about} ${what}: ${limitsText(field.limits)}.`;
}

function limitsText({ types, maxBytes, side, ratio, seconds }: MediaLimits): string {
  const parts = [types.map((type) => CONTENT_TYPES[type]).join(", "), `at most ${bytesText(maxBytes)}`];
  if (side) parts.push(`sides of ${side[0]} to ${side[1]} pixels`);
  if (ratio) parts.push(`width to height ${rounded(ratio[0])} to ${rounded(ratio[1])}`);
  if (seconds) parts.push(`${seconds[0]} to ${seconds[1]} seconds`);
  return parts.join("; ");
}

function bytesText(bytes: number): string {
  return bytes % MIB === 0 ? `${bytes / MIB} MiB` : `${bytes} bytes`;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
