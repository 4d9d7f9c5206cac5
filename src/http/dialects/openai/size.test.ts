import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../../catalog/catalog.ts";
import { frameSize } from "../../../core/frame.ts";
import type { CatalogModel } from "../../../core/model.ts";
import { paramsOfSize, sizeToCome } from "./size.ts";

const MODELS = [...(await loadCatalog()).models.values()];
const told = MODELS.filter(({ output }) => typeof output.aspect === "string");
const shaped = MODELS.filter(({ output }) => typeof output.aspect !== "string");

const valuesOf = ({ input }: CatalogModel, part: unknown): readonly (string | number | boolean)[] => {
  if (typeof part === "object" && part !== null && "value" in part) return [String(part.value)];
  const field = typeof part === "string" ? input[part] : undefined;
  return field?.kind === "choice" ? field.values : [];
};
const refusalOf = (act: () => unknown): string => {
  try {
    return `no refusal, but ${JSON.stringify(act())}`;
  } catch (error) {
    return (error as Error).message;
  }
};

it("there are models of both sorts to try", () => {
  expect([told.length > 0, shaped.length > 0]).toEqual([true, true]);
});

describe.each(told.map((model) => [model.id, model] as const))("a size of %s", (_id, model) => {
  const { resolution, aspect } = model.output;

  it("stands for a resolution and a shape that amount to it, for all that the model has", () => {
    const sizes = new Set<string>();
    for (const side of valuesOf(model, resolution)) {
      for (const shape of valuesOf(model, aspect)) {
        const size = sizeToCome(model, { [String(resolution)]: side, [String(aspect)]: shape }, null);
        expect(sizeToCome(model, paramsOfSize(model, size, null), null)).toBe(size);
        sizes.add(size);
      }
    }
    expect(sizeToCome(model, {}, null), "its default is one of them").toSatisfy((size: string) =>
      sizes.has(size),
    );
    for (const size of sizes) expect(refusalOf(() => paramsOfSize(model, "2x2", null))).toContain(size);
  });

  it("is refused where the model has no such one, whatever it is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 9999 }), (width, height) => {
        const size = `${width}x${height}`;
        try {
          expect(sizeToCome(model, paramsOfSize(model, size, null), null)).toBe(size);
        } catch (error) {
          expect((error as Error).message).toContain(`"size" is ${size}, which ${model.id} does not make`);
        }
      }),
    );
  });
});

describe.each(shaped.map((model) => [model.id, model] as const))(
  "a size of %s, which takes its shape",
  (_id, model) => {
    const { resolution } = model.output;
    const sides = valuesOf(model, resolution).map(String);
    const pixels = fc.integer({ min: 240, max: 8000 });

    it("sets the resolution by its shorter side, and is what comes of a picture of its own shape", () => {
      fc.assert(
        fc.property(fc.constantFrom(...sides), pixels, pixels, (side, width, height) => {
          const made = frameSize(side, width / height);
          const size = `${made.width}x${made.height}`;
          const params = paramsOfSize(model, size, { width, height });
          expect(sizeToCome(model, params, { width, height })).toBe(size);
          if (typeof resolution === "string") expect(params).toEqual({ [resolution]: side });
        }),
      );
    });

    it("has to lie as the picture does, where the picture is known", () => {
      const side = frameSize(sides[0] ?? "", 16 / 9);
      const [wide, high] = [`${side.width}x${side.height}`, `${side.height}x${side.width}`];
      expect(refusalOf(() => paramsOfSize(model, high, side))).toContain(`send ${wide}`);
      expect(refusalOf(() => paramsOfSize(model, wide, { width: 500, height: 500 }))).toContain("is square");
      expect(paramsOfSize(model, high, null)).toEqual(paramsOfSize(model, wide, side));
    });

    it("is told as the resolution's name while the picture is not known", () => {
      expect(sizeToCome(model, { [String(resolution)]: sides[0] ?? "" }, null)).toBe(sides[0]);
    });
  },
);

it.each([
  "",
  "x",
  "720p",
  "1280X720",
  "1280 x 720",
  "0x0",
  "0x720",
  "-1x5",
  "1280x720x1",
  "1e3x720",
  720,
  null,
  {},
  [],
])("%j is no size, and is told how one looks", (size) => {
  for (const model of MODELS)
    expect(refusalOf(() => paramsOfSize(model, size, null))).toContain('"1280x720"');
});
