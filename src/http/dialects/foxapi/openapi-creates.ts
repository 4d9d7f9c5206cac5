/** What a create takes, model by model: from the catalogue, with what this dialect adds to each. */
import type { Catalog } from "../../../catalog/catalog.ts";
import type { CatalogModel } from "../../../core/model.ts";
import { type Body, type Content, type JsonSchema, json } from "../../openapi/description.ts";
import { exampleBody, takesSchema } from "../../openapi/model-schema.ts";
import { name, own } from "./openapi-schemas.ts";
import { LONGEST_URL } from "./request.ts";

const OF_EVERY_CREATE: Readonly<Record<string, JsonSchema>> = {
  callback_url: {
    type: ["string", "null"],
    format: "uri",
    maxLength: LONGEST_URL,
    description: "Called once the task has ended, with the task as its body. https, on the public internet.",
  },
  dry_run: {
    enum: [true, false, "true", "false", "1", "0", null],
    default: false,
    description: "Checks and prices the request; makes nothing and costs nothing.",
  },
};

const createOf = (id: string): string => `create.${id}`;

export function createSchemas({ models }: Catalog): Readonly<Record<string, JsonSchema>> {
  const each = [...models.values()].map((model) => [name(createOf(model.id)), createSchema(model)] as const);
  return { ...Object.fromEntries(each), [name("Create")]: anyCreate([...models.keys()]) };
}

function createSchema(model: CatalogModel): JsonSchema {
  const first = { model: { type: "string", const: model.id } };
  return {
    title: model.name,
    ...takesSchema(model, { own: { ...first, ...OF_EVERY_CREATE }, required: ["model"] }),
  };
}

function anyCreate(ids: readonly string[]): JsonSchema {
  const refs = ids.map((id) => own(createOf(id)));
  const mapping = Object.fromEntries(ids.map((id, index) => [id, refs[index]?.$ref]));
  return { oneOf: refs, discriminator: { propertyName: "model", mapping } };
}

export function createBody({ models }: Catalog): Body {
  const examples: Content["examples"] = Object.fromEntries(
    [...models.values()].map((model) => [
      model.id,
      { summary: model.name, value: { model: model.id, ...exampleBody(model) } },
    ]),
  );
  return { required: true, content: json(own("Create"), examples) };
}
