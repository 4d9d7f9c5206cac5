/**
 * `size` in pixels, and the resolution and shape that it stands for. A model that is told its shape makes certain sizes,
 * and no others are taken. One that takes the shape of its picture is told by `size` how long the shorter side is, and the
 * size has to lie as the picture does; the answer has the asked size until the video is there, and then the measured one.
 */
import { aspectRatio, frameSize, type Size, shortSide } from "../../../core/frame.ts";
import type { Json, JsonObject } from "../../../core/json.ts";
import type { CatalogModel } from "../../../core/model.ts";
import { invalidField } from "./errors.ts";

/** A value that one parameter can have, with the parameter; without one where the model always makes it so. */
interface Option {
  readonly value: string;
  readonly params: JsonObject;
}

/** Every value of `part`, most often of one parameter. */
export function optionsOf(
  { input }: CatalogModel,
  part: string | { readonly value: string },
): readonly Option[] {
  if (typeof part !== "string") return [{ value: part.value, params: {} }];
  const field = input[part];
  if (field?.kind !== "choice") return [];
  return field.values.map((value) => ({ value: String(value), params: { [part]: value } }));
}

const textOf = ({ width, height }: Size): string => `${width}x${height}`;

/** 1 lies, -1 stands, 0 is square. */
const lie = ({ width, height }: Size): number => Math.sign(width - height);
const LIES = new Map([
  [1, "landscape"],
  [-1, "portrait"],
  [0, "square"],
]);

/** Sizes as clients write them, with the parameters that stand for them; none where the shape is that of a file. */
export function exactSizes(model: CatalogModel): ReadonlyMap<string, JsonObject> {
  const { resolution, aspect } = model.output;
  if (typeof aspect !== "string") return new Map();
  const all = optionsOf(model, resolution).flatMap((side) =>
    optionsOf(model, aspect).map((shape): [string, JsonObject] => [
      textOf(frameSize(side.value, aspectRatio(shape.value))),
      { ...side.params, ...shape.params },
    ]),
  );
  // Of two ways to the same size the first is as good.
  return new Map(all.toReversed());
}

/**
 * The parameters that `size` stands for. `shape`: of the picture or clip that the video starts from, where we hold it.
 * Throws `invalid_parameters` with the sizes there are.
 */
export function paramsOfSize(model: CatalogModel, size: Json, shape: Size | null): JsonObject {
  const [, width = 0, height = 0] =
    (typeof size === "string" && /^(\d{1,5})x(\d{1,5})$/.exec(size)?.map(Number)) || [];
  if (!width || !height) {
    throw invalidField("size", `"size" must be width x height in pixels, such as "1280x720".`, shownOf(size));
  }
  return typeof model.output.aspect === "string"
    ? exactly(model, `${width}x${height}`)
    : alike(model, { width, height }, shape);
}

function exactly(model: CatalogModel, size: string): JsonObject {
  const sizes = exactSizes(model);
  const params = sizes.get(size);
  if (params) return params;
  const allowed = [...sizes.keys()].toReversed();
  const message = `"size" is ${size}, which ${model.id} does not make. It makes ${allowed.join(", ")}.`;
  throw invalidField("size", message, size, allowed);
}

function alike(model: CatalogModel, size: Size, shape: Size | null): JsonObject {
  const sides = optionsOf(model, model.output.resolution);
  const short = Math.min(size.width, size.height);
  const side = sides.find(({ value }) => shortSide(value) === short);
  if (!side) {
    const allowed = sides.map(({ value }) => shortSide(value));
    const message = `"size" is ${textOf(size)}. ${model.id} takes the shape of the picture, and its shorter side is ${allowed.join(", ")}: send a size whose shorter side is one of these.`;
    throw invalidField("size", message, textOf(size), allowed);
  }
  const made = shape && frameSize(side.value, shape.width / shape.height);
  if (made && lie(made) !== lie(size)) {
    const message = `"size" ${textOf(size)} is ${LIES.get(lie(size))}, and the picture, ${textOf(shape)}, is ${LIES.get(lie(made))}. ${model.id} takes the shape of the picture: send ${textOf(made)}, or a picture that lies as the size does.`;
    throw invalidField("size", message, textOf(size), textOf(made));
  }
  return side.params;
}

/**
 * The size that a video will have, as far as that is known before: its resolution's name where the shape of a file that
 * we do not hold decides.
 */
export function sizeToCome(model: CatalogModel, body: JsonObject, shape: Size | null): string {
  const { resolution, aspect } = model.output;
  const side = valueFor(model, body, resolution);
  if (typeof aspect === "string") return textOf(frameSize(side, aspectRatio(valueFor(model, body, aspect))));
  return shape ? textOf(frameSize(side, shape.width / shape.height)) : side;
}

/** As it was sent, else as it is by itself. What is none of the model's values is refused later, by its name. */
function valueFor(model: CatalogModel, body: JsonObject, part: string | { readonly value: string }): string {
  if (typeof part !== "string") return part.value;
  const sent = optionsOf(model, part).find(({ params }) => params[part] === body[part]);
  return sent?.value ?? String(model.input[part]?.default);
}

function shownOf(size: Json): Json {
  return typeof size === "string" ? size.slice(0, 40) : typeof size === "object" ? "an object" : size;
}
