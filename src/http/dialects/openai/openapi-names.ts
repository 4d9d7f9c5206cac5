/** `seconds`, `size` and `input_reference` as schemas: which values there are for a model, and what each stands for. */
import { shortSide } from "../../../core/frame.ts";
import type { Json } from "../../../core/json.ts";
import type { CatalogModel, Test } from "../../../core/model.ts";
import type { JsonSchema } from "../../openapi/description.ts";
import { REFERENCE_SCHEMA } from "./openapi-schemas.ts";
import { REFERENCE } from "./reference.ts";
import { exactSizes, optionsOf } from "./size.ts";
import { type Start, startField } from "./starts.ts";

/** A name of this dialect for parameters of the model. */
export interface Name {
  readonly name: string;
  /** The parameters that it stands for. */
  readonly fields: readonly string[];
  readonly schema: JsonSchema;
  /** Of its own value: when the test holds for what it stands for. */
  readonly shows: (field: string, test: Test) => JsonSchema;
}

const NEVER: JsonSchema = { not: {} };

/** `start`: the field of a request that something to start from is sent in, and of what kind. */
export function namesOf(
  model: CatalogModel,
  start: { readonly field: string; readonly kind: Start },
): readonly Name[] {
  const found = startField(model, start.kind);
  const reference = found && referenceName(start.field, found.name);
  return [secondsName(model), sizeName(model), ...(reference ? [reference] : [])];
}

/** Text or a number, as the one client sends and the other. */
const bothWays = (values: readonly (string | number)[]): readonly (string | number)[] => [
  ...new Set(values.flatMap((value) => [value, String(value)])),
];

function secondsName({ input, output: { duration } }: CatalogModel): Name {
  const values = typeof duration === "string" ? lengthsOf(input[duration]) : [duration.value];
  return {
    name: "seconds",
    fields: typeof duration === "string" ? [duration] : [],
    schema: {
      enum: [...bothWays(values), null],
      description: "How long, as text or a number. What the model does not make is refused.",
    },
    shows: (_field, test) =>
      "is" in test ? { enum: bothWays(test.is.filter(isWord)) } : anyIf(isGiven(test)),
  };
}

function lengthsOf(field: CatalogModel["input"][string] | undefined): readonly (string | number)[] {
  if (field?.kind === "choice") return field.values.filter(isWord);
  if (field?.kind !== "integer") return [];
  return Array.from({ length: field.max - field.min + 1 }, (_, at) => field.min + at);
}

function isWord(value: Json): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

const isGiven = (test: Test): boolean => "given" in test && test.given;
const anyIf = (holds: boolean): JsonSchema => (holds ? {} : NEVER);

function sizeName(model: CatalogModel): Name {
  const { resolution, aspect } = model.output;
  const exact = typeof aspect === "string";
  const fields = [resolution, aspect].filter((part): part is string => typeof part === "string");
  return {
    name: "size",
    fields,
    schema: exact
      ? exactSchema([...exactSizes(model).keys()].toReversed())
      : alikeSchema(sidesWhere(model, () => true)),
    shows(field, test) {
      if (!("is" in test)) return anyIf(isGiven(test));
      const right = (value: Json | undefined): boolean => test.is.some((one) => one === value);
      if (!exact) return { pattern: patternOf(sidesWhere(model, right)) };
      return {
        enum: [...exactSizes(model)].filter(([, params]) => right(params[field])).map(([size]) => size),
      };
    },
  };
}

function exactSchema(sizes: readonly string[]): JsonSchema {
  return {
    enum: [...sizes, null],
    description: "Pixels, width and height; these are the ones that the model makes.",
  };
}

function alikeSchema(sides: readonly number[]): JsonSchema {
  return {
    type: ["string", "null"],
    pattern: patternOf(sides),
    description: `Pixels, width and height. The video takes the shape of what it starts from: the shorter side is ${sides.join(", ")}, and the size has to lie as the picture does.`,
  };
}

function sidesWhere(model: CatalogModel, right: (value: Json | undefined) => boolean): readonly number[] {
  const { resolution } = model.output;
  const options = optionsOf(model, resolution);
  const values = options.filter(({ params, value }) =>
    right(typeof resolution === "string" ? params[resolution] : value),
  );
  return values.map(({ value }) => shortSide(value));
}

function patternOf(sides: readonly number[]): string {
  const each = sides.flatMap((side) => [`${side}x${atLeast(side)}`, `${atLeast(side)}x${side}`]);
  return each.length === 0 ? "^(?!)" : `^(${each.join("|")})$`;
}

/** Of five digits at most: every number that is not smaller. */
function atLeast(least: number): string {
  const digits = String(least);
  const larger = [...digits].flatMap((digit, at) => {
    const rest = digits.length - at - 1;
    return digit === "9"
      ? []
      : [`${digits.slice(0, at)}[${Number(digit) + 1}-9]${rest > 0 ? `\\d{${rest}}` : ""}`];
  });
  return `(${[digits, ...larger, `[1-9]\\d{${digits.length},4}`].join("|")})`;
}

function referenceName(name: string, field: string): Name {
  return {
    name,
    fields: [field],
    schema: name === REFERENCE ? REFERENCE_SCHEMA : {},
    shows: (_field, test) => anyIf(isGiven(test) || ("count" in test && test.count === 1)),
  };
}
