/**
 * A form has texts only: each becomes what its parameter takes. A text that is no such value stays a text, and the
 * catalogue refuses it by its name and with what is allowed; nothing is rounded or guessed.
 */
import type { Json } from "../../../core/json.ts";
import type { Field } from "../../../core/model.ts";

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

/** `given`: the text, or the texts of a name that came several times. */
export function formValue(field: Field, given: Json): Json {
  if (field.kind === "pictures") return listOf(given);
  if (typeof given !== "string" || field.kind === "text") return given;
  // How the official client says null in a form.
  if (given === "null" && field.nullable) return null;
  switch (field.kind) {
    case "integer":
      // Too many digits would be rounded.
      return /^(0|-?[1-9]\d*)$/.test(given) && Number.isSafeInteger(Number(given)) ? Number(given) : given;
    case "flag":
      return FLAGS.get(given) ?? given;
    case "choice":
      return field.values.find((value) => String(value) === given) ?? given;
    default:
      return given;
  }
}

/** One URL, several fields of the name, or a list in JSON. */
function listOf(given: Json): Json {
  if (typeof given !== "string") return given;
  if (given === "null") return null;
  if (!given.startsWith("[")) return [given];
  try {
    return JSON.parse(given) as Json;
  } catch {
    return given;
  }
}
