/**
 * The rules between a model's fields, as far as types can say them: every combination of the states that these fields can
 * be in is tried, those that no rule forbids are kept, and neighbours are put together again.
 */
import { allHold, mentioned } from "../src/catalog/rules.ts";
import type { Json } from "../src/core/json.ts";
import type { CatalogModel, Field, Rule } from "../src/core/model.ts";

/** One thing that a client can do with a field. */
interface State {
  /** As a type; null: it is left out. */
  readonly type: string | null;
  /** What the server's rules then see. */
  readonly value: Json;
}

/** By field, the states that may stand together with all of the others'. */
export type Variant = ReadonlyMap<string, readonly State[]>;

interface Dependent {
  /** Fields that a rule joins, in the model's order. */
  readonly dependent: readonly string[];
  /** None where nothing depends on anything. */
  readonly variants: readonly Variant[];
}

/** More combinations than this would be types that nobody can read. */
const MOST_COMBINATIONS = 400;
/** A whole number of so few values is a choice. */
const FEW_VALUES = 16;
/** A list of so few is a tuple. */
const FEW_ITEMS = 3;

export function dependentFields(model: CatalogModel): Dependent {
  const rules = model.rules.filter((rule) => sayable(rule, model));
  const names = new Set(rules.flatMap(mentioned));
  const dependent = Object.keys(model.input).filter((name) => names.has(name) && !isAbsent(model, name));
  const states = dependent.map((name) => [name, statesOf(model.input[name] as Field)] as const);
  const count = states.reduce((product, [, some]) => product * some.length, 1);
  if (dependent.length === 0 || count > MOST_COMBINATIONS) return { dependent: [], variants: [] };
  const all = states.reduce<readonly Variant[]>(
    (variants, [name, some]) =>
      variants.flatMap((variant) => some.map((state) => new Map([...variant, [name, [state]]]))),
    [new Map()],
  );
  return { dependent, variants: joined(all.filter((variant) => allowed(variant, rules))) };
}

function isAbsent(model: CatalogModel, name: string): boolean {
  return model.input[name]?.kind === "unsupported";
}

/** Whether the states of its fields say all that the rule asks about. */
function sayable(rule: Rule, model: CatalogModel): boolean {
  const tests = [...Object.entries(rule.when), ...Object.entries(rule.must)];
  return tests.every(([name, test]) => {
    const field = model.input[name];
    if ("given" in test || "count" in test || field === undefined || isAbsent(model, name)) return true;
    return "is" in test && literalValues(field).length > 0;
  });
}

function statesOf(field: Field): readonly State[] {
  const absent: State = { type: null, value: field.default ?? null };
  return [...(field.required ? [] : [absent]), ...givenStates(field)];
}

function givenStates(field: Field): readonly State[] {
  const values = literalValues(field);
  if (values.length > 0) return values.map((value) => ({ type: JSON.stringify(value), value }));
  if (field.kind !== "pictures") return [{ type: plainType(field), value: "given" }];
  if (field.max > FEW_ITEMS) return [{ type: "readonly string[]", value: ["given"] }];
  return Array.from({ length: field.max }, (_, index) => {
    const strings = Array(index + 1).fill("string");
    return { type: `readonly [${strings.join(", ")}]`, value: strings };
  });
}

/** Of a field of one value that may be any. */
export function plainType({ kind }: Field): string {
  return kind === "integer" || kind === "number" ? "number" : "string";
}

/** The values of a field that has few. */
export function literalValues(field: Field): readonly (string | number | boolean)[] {
  if (field.kind === "choice") return field.values;
  if (field.kind === "flag") return [true, false];
  if (field.kind !== "integer" || field.max - field.min >= FEW_VALUES) return [];
  return Array.from({ length: field.max - field.min + 1 }, (_, index) => field.min + index);
}

function allowed(variant: Variant, rules: readonly Rule[]): boolean {
  const input = Object.fromEntries([...variant].map(([name, [state]]) => [name, state?.value ?? null]));
  return rules.every((rule) => !allHold(rule.when, input) || allHold(rule.must, input));
}

/** Two variants that differ in one field only are one. */
function joined(variants: readonly Variant[]): readonly Variant[] {
  for (const [index, one] of variants.entries()) {
    for (const other of variants.slice(index + 1)) {
      const differing = [...one.keys()].filter((name) => key(one, name) !== key(other, name));
      const [name] = differing;
      if (differing.length !== 1 || name === undefined) continue;
      const both = new Map(one).set(name, [...(one.get(name) ?? []), ...(other.get(name) ?? [])]);
      return joined([...variants.filter((each) => each !== one && each !== other), both]);
    }
  }
  return variants;
}

function key(variant: Variant, name: string): string {
  return JSON.stringify(variant.get(name)?.map(({ type }) => type));
}
