/** The documents, held to what OpenAPI 3.1 asks, to the routes that are really mounted, and to their own schemas. */
import Ajv, { type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, it } from "vitest";
import { type Catalog, loadCatalog } from "../../catalog/catalog.ts";
import { appWith, routesOf } from "./testing/app.ts";
import {
  type Described,
  type MediaObject,
  type OpenapiDocument,
  objectsIn,
  operationsOf,
  resolve,
} from "./testing/walk.ts";

/** Pages for people, which no client calls. */
const PAGES = /^GET \/(docs|console|llms|$)/;
const WHOLE = "/openapi.json";

let catalog: Catalog;
let paths: readonly string[];
const documents = new Map<string, OpenapiDocument>();
let routes: readonly string[];

beforeAll(async () => {
  catalog = await loadCatalog();
  const app = appWith(catalog);
  routes = (await routesOf(app)).filter((route) => !PAGES.test(route));
  paths = routes.filter((route) => route.startsWith("GET /openapi")).map((route) => route.slice(4));
  for (const path of paths) documents.set(path, (await app.inject({ url: path })).json());
  await app.close();
});

const whole = (): OpenapiDocument => documents.get(WHOLE) as OpenapiDocument;
const all = (): readonly (readonly [string, OpenapiDocument])[] => [...documents];
/** The router knows one name for a place, whatever each of its routes calls it. */
const shape = (route: string): string => route.replace(/\{\w+\}(\|\{\w+\})*/g, "{}");
const named = ({ method, path }: Described): string => `${method} ${path}`;

function validator(document: OpenapiDocument): (schema: object, value: unknown) => string {
  const ajv = new Ajv.default({ strict: false, allErrors: true, validateSchema: false });
  addFormats.default(ajv);
  ajv.addSchema({ ...document, $id: "doc:" });
  // Compiled once each: the schema of a create is large, and has an example for each model.
  const compiled = new Map<string, ValidateFunction>();
  return (schema, value) => {
    const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"doc:#/');
    const fits = compiled.get(text) ?? ajv.compile(JSON.parse(text));
    compiled.set(text, fits);
    return fits(value) ? "" : ajv.errorsText(fits.errors);
  };
}

function faultyExamples(document: OpenapiDocument): readonly string[] {
  const faultOf = validator(document);
  const ofMedia = (where: string, content: Readonly<Record<string, MediaObject>> = {}): string[] =>
    Object.values(content).flatMap(({ schema, examples = {} }) =>
      Object.entries(examples).map(([name, { value }]) => `${where} ${name}: ${faultOf(schema, value)}`),
    );
  const found = operationsOf(document).flatMap((described) => {
    const { operation } = described;
    const parameters = (operation.parameters ?? []).filter(({ example }) => example !== undefined);
    return [
      ...parameters.map((one) => `${named(described)} ${one.name}: ${faultOf(one.schema, one.example)}`),
      ...ofMedia(named(described), operation.requestBody?.content),
      ...Object.entries(operation.responses).flatMap(([status, { content }]) =>
        ofMedia(`${named(described)} ${status}`, content),
      ),
    ];
  });
  const headers = Object.entries(document.components.headers).filter(
    ([, { schema }]) => !("type" in schema && schema.type === "integer"),
  );
  return [...found, ...headers.map(([name, one]) => `${name}: ${faultOf(one.schema, one.example)}`)];
}

describe("the documents", () => {
  it("are one for each dialect and one of all", () => {
    expect(paths.length).toBeGreaterThan(1);
    for (const [path, document] of all()) {
      expect(document.openapi, path).toBe("3.1.1");
      expect(operationsOf(document).length, path).toBeGreaterThan(5);
    }
    const one = all().filter(([path]) => path !== WHOLE);
    for (const [path, { paths }] of one) expect(whole().paths, path).toMatchObject(paths);
  });

  it("lead nowhere that is not there", () => {
    for (const [path, document] of all()) {
      const refs = [...objectsIn(document)].map((one) => one.$ref).filter((one) => typeof one === "string");
      expect(refs.length, path).toBeGreaterThan(50);
      expect(
        refs.filter((one) => resolve(document, one) === undefined),
        path,
      ).toEqual([]);
      const ids = operationsOf(document).map(({ operation }) => operation.operationId);
      expect(new Set(ids).size, path).toBe(ids.length);
      const links = operationsOf(document).flatMap(({ operation }) =>
        Object.values(operation.responses).flatMap(({ links = {} }) => Object.values(links)),
      );
      expect(
        links.filter(({ operationId }) => !ids.includes(operationId)),
        path,
      ).toEqual([]);
    }
  });

  it("have only schemas that are JSON Schema 2020-12", () => {
    for (const [path, document] of all()) {
      const ajv = new Ajv.default({
        strict: true,
        strictRequired: false,
        allowUnionTypes: true,
        strictTypes: false,
      });
      addFormats.default(ajv);
      for (const keyword of ["discriminator", "x-events", "x-made"]) ajv.addKeyword(keyword);
      const text = JSON.stringify(document.components.schemas).replaceAll('"#/components/schemas/', '"doc:');
      const schemas: Record<string, object> = JSON.parse(text);
      for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, `doc:${name}`);
      for (const name of Object.keys(schemas)) {
        expect(() => ajv.getSchema(`doc:${name}`), `${path} ${name}`).not.toThrow();
        expect(name).toMatch(/^[\w.-]+$/);
      }
    }
  });

  it("have only examples that are valid", () => {
    for (const [path, document] of all()) {
      const found = faultyExamples(document);
      expect(found.length, path).toBeGreaterThan(50);
      expect(
        found.filter((one) => !one.endsWith(": ")),
        path,
      ).toEqual([]);
    }
  });

  it("say of every operation what it is, what it answers, and under which id", () => {
    for (const described of operationsOf(whole())) {
      const { operation, path } = described;
      expect(operation.summary.length, named(described)).toBeGreaterThan(5);
      const inPath = (operation.parameters ?? []).filter((one) => one.in === "path").map((one) => one.name);
      expect(inPath.sort(), named(described)).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(),
      );
      for (const [status, { headers, content }] of Object.entries(operation.responses)) {
        expect(headers, `${named(described)} ${status}`).toHaveProperty("X-Request-Id");
        if (["400", "401", "404", "422", "429", "503"].includes(status)) expect(content).toBeDefined();
      }
    }
  });
});

describe("what is mounted", () => {
  it("is described, and what is described is mounted", () => {
    const described = operationsOf(whole()).map(named).map(shape);
    // A path of a model's own is one of those that a place in a route stands for.
    const isOf = (route: string, one: string): boolean => {
      const pattern = shape(route)
        .split("{}")
        .map((part) => part.replace(/[.*+?^$()|[\]\\]/g, "\\$&"));
      return new RegExp(`^${pattern.join("[^/]+")}$`).test(one);
    };
    expect(routes.filter((route) => !described.some((one) => isOf(route, one)))).toEqual([]);
    expect(described.filter((one) => !routes.some((route) => isOf(route, one)))).toEqual([]);
  });

  it("asks for a key unless the document says that it does not, and then does not", async () => {
    const app = appWith(catalog);
    for (const described of operationsOf(whole())) {
      const { method, path, operation } = described;
      const url = path.replace(/\{\w+\}/g, "x");
      const answer = await app.inject({ method: method as "GET", url });
      const open = operation.security?.length === 0;
      expect(answer.statusCode === 401, named(described)).toBe(!open);
      if (!open) expect(operation.responses, named(described)).toHaveProperty("401");
    }
    await app.close();
  });
});

describe("a document", () => {
  it("is the same until the catalogue changes, and then has the operator's model", async () => {
    const [[id, model] = []] = catalog.models;
    if (id === undefined || model === undefined) throw new Error("the catalogue is empty");
    let models = catalog.models;
    const app = appWith({
      get models() {
        return models;
      },
      operators: new Set(),
    });
    const first = await app.inject({ url: WHOLE });
    const etag = String(first.headers.etag);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await app.inject({ url: WHOLE, headers: { "if-none-match": known } });
      expect([again.statusCode, again.body], known).toEqual([304, ""]);
    }
    models = new Map([...models, ["our-own", { ...model, id: "our-own" }]]);
    const next = await app.inject({ url: WHOLE, headers: { "if-none-match": etag } });
    expect(next.statusCode).toBe(200);
    expect(next.headers.etag).not.toBe(etag);
    expect(first.body).not.toContain("our-own");
    expect(next.body).toContain("our-own");
    await app.close();
  });
});

it("names that an operator lets stand for models are taken where those are, and the default need not be said", async () => {
  const [one = "", two = ""] = catalog.models.keys();
  const settings = {
    openaiModels: new Map([["old-name", [one, two]]]),
    openaiDefault: "old-name",
    highwayStatuses: new Map(),
  };
  const app = appWith(catalog, settings);
  const document: OpenapiDocument = (await app.inject({ url: WHOLE })).json();
  await app.close();
  const named = Object.entries(document.components.schemas).filter(([, schema]) =>
    JSON.stringify(schema).includes('"old-name"'),
  );
  expect(named).toHaveLength(2);
  for (const [, schema] of named)
    expect(schema).not.toMatchObject({ required: expect.arrayContaining(["model"]) });
});
