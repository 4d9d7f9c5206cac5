/** Mistakes in a model's routes: a field that no provider is told of and no client hears about is the worst of them. */
import type { Field, FieldSource, Model, Route, Source } from "../core/model.ts";
import { notAField, ruleMistakes } from "./check-condition.ts";

export function routesMistakes(model: Model): string[] {
  if (model.routes.length === 0) return ["routes is empty: nobody could do the work"];
  return model.routes.flatMap((route, index) => routeMistakes(model, route, `routes[${index}]`));
}

function routeMistakes(model: Model, route: Route, place: string): string[] {
  const { unsupported = {} } = route;
  const sent = sentFields(model, route);
  const named = [...Object.keys(route.unsent), ...Object.keys(unsupported)];
  return [
    ...Object.entries(route.send).flatMap(([parameter, source]) =>
      sourceMistakes(model, source, `${place}.send.${parameter}`),
    ),
    ...unreachable(Object.keys(route.send), `${place}.send`),
    ...absent(model, sent, { where: "unsent", names: Object.keys(route.unsent), place }),
    ...absent(model, sent, { where: "unsupported", names: Object.keys(unsupported), place }),
    ...Object.keys(unsupported)
      .filter((name) => Object.hasOwn(route.unsent, name))
      .map((name) => `${place} has "${name}" both in unsent and in unsupported`),
    ...Object.keys(model.input)
      .filter((name) => !sent.includes(name) && !named.includes(name))
      .map((name) => `${place} forgets "${name}": send it, or say in unsent or unsupported why not`),
    ...forgottenItems(model, route, place),
    ...ruleMistakes(model, route.rules ?? [], `${place}.rules`),
    ...limitMistakes(model, route, place),
  ];
}

/** What the provider is told, in one form or another: a frame tells the resolution, and the shape where a field says it. */
function sentFields(model: Model, route: Route): readonly string[] {
  const { resolution, aspect } = model.output;
  return Object.values(route.send).flatMap((source) => {
    if (typeof source === "string") return [source];
    if ("frame" in source) return [resolution, aspect].filter((name) => typeof name === "string");
    return "field" in source ? [source.field] : [];
  });
}

interface Absent {
  readonly where: "unsent" | "unsupported";
  readonly names: readonly string[];
  readonly place: string;
}

function absent(model: Model, sent: readonly string[], { where, names, place }: Absent): string[] {
  return names.flatMap((name) =>
    sent.includes(name)
      ? [`${place} has "${name}" both in send and in ${where}`]
      : notAField(model, name, `${place}.${where}`),
  );
}

function sourceMistakes(model: Model, source: Source, place: string): string[] {
  if (typeof source === "object" && "value" in source) return [];
  if (typeof source === "object" && "frame" in source) {
    const whole = source.frame.includes("{width}") && source.frame.includes("{height}");
    return whole ? [] : [`${place}.frame must have {width} and {height} in it`];
  }
  const spelled: FieldSource = typeof source === "string" ? { field: source } : source;
  const field = model.input[spelled.field];
  if (field === undefined) return notAField(model, spelled.field, place);
  return [...itemMistakes(spelled, field, place), ...spellingMistakes(spelled, field, place)];
}

function itemMistakes({ field: name, item }: FieldSource, field: Field, place: string): string[] {
  if ((item !== undefined) === (field.kind === "pictures")) return [];
  return [
    item === undefined
      ? `${place} must take one item of "${name}"`
      : `${place} takes an item of "${name}", which is no list`,
  ];
}

function spellingMistakes(
  { field: name, text, values, otherwise }: FieldSource,
  field: Field,
  place: string,
): string[] {
  const spelled = text !== undefined || values !== undefined || otherwise !== undefined;
  if (spelled && "limits" in field) return [`${place} respells "${name}", which is a file`];
  if (text !== undefined && values !== undefined) return [`${place} has both text and values`];
  if (text !== undefined && !text.includes("{}")) return [`${place}.text has no {} in it`];
  if (values === undefined) return [];
  if (field.kind !== "choice" && field.kind !== "flag") return [`${place}.values needs a choice or a flag`];
  const known = field.kind === "flag" ? ["true", "false"] : field.values.map(String);
  return known
    .filter((value) => !Object.hasOwn(values, value))
    .map((value) => `${place}.values forgets "${value}"`);
}

/** `a` and `a.b` cannot both be there: one is a value, the other makes it an object. */
function unreachable(parameters: readonly string[], place: string): string[] {
  return parameters
    .filter((name) => parameters.some((other) => other.startsWith(`${name}.`)))
    .map((name) => `${place}.${name} is a value and the way to another`);
}

/** A second picture that no parameter takes would be accepted and lost. */
function forgottenItems(model: Model, route: Route, place: string): string[] {
  const items = Object.values(route.send).flatMap((source) => {
    const listed = typeof source === "object" && "field" in source && source.item !== undefined;
    return listed ? [`${source.field}[${source.item}]`] : [];
  });
  const needed = Object.entries(model.input).flatMap(([name, field]) => {
    const wanted = items.some((item) => item.startsWith(`${name}[`)) && field.kind === "pictures";
    return wanted ? Array.from({ length: field.max }, (_, index) => `${name}[${index}]`) : [];
  });
  return [
    ...needed
      .filter((item) => !items.includes(item))
      .map((item) => `${place} forgets ${item}: send every item`),
    ...items
      .filter((item) => !needed.includes(item))
      .map((item) => `${place} sends ${item}, which cannot exist`),
  ];
}

const OF_TEXTS = ["min", "max"];

function limitMistakes(model: Model, route: Route, place: string): string[] {
  return Object.entries(route.limits ?? {}).flatMap(([name, limits]) => {
    const field = model.input[name];
    if (field === undefined) return notAField(model, name, `${place}.limits`);
    if (field.kind !== "text" && !("limits" in field)) {
      return [`${place}.limits names "${name}", which is no file and no text`];
    }
    return Object.keys(limits)
      .filter((limit) => OF_TEXTS.includes(limit) !== (field.kind === "text"))
      .map((limit) => `${place}.limits.${name} has "${limit}", which is no limit of a ${field.kind}`);
  });
}
