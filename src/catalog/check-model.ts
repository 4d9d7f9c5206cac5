import { isDeepStrictEqual } from "node:util";
import { ReelayError } from "../core/errors.ts";
import type { Field, Model } from "../core/model.ts";
import { notAField, ruleMistakes } from "./check-condition.ts";
import { fieldMistakes } from "./check-field.ts";
import { pagesMistakes } from "./check-page.ts";
import { priceMistakes } from "./check-price.ts";
import { routesMistakes } from "./check-route.ts";
import { exampleOf } from "./example.ts";
import { shapeMistakes } from "./model-shape.ts";
import { validate } from "./validate.ts";

/**
 * Everything wrong with a model file, one sentence each; empty where it is sound. `model` may be any JSON: where
 * it does not even have the shape of a model, only that is told.
 */
export function checkModel(id: string, model: unknown): string[] {
  const shape = shapeMistakes(model);
  if (shape.length > 0) return [...shape];
  // The shape has just been checked, part by part.
  const sound = model as Model;
  const found = [
    ...idMistakes(id),
    ...jsonMistakes(sound),
    ...Object.entries(sound.input).flatMap(([name, field]) => [
      ...fieldMistakes(name, field),
      ...("inline" in field ? [`input.${name} is inline, which only a page's field may be`] : []),
    ]),
    ...ruleMistakes(sound, sound.rules, "rules"),
    ...outputMistakes(sound),
    ...priceMistakes(sound),
    ...routesMistakes(sound),
    ...exampleMistakes(id, sound),
  ];
  // A page can only be held to a model that is sound itself.
  return found.length > 0 ? found : pagesMistakes(id, sound);
}

function idMistakes(id: string): string[] {
  return /^[a-z0-9][a-z0-9.-]{0,99}$/.test(id)
    ? []
    : [`the id "${id}" may have only a-z, 0-9, "." and "-" in it`];
}

function jsonMistakes(model: Model): string[] {
  const mistake = "the model is not pure data: it does not survive a JSON round trip";
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(model)), model) ? [] : [mistake];
  } catch {
    return [mistake];
  }
}

function outputMistakes(model: Model): string[] {
  const { duration, resolution, aspect } = model.output;
  const mistakes = [
    ...(typeof duration === "string"
      ? outputField(model, { part: "duration", name: duration, kinds: ["integer", "choice"] })
      : constantMistakes("duration", duration.value > 0)),
    ...(typeof resolution === "string"
      ? outputField(model, { part: "resolution", name: resolution, kinds: ["choice"] })
      : constantMistakes("resolution", RESOLUTION.test(resolution.value))),
  ];
  if (typeof aspect === "string") {
    return [...mistakes, ...outputField(model, { part: "aspect", name: aspect, kinds: ["choice"] })];
  }
  const sources = aspect.of.flatMap((name) => {
    const kind = model.input[name]?.kind;
    return kind === "picture" || kind === "pictures" || kind === "clip"
      ? []
      : [`output.aspect.of names "${name}", which is no picture, pictures or clip of input`];
  });
  return [...mistakes, ...sources];
}

const RESOLUTION = /^([1-9]\d*p|4k)$/i;

function constantMistakes(part: keyof Model["output"], isRight: boolean): string[] {
  return isRight ? [] : [`output.${part}.value is no length or size that a video can have`];
}

interface OutputPart {
  readonly part: keyof Model["output"];
  readonly name: string;
  readonly kinds: readonly Field["kind"][];
}

function outputField(model: Model, { part, name, kinds }: OutputPart): string[] {
  const field = model.input[name];
  const named = `output.${part} names "${name}"`;
  if (field === undefined) return notAField(model, name, `output.${part}`);
  if (!kinds.includes(field.kind)) return [`${named}, which is not of kind ${kinds.join(" or ")}`];
  const unreadable = part === "duration" ? undefined : unreadableValue(field, part);
  if (unreadable !== undefined) return [`${named}, whose value ${JSON.stringify(unreadable)} has no size`];
  const always = field.required || field.default !== undefined;
  return always ? [] : [`${named}, which may be null: make it required or give it a default`];
}

/** A value that `core/frame.ts` could not turn into pixels would fail a task long after it was taken. */
function unreadableValue(field: Field, part: "resolution" | "aspect"): string | number | boolean | undefined {
  const readable = part === "resolution" ? RESOLUTION : /^[1-9]\d*:[1-9]\d*$/;
  return field.kind === "choice" ? field.values.find((value) => !readable.test(String(value))) : undefined;
}

function exampleMistakes(id: string, model: Model): string[] {
  try {
    validate({ ...model, id }, exampleOf(model, "https://media.example"));
    return [];
  } catch (error) {
    if (error instanceof ReelayError) return [`the example is not valid: ${error.message}`];
    throw error;
  }
}
