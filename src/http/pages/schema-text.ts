/** A JSON Schema as a few lines that a programmer reads at a glance: `name?: type  // what it is`. */
import { nameOf, type Schema } from "./openapi-shape.ts";

export function schemaText(schema: Schema): string {
  return lines(schema, "").join("\n");
}

function lines(schema: Schema, indent: string): readonly string[] {
  const { properties, required = [], additionalProperties, allOf = [] } = schema;
  const said = allOf.flatMap(({ description }) =>
    description ? [`${indent}// ${oneLine(description)}`] : [],
  );
  if (!properties) return [...said, `${indent}${typeText(schema)}${remark(schema)}`];
  const inner = Object.entries(properties).flatMap(([name, one]) =>
    propertyLines(`${name}${required.includes(name) ? "" : "?"}`, one, `${indent}  `),
  );
  const others =
    typeof additionalProperties === "object"
      ? propertyLines("[other]", additionalProperties, `${indent}  `)
      : [];
  return [...said, `${indent}{`, ...inner, ...others, `${indent}}`];
}

function propertyLines(name: string, schema: Schema, indent: string): readonly string[] {
  const item = schema.type === "array" && schema.items?.properties ? schema.items : undefined;
  const whole = schema.properties ? schema : item;
  if (!whole) return [`${indent}${name}: ${typeText(schema)}${remark(schema)}`];
  const [, ...inner] = lines({ ...whole, allOf: [] }, indent);
  const last = item ? `${inner.pop()}[]` : inner.pop();
  return [`${indent}${name}: {${remark(schema)}`, ...inner, last ?? ""];
}

export function typeText(schema: Schema): string {
  if (schema.$ref !== undefined) return nameOf(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return [...new Set(choices.map(typeText))].join(" | ");
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  if (types.length === 0) return schema.properties ? "object" : "any";
  return types
    .map((type) => (type === "array" ? `${inParentheses(typeText(schema.items ?? {}))}[]` : type))
    .join(" | ");
}

function inParentheses(type: string): string {
  return type.includes(" | ") ? `(${type})` : type;
}

/** Limits, default and description behind two slashes. */
function remark(schema: Schema): string {
  const { default: standard, description } = schema;
  const parts = [
    ...limits(schema),
    ...(standard === undefined ? [] : [`default ${JSON.stringify(standard)}`]),
    ...(description === undefined ? [] : [oneLine(description)]),
  ];
  return parts.length === 0 ? "" : `  // ${parts.join("; ")}`;
}

function limits(schema: Schema): readonly string[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern, format } = schema;
  const range = (min: number | undefined, max: number | undefined, what: string): readonly string[] =>
    min === undefined && max === undefined ? [] : [`${min ?? ""}..${max ?? ""}${what}`];
  return [
    ...range(minimum, maximum, ""),
    ...range(minLength, maxLength, " characters"),
    ...range(minItems, maxItems, " items"),
    ...(format === undefined ? [] : [format]),
    ...(pattern === undefined ? [] : [`/${pattern}/`]),
  ];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
