/**
 * `node docs/client-models.ts` writes client/src/models.ts: what each model of the catalogue takes, as types, so that a
 * wrong option does not compile. A test holds the written file to it.
 */
import { writeFile } from "node:fs/promises";
import type { Catalog } from "../src/catalog/catalog.ts";
import { loadCatalog } from "../src/catalog/catalog.ts";
import type { CatalogModel, Field } from "../src/core/model.ts";
import { dependentFields, literalValues, plainType, type Variant } from "./client-variants.ts";

export function clientModels(catalog: Catalog): string {
  const models = [...catalog.models.values()];
  const rows = models.map(({ id }) => `  "${id}": ${typeName(id)};`);
  return [
    "/** Written by `npm run docs` from the server's catalogue: change a model's file there, then run it again. */",
    "",
    models.map(modelType).join("\n\n"),
    "",
    "/** The parameters of each model that this version of the server brings along, by the model's id. */",
    `export interface ModelParameters {\n${rows.join("\n")}\n}\n`,
  ].join("\n");
}

function modelType(model: CatalogModel): string {
  const { dependent, variants } = dependentFields(model);
  const free = Object.entries(model.input).filter(([name]) => !dependent.includes(name));
  const lines = free.flatMap(([name, field]) => [
    `  ${comment(field)}`,
    `  ${member(name, field, types(field), !field.required)}`,
  ]);
  const own = `{\n${lines.join("\n")}\n}`;
  const says = [model.name, ...model.rules.map((rule) => rule.say)];
  const head =
    says.length === 1 ? `/** ${model.name} */` : `/**\n${says.map((say) => ` * ${say}`).join("\n *\n")}\n */`;
  if (variants.length === 0) return `${head}\nexport interface ${typeName(model.id)} ${own}`;
  const shapes = variants.map((variant) => `  | ${shape(model, dependent, variant)}`);
  return `${head}\nexport type ${typeName(model.id)} = ${own} & (\n${shapes.join("\n")}\n);`;
}

/** One way in which the fields that depend on each other may be given together. */
function shape(model: CatalogModel, dependent: readonly string[], variant: Variant): string {
  const members = dependent.map((name) => {
    const field = model.input[name] as Field;
    const states = variant.get(name) ?? [];
    const given = states.flatMap(({ type }) => (type === null ? [] : [type]));
    return `      ${comment(field)}\n      ${member(name, field, given, given.length < states.length)}`;
  });
  return `{\n${members.join("\n")}\n    }`;
}

function member(name: string, field: Field, types: readonly string[], open: boolean): string {
  const none = open ? [...(field.nullable ? ["null"] : []), "undefined"] : [];
  return `${name}${open ? "?" : ""}: ${[...types, ...none].join(" | ")};`;
}

/** The values that a field may have, as types. */
function types(field: Field): readonly string[] {
  const few = literalValues(field);
  if (field.kind === "flag") return ["boolean"];
  if (few.length > 0) return few.map((value) => JSON.stringify(value));
  switch (field.kind) {
    case "pictures":
      return ["readonly string[]"];
    case "unsupported":
      return [];
    default:
      return [plainType(field)];
  }
}

function comment(field: Field): string {
  if (field.kind === "unsupported") return `/** Not on this model: ${field.about}. */`;
  const range = allowed(field);
  const fallback = field.default === undefined ? [] : [`Default: ${JSON.stringify(field.default)}.`];
  return `/** ${[field.about, ...range, ...fallback].join(" ")} */`;
}

/** What a type cannot say of it. */
function allowed(field: Field): readonly string[] {
  switch (field.kind) {
    case "text":
      return [
        field.min === undefined
          ? `At most ${field.max} characters.`
          : `${field.min} to ${field.max} characters.`,
      ];
    case "integer":
    case "number":
      return [`${field.min} to ${field.max}.`];
    case "pictures":
      return [`1 to ${field.max} URLs: ${field.limits.types.join(", ")}.`];
    case "picture":
    case "clip":
    case "sound":
      return [`A URL: ${field.limits.types.join(", ")}.`];
    default:
      return [];
  }
}

/** "veo-3.1-lite-image-to-video" -> "Veo31LiteImageToVideo" */
function typeName(id: string): string {
  return id
    .replaceAll(".", "")
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

if (import.meta.main) {
  await writeFile(new URL("../client/src/models.ts", import.meta.url), clientModels(await loadCatalog()));
}
