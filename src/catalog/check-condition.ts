/** Mistakes in a condition over the fields of a model or a page: shared by rules and prices. */
import type { Condition, Field, Rule } from "../core/model.ts";
import { fieldProblems } from "./field-problems.ts";
import { mentioned } from "./rules.ts";

interface Fields {
  readonly input: Readonly<Record<string, Field>>;
}

/** Of a model's own rules, or of those of one of its routes or pages. */
export function ruleMistakes(model: Fields, rules: readonly Rule[], place: string): string[] {
  return rules.flatMap((rule, index) => [
    ...mentioned(rule).flatMap((name) => notAField(model, name, `${place}[${index}]`)),
    ...testMistakes(model, rule.when, `${place}[${index}].when`),
    ...testMistakes(model, rule.must, `${place}[${index}].must`),
  ]);
}

/** A test that can never hold, or always does, is a typing mistake that no request would show. */
export function testMistakes(model: Fields, condition: Condition, place: string): string[] {
  return Object.entries(condition).flatMap(([name, test]) => {
    const field = model.input[name];
    // A variant inherits the rules of its family, and what it does not have is null.
    if (field === undefined || field.kind === "unsupported") return [];
    if ("count" in test)
      return field.kind === "pictures" ? [] : [`${place}.${name} counts what is not a list`];
    if (!("is" in test)) return [];
    const values = test.is.filter((value) => value !== null);
    return values.flatMap((value) =>
      fieldProblems(name, field, value).map((found) => `${place}: ${found.message}`),
    );
  });
}

export function notAField(model: Fields, name: string, place: string): string[] {
  return Object.hasOwn(model.input, name) ? [] : [`${place} names "${name}", which is not a field of input`];
}
