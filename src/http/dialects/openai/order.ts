/** A request in this dialect's fields becomes a model's parameters. Decides nothing: the catalogue does, of what comes out. */
import { isDeepStrictEqual } from "node:util";
import { type Problem, ReelayError } from "../../../core/errors.ts";
import type { Json, JsonObject } from "../../../core/json.ts";
import type { CatalogModel } from "../../../core/model.ts";
import { nearest } from "../../../core/nearest.ts";
import type { Body } from "./body.ts";
import { invalidField } from "./errors.ts";
import { formValue } from "./form-values.ts";
import { type Given, REFERENCE } from "./reference.ts";
import { paramsOfSize, sizeToCome } from "./size.ts";
import { startField } from "./starts.ts";
import type { Said } from "./words.ts";

export interface Order {
  readonly body: JsonObject;
  readonly said: Said;
  /** "1280x720", or a resolution's name where more is not known yet. */
  readonly size: string;
}

/** Fields of this dialect that are no parameters of a model. */
const OWN = ["model", "seconds", "size", REFERENCE, "callback_url"];

/** Throws one `invalid_parameters` with every problem of the dialect's own. `own`: which of its fields this request has. */
export function toOrder(
  model: CatalogModel,
  { fields, form }: Body,
  given: Given | null,
  own: readonly string[] = OWN,
): Order {
  const params = openParams(model);
  for (const [name, value] of Object.entries(fields)) {
    const field = Object.hasOwn(model.input, name) && !own.includes(name) ? model.input[name] : undefined;
    if (field) params.put({ [name]: form ? formValue(field, value) : value }, name);
    else if (!own.includes(name)) params.problems.push(unknownField(model, name, own));
  }
  const { seconds, size } = fields;
  if (seconds !== undefined && seconds !== null)
    params.attempt(() => params.put(paramsOfSeconds(model, model.output.duration, seconds), "seconds"));
  if (size !== undefined && size !== null)
    params.attempt(() => params.put(paramsOfSize(model, size, given?.shape ?? null), "size"));
  if (given) params.attempt(() => params.put(paramsOfStart(model, given), given.field));
  const { body, said } = params.done();
  return {
    body,
    said,
    size: typeof size === "string" ? size : sizeToCome(model, body, given?.shape ?? null),
  };
}

function openParams(model: CatalogModel) {
  const body = new Map<string, Json>();
  const saidAs = new Map<string, string>();
  const problems: Problem[] = [];
  return {
    problems,
    put(params: JsonObject, name: string): void {
      for (const [field, value] of Object.entries(params)) {
        const before = body.get(field);
        if (body.has(field) && !isDeepStrictEqual(before, value)) {
          const message = `"${name}" stands for ${field} ${shown(value)} of ${model.id}, and "${saidAs.get(field)}" says ${shown(before)}: send one of them.`;
          problems.push({ field: name, message });
        } else if (!body.has(field)) {
          body.set(field, value);
          saidAs.set(field, name);
        }
      }
    },
    attempt(act: () => void): void {
      try {
        act();
      } catch (error) {
        if (!(error instanceof ReelayError)) throw error;
        problems.push(...error.problems);
      }
    },
    done(): Pick<Order, "body" | "said"> {
      if (problems.length > 0) {
        throw new ReelayError("invalid_parameters", problems.map(({ message }) => message).join(" "), {
          problems,
        });
      }
      const said = [...saidAs].filter(([field, name]) => field !== name);
      return { body: Object.fromEntries(body), said: Object.fromEntries(said) };
    },
  };
}

function shown(value: Json | undefined): string {
  return typeof value === "object" ? "another" : JSON.stringify(value);
}

function unknownField(model: CatalogModel, name: string, own: readonly string[]): Problem {
  const field = name.slice(0, 120);
  const known = Object.keys(model.input).filter((one) => model.input[one]?.kind !== "unsupported");
  const allowed = [...new Set([...own, ...known])];
  const meant = nearest(name, allowed);
  const hint = meant === undefined ? `there are ${allowed.join(", ")}` : `did you mean "${meant}"?`;
  const message = `${JSON.stringify(field)} is neither a field of this request nor a parameter of ${model.id} (${hint}).`;
  return { field, message, allowed };
}

/** Text or a number, as the one client sends and the other. */
function paramsOfSeconds(
  model: CatalogModel,
  duration: string | { readonly value: number },
  seconds: Json,
): JsonObject {
  const whole = typeof seconds === "string" && /^\d{1,5}$/.test(seconds) ? Number(seconds) : seconds;
  if (typeof whole !== "number" || !Number.isInteger(whole)) {
    const received = typeof seconds === "string" ? seconds.slice(0, 40) : seconds;
    throw invalidField("seconds", `"seconds" must be a whole number of seconds, such as "5".`, received);
  }
  if (typeof duration === "string") return { [duration]: whole };
  if (whole === duration.value) return {};
  const message = `"seconds" is ${whole}, and ${model.id} makes ${duration.value} seconds, always: send that, or leave it out.`;
  throw invalidField("seconds", message, whole, [duration.value]);
}

function paramsOfStart(model: CatalogModel, { field, start, url }: Given): JsonObject {
  const found = startField(model, start);
  if (found) return { [found.name]: found.many ? [url] : url };
  throw invalidField(field, `"${field}": ${model.id} starts from no ${start}.`);
}
