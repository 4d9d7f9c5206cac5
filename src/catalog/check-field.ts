/** Mistakes in one field, of a model or of a page. */
import type { Field } from "../core/model.ts";
import { fieldProblems } from "./field-problems.ts";

export function fieldMistakes(name: string, field: Field): string[] {
  const mistakes: string[] = [];
  if (name === "model") mistakes.push("input.model is the model's own name and cannot be a field");
  if (field.required && field.nullable) mistakes.push(`input.${name} is required, so it cannot be nullable`);
  if (field.kind === "choice" && field.values.length === 0) mistakes.push(`input.${name} has no values`);
  if ("max" in field && "min" in field && (field.min ?? 0) > field.max) {
    mistakes.push(`input.${name} has a min above its max`);
  }
  if (field.default === undefined) return mistakes;
  if (field.required) mistakes.push(`input.${name} is required, so its default is never used`);
  if (field.default === null) return [...mistakes, `input.${name}: leave a default of null out`];
  const found = fieldProblems(name, field, field.default);
  return [...mistakes, ...found.map((problem) => `the default of ${problem.message}`)];
}
