/**
 * Whether some JSON has the shape of a `Model`. The compiler answers that for our own files; an operator's file
 * has nobody else to ask. Mirrors the types of `core/model.ts`; what the parts mean to each other is check-model's.
 */
import { CONTENT_TYPES } from "../core/media.ts";
import { nearest } from "../core/nearest.ts";

/** Tells what is wrong with the value at `place`; nothing where it is right. */
type Shape = (value: unknown, place: string) => readonly string[];
type Shapes = Readonly<Record<string, Shape>>;

const string = ofType("a string that is not empty", (value) => typeof value === "string" && value !== "");
const number = ofType("a number", (value) => typeof value === "number" && Number.isFinite(value));
const boolean = ofType("true or false", (value) => typeof value === "boolean");
const onlyTrue = ofType("true or left out", (value) => value === true);
const primitive = ofType("a string, a number, true, false or null", (value) => {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
});
const json = ofType("JSON", (value) => value !== undefined);
const choice = ofType("a string, a number, true or false", (value) =>
  ["string", "number", "boolean"].includes(typeof value),
);
const fieldName = ofType("a name of a-z, 0-9 and _", (value) => {
  return typeof value === "string" && /^[a-z][a-z0-9_]*$/.test(value);
});

const about: Shapes = { about: string };
const common: Shapes = { required: onlyTrue, nullable: onlyTrue, default: json };
const KINDS: Readonly<Record<string, Shape>> = {
  text: object({ kind: string, ...about, max: number }, { ...common, min: number }),
  choice: object({ kind: string, ...about, values: list(choice) }, common),
  integer: object({ kind: string, ...about, min: number, max: number }, common),
  number: object({ kind: string, ...about, min: number, max: number }, common),
  flag: object({ kind: string, ...about }, common),
  picture: object({ kind: string, ...about, limits: limitsOf("image/") }, { ...common, inline: onlyTrue }),
  clip: object({ kind: string, ...about, limits: limitsOf("video/") }, { ...common, inline: onlyTrue }),
  sound: object({ kind: string, ...about, limits: limitsOf("audio/") }, { ...common, inline: onlyTrue }),
  pictures: object({ kind: string, ...about, max: number, limits: limitsOf("image/") }, common),
  unsupported: object({ kind: string, ...about, nullable: onlyTrue }, {}),
};
const field: Shape = (value, place) => {
  const kind = isObject(value) ? String(value.kind) : undefined;
  const shape = kind !== undefined && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  return shape
    ? shape(value, place)
    : [`${place} must be an object whose kind is one of ${Object.keys(KINDS).join(", ")}`];
};

const ruleTest = either(
  "{ is: list of values }, { given: true or false } or { count: number }",
  object({ is: list(primitive) }),
  object({ given: boolean }),
  object({ count: number }),
);
const condition = record(fieldName, ruleTest);
const source = either(
  "a field's name, { field, item?, text?, values?, otherwise? }, { value: constant } or { frame: text }",
  string,
  object({ field: string }, { item: number, text: string, values: record(string, json), otherwise: json }),
  object({ value: json }),
  object({ frame: string }),
);
const aspect = either("a field's name or { of: list of names }", string, object({ of: list(string) }));
const duration = either("a field's name or { value: seconds }", string, object({ value: number }));
const resolution = either("a field's name or { value: size }", string, object({ value: string }));
const rule = object({ when: condition, must: condition, say: string });
const anyType = ofType("a type of picture, clip or sound", (value) =>
  Object.hasOwn(CONTENT_TYPES, String(value)),
);
const route = object(
  {
    provider: string,
    endpoint: string,
    send: record(string, source),
    unsent: record(fieldName, string),
  },
  {
    unsupported: record(fieldName, string),
    rules: list(rule),
    limits: record(
      fieldName,
      object(
        {},
        {
          ...{ types: list(anyType), maxBytes: number, side: pair(), ratio: pair(), seconds: pair() },
          ...{ min: number, max: number },
        },
      ),
    ),
  },
);

const pageSource = either(
  "a parameter's name, { field, values } or { list: names }",
  string,
  object({ field: string, values: record(string, json) }),
  object({ list: list(string) }),
);
const page = object(
  {
    path: string,
    type: string,
    source: string,
    input: record(fieldName, field),
    rules: list(rule),
    send: record(fieldName, pageSource),
    unsent: record(fieldName, string),
    example: record(fieldName, json),
  },
  { when: condition },
);

const modelShape = object(
  {
    name: string,
    vendor: string,
    source: string,
    input: record(fieldName, field),
    rules: list(rule),
    output: object({ duration, resolution, aspect }),
    price: object({
      source: string,
      lines: list(object({ when: condition, usdPerSecond: number })),
    }),
    routes: list(route),
    example: record(fieldName, json),
  },
  { pages: record(string, page) },
);

/** One sentence for each place in `model` that does not have the shape of a `Model`. */
export function shapeMistakes(model: unknown): readonly string[] {
  return modelShape(model, "the model");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function ofType(name: string, fits: (value: unknown) => boolean): Shape {
  return (value, place) => (fits(value) ? [] : [`${place} must be ${name}`]);
}

/** "jpg" for "jpeg" would refuse every picture, so the types are held to the ones that are known. */
function limitsOf(contentType: "image/" | "video/" | "audio/"): Shape {
  const known = Object.entries(CONTENT_TYPES).filter(([, type]) => type.startsWith(contentType));
  const types = known.map(([name]) => name);
  const type = ofType(`one of ${types.join(", ")}`, (value) => types.some((name) => name === value));
  return object({ types: list(type), maxBytes: number }, { side: pair(), ratio: pair(), seconds: pair() });
}

function pair(): Shape {
  return ofType("a list of two numbers, the smaller one first", (value) => {
    if (!Array.isArray(value) || value.length !== 2) return false;
    return typeof value[0] === "number" && typeof value[1] === "number" && value[0] <= value[1];
  });
}

function list(item: Shape): Shape {
  return (value, place) => {
    if (!Array.isArray(value)) return [`${place} must be a list`];
    return value.flatMap((entry, index) => item(entry, `${place}[${index}]`));
  };
}

function record(key: Shape, entry: Shape): Shape {
  return (value, place) => {
    if (!isObject(value)) return [`${place} must be an object`];
    return Object.entries(value).flatMap(([name, item]) => [
      ...key(name, `the key "${name}" of ${place}`),
      ...entry(item, `${place}.${name}`),
    ]);
  };
}

function object(required: Shapes, optional: Shapes = {}): Shape {
  const all: Shapes = { ...required, ...optional };
  return (value, place) => {
    if (!isObject(value)) return [`${place} must be an object`];
    const missing = Object.keys(required).filter((name) => !Object.hasOwn(value, name));
    return [
      ...missing.map((name) => `${place} lacks "${name}"`),
      ...Object.entries(value).flatMap(([name, item]) => {
        const shape = Object.hasOwn(all, name) ? all[name] : undefined;
        return shape ? shape(item, `${place}.${name}`) : [unknownKey(name, place, Object.keys(all))];
      }),
    ];
  };
}

function unknownKey(name: string, place: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return `${place} has no "${name}" (${meant ? `did you mean "${meant}"?` : `it has ${known.join(", ")}`})`;
}

function either(name: string, ...shapes: readonly Shape[]): Shape {
  return ofType(name, (value) => shapes.some((shape) => shape(value, "").length === 0));
}
