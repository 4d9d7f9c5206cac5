import type { Problem } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { Condition, Rule, Test } from "../core/model.ts";
import { received } from "./field-problems.ts";

/**
 * One problem for each rule that `input` (defaults filled in) breaks, told of the first field that is not as it
 * should be. A rule that mentions a field in `skip` is left out: that field has a problem of its own, and
 * judging it twice would only confuse.
 */
export function brokenRules(
  rules: readonly Rule[],
  input: JsonObject,
  skip: ReadonlySet<string>,
): readonly Problem[] {
  return rules.flatMap((rule) => {
    if (mentioned(rule).some((field) => skip.has(field)) || !allHold(rule.when, input)) return [];
    const broken = Object.entries(rule.must).find(([field, test]) => !holds(test, input[field] ?? null));
    if (broken === undefined) return [];
    const [field, test] = broken;
    return [{ field, message: rule.say, received: received(input[field] ?? null), allowed: allowedBy(test) }];
  });
}

export function mentioned(rule: Rule): readonly string[] {
  return [...Object.keys(rule.when), ...Object.keys(rule.must)];
}

/** Whether every test of `condition` holds for `input`, defaults filled in. An empty one always does. */
export function allHold(condition: Condition, input: JsonObject): boolean {
  return Object.entries(condition).every(([field, test]) => holds(test, input[field] ?? null));
}

function holds(test: Test, value: Json): boolean {
  if ("is" in test) return test.is.some((allowed) => allowed === value);
  if ("given" in test) return (value !== null) === test.given;
  return (Array.isArray(value) ? value.length : 0) === test.count;
}

function allowedBy(test: Test): Json {
  if ("is" in test) return test.is;
  if ("given" in test) return test.given ? "any value" : null;
  return `a list of ${test.count}`;
}
