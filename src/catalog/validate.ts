import { type Problem, ReelayError } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { CatalogModel, Field } from "../core/model.ts";
import { nearest } from "../core/nearest.ts";
import { allowedText, fieldProblems, received, shorten } from "./field-problems.ts";
import { brokenRules } from "./rules.ts";

/** A body of ten thousand unknown names is answered with the first ones, not with a megabyte. */
const UNKNOWN_NAMED = 20;

/** A model or a page of one: what it is called, what it takes, and what must hold between its parameters. */
export type Takes = Pick<CatalogModel, "id" | "input" | "rules">;

export interface Validated {
  /** Every parameter of the model: as sent, else its default, else null. */
  readonly input: JsonObject;
  /** Names of the parameters that the client gave a value, in the model's order. */
  readonly asked: readonly string[];
}

/**
 * Holds a client's `body` (without the key `model`) to what `model` takes, and fills in the defaults.
 *
 * Throws one ReelayError that tells every problem at once: `unsupported_parameters` where all of them are
 * parameters that only other variants of the model have, `invalid_parameters` otherwise.
 */
export function validate(model: Takes, body: JsonObject): Validated {
  const problems: Problem[] = [];
  const input: Record<string, Json> = {};
  const asked: string[] = [];
  for (const [name, field] of Object.entries(model.input)) {
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    input[name] = field.default ?? null;
    if (value === undefined || isLeftOut(field, value)) {
      if (field.required) problems.push(missing(name, field, value));
      continue;
    }
    const found = given(model, name, value);
    problems.push(...found);
    if (found.length > 0) continue;
    input[name] = value;
    asked.push(name);
  }
  const faulty = new Set(problems.map((problem) => problem.field));
  problems.push(...unknownFields(model, body), ...brokenRules(model.rules, input, faulty));
  if (problems.length > 0) throw refusal(model, problems);
  return { input, asked };
}

function isLeftOut(field: Field, value: Json): boolean {
  if (value === null) return field.nullable === true;
  return field.kind === "pictures" && Array.isArray(value) && value.length === 0;
}

function missing(name: string, field: Field, value: Json | undefined): Problem {
  const allowed = allowedText(field);
  const message = `"${name}" is required: send ${allowed}.`;
  return value === undefined
    ? { field: name, message, allowed }
    : { field: name, message, received: received(value), allowed };
}

function given(model: Takes, name: string, value: Json): readonly Problem[] {
  const field = model.input[name];
  if (field === undefined) return [];
  if (field.kind === "unsupported") {
    const message = `"${name}" does not apply to ${model.id}: ${field.about}. Leave it out or send null.`;
    return [{ field: name, message, received: received(value), allowed: null }];
  }
  if (value === null) {
    const remedy = field.required ? "" : ": leave it out instead";
    const message = `"${name}" must be ${allowedText(field)}, not null${remedy}.`;
    return [{ field: name, message, received: null, allowed: allowedText(field) }];
  }
  return fieldProblems(name, field, value);
}

function unknownFields(model: Takes, body: JsonObject): readonly Problem[] {
  const known = Object.keys(model.input).filter((name) => model.input[name]?.kind !== "unsupported");
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(model.input, name));
  return unknown.slice(0, UNKNOWN_NAMED).map((name) => {
    const meant = nearest(name, known);
    const hint = meant === undefined ? `it takes ${known.join(", ")}` : `did you mean "${meant}"?`;
    const field = shorten(name, 120);
    const message = `${JSON.stringify(field)} is not a parameter of ${model.id} (${hint}).`;
    return { field, message, received: received(body[name] ?? null), allowed: known };
  });
}

function refusal(model: Takes, problems: readonly Problem[]): ReelayError {
  const allElsewhere = problems.every((problem) => model.input[problem.field]?.kind === "unsupported");
  const code = allElsewhere ? "unsupported_parameters" : "invalid_parameters";
  const [first] = problems;
  if (problems.length === 1 && first) return new ReelayError(code, first.message, { problems });
  const sentences = problems.map((problem) => problem.message.replace(/\.$/, ""));
  return new ReelayError(code, `${problems.length} problems: ${sentences.join("; ")}.`, { problems });
}
