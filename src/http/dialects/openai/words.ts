/**
 * Names of a model's parameters as this dialect's clients know them: who sent `seconds` is told of `seconds`, although
 * the model calls it otherwise.
 */
import { type Problem, ReelayError } from "../../../core/errors.ts";

/** By the model's name of a parameter, the one it was sent under. */
export type Said = Readonly<Record<string, string>>;

export function fieldSaid(said: Said, field: string): string {
  return Object.hasOwn(said, field) ? (said[field] ?? field) : field;
}

/**
 * A sentence of the catalogue's with the client's names in it: where a name is quoted, or begins a sentence as its
 * subject. Elsewhere it may be a plain word ("a duration of 8").
 */
export function sentenceSaid(said: Said, text: string): string {
  return Object.entries(said).reduce((sentence, [field, name]) => {
    const own = `${field}(?:\\[\\d+\\])?`;
    return sentence
      .replaceAll(new RegExp(`"${own}"`, "g"), () => `"${name}"`)
      .replaceAll(new RegExp(`(^|[.;:] )${own}(?=:? )`, "g"), (_all, before: string) => before + name);
  }, text);
}

export function errorSaid(said: Said, error: ReelayError): ReelayError {
  const problems = error.problems.map(
    (problem): Problem => ({
      ...problem,
      field: fieldSaid(said, problem.field.replace(/\[\d+\]$/, "")),
      message: sentenceSaid(said, problem.message),
    }),
  );
  const { retryAfter } = error;
  const details = { problems, cause: error, ...(retryAfter === undefined ? {} : { retryAfter }) };
  return new ReelayError(error.code, sentenceSaid(said, error.message), details);
}
