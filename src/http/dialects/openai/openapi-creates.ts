/** What a create takes, model by model: the model's own parameters, and this dialect's names for some of them. */
import type { Catalog } from "../../../catalog/catalog.ts";
import type { CatalogModel } from "../../../core/model.ts";
import type { DialectSettings } from "../../dialect.ts";
import { type Body, type Content, type JsonSchema, json } from "../../openapi/description.ts";
import { exampleBody, takesSchema } from "../../openapi/model-schema.ts";
import { onlyWhere } from "../../openapi/rule-schema.ts";
import { type Name, namesOf } from "./openapi-names.ts";
import { CALLBACK, name, own } from "./openapi-schemas.ts";
import { REFERENCE } from "./reference.ts";
import { suits } from "./starts.ts";

const createOf = (id: string): string => `create.${id}`;

export function createSchemas(
  { models }: Catalog,
  settings: DialectSettings,
): Readonly<Record<string, JsonSchema>> {
  const all = [...models.values()];
  const each = all.map((model) => [name(createOf(model.id)), createSchema(model, settings)] as const);
  // Not oneOf: a name of the operator's may stand for several.
  const any = { anyOf: all.map(({ id }) => own(createOf(id))) };
  return { ...Object.fromEntries(each), [name("Create")]: any };
}

function createSchema(model: CatalogModel, settings: DialectSettings): JsonSchema {
  const names = namesOf(model, { field: REFERENCE, kind: "picture" });
  const find = (field: string): Name | undefined => names.find(({ fields }) => fields.includes(field));
  const schema = takesSchema(model, {
    own: {
      model: { enum: calledSo(model, settings) },
      ...Object.fromEntries(names.map((one) => [one.name, one.schema])),
      // A model that starts from none takes none.
      ...(find(startOf(names)) ? {} : { [REFERENCE]: { type: "null" } }),
      callback_url: CALLBACK,
    },
    required: isDefault(model, settings) ? [] : ["model"],
    elsewhere: (field) => find(field) !== undefined,
    also: names.flatMap((one) => one.fields.flatMap((field) => together(one, field, model))),
    renamed: (field, test, asField) => {
      const one = find(field);
      if (!one) return asField;
      return onlyWhere(given(one.name), { properties: { [one.name]: one.shows(field, test) } }, asField);
    },
  });
  return { title: model.name, ...schema };
}

function startOf(names: readonly Name[]): string {
  return names.find((one) => one.name === REFERENCE)?.fields[0] ?? "";
}

function calledSo({ id }: CatalogModel, { openaiModels }: DialectSettings): readonly string[] {
  const others = [...openaiModels].filter(([, ids]) => ids.includes(id)).map(([called]) => called);
  return [id, ...others];
}

function isDefault(model: CatalogModel, settings: DialectSettings): boolean {
  return calledSo(model, settings).includes(settings.openaiDefault);
}

function given(of: string): JsonSchema {
  return { required: [of], properties: { [of]: { not: { type: "null" } } } };
}

/** One of them, where the model needs it; and never both, which would have to agree. */
function together(one: Name, field: string, { input }: CatalogModel): readonly JsonSchema[] {
  const never = { not: { allOf: [given(one.name), { required: [field] }] } };
  return input[field]?.required ? [never, { anyOf: [given(one.name), { required: [field] }] }] : [never];
}

export function createBody({ models }: Catalog): Body {
  const examples: Content["examples"] = Object.fromEntries(
    [...models.values()].map((model) => [
      model.id,
      { summary: model.name, value: { model: model.id, ...exampleBody(model) } },
    ]),
  );
  return {
    required: true,
    about: "JSON, or a form in which every field is a text and what the video starts from may be a file.",
    content: {
      ...json(own("Create"), examples),
      "multipart/form-data": { schema: formSchema([...models.values()]) },
    },
  };
}

/** Models that need nothing but words and one picture. */
function formSchema(models: readonly CatalogModel[]): JsonSchema {
  const simple = models.filter((model) => {
    const needed = Object.values(model.input).filter(({ required }) => required);
    return suits(model, "picture") && needed.length <= 2;
  });
  return {
    type: "object",
    description:
      "The fields of the JSON body as texts: true, 42, a list as several fields of one name or as JSON. Shown is the least for models that start from a picture.",
    required: ["model", "prompt", REFERENCE],
    properties: {
      model: { type: "string", enum: simple.map(({ id }) => id) },
      prompt: { type: "string", minLength: 1, maxLength: 1000, pattern: "^[^\\x00]*$" },
      [REFERENCE]: { type: "string", format: "binary", description: "The picture itself." },
    },
  };
}
