import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { findModel } from "../src/catalog/catalog.ts";
import { checkModel } from "../src/catalog/check-model.ts";
import { exampleOf } from "../src/catalog/example.ts";
import { priceOf } from "../src/catalog/price.ts";
import { validate } from "../src/catalog/validate.ts";
import type { JsonObject } from "../src/core/json.ts";
import {
  catalog,
  FAST,
  judge,
  LITE,
  PIXVERSE_EXTEND,
  PIXVERSE_I2V,
  PIXVERSE_T2V,
  REQUIRED,
  TRANSITION,
  VEO,
  VEO_EXTENDS,
  VEO_FRAMES,
  VEO_TEXTS,
  VEOS,
  WAN,
  WAN_TEXT,
  wrong,
} from "./catalog-bodies.ts";

const MODELS = [...catalog.models.values()].map((model) => [model.id, model] as const);

test("a model of the contract is missing, or another one has crept in", () => {
  expect([...catalog.models.keys()].toSorted()).toEqual(Object.keys(REQUIRED).toSorted());
});

test.each(MODELS)("%s: the file has mistakes", (id, { id: _, ...model }) => {
  expect(checkModel(id, model)).toEqual([]);
});

test.each(MODELS)("%s: the example is refused, or changed by filling in", (_, model) => {
  const example = exampleOf(model, "http://127.0.0.1:8080/samples");
  expect(validate(model, example).input).toMatchObject(example);
  expect(JSON.stringify(example)).not.toContain("{media}");
});

test.each(MODELS)(
  "%s: nothing but the required parameters is refused, or a default is not applied",
  (id, model) => {
    const required = REQUIRED[id]!;
    const { input, asked } = validate(model, required);
    expect(asked.toSorted()).toEqual(Object.keys(required).toSorted());
    expect(Object.keys(input)).toEqual(Object.keys(model.input));
    for (const [name, field] of Object.entries(model.input)) {
      expect([name, input[name]]).toEqual([name, required[name] ?? field.default ?? null]);
    }
  },
);

test.each(MODELS)("%s: null is refused where it may be sent, or taken where it may not", (id, model) => {
  for (const [name, field] of Object.entries(model.input)) {
    if (Object.hasOwn(REQUIRED[id]!, name) && field.nullable) continue;
    expect([name, judge(id, { [name]: null })]).toEqual([name, field.nullable ? "ok" : wrong(name)]);
  }
});

test.each(MODELS)("%s: a value of the wrong JSON type is converted", (id, model) => {
  const samples: readonly unknown[] = ["5", "x", 5, 5.5, true, [], [5], {}];
  for (const [name, field] of Object.entries(model.input)) {
    for (const sample of samples) {
      const taken = judge(id, { [name]: sample }) === "ok";
      const right =
        fits(field.kind, sample) || (field.kind === "choice" && field.values.includes(sample as string));
      if (taken) expect([name, sample, right]).toEqual([name, sample, true]);
    }
  }
});

function fits(kind: string, sample: unknown): boolean {
  if (kind === "text") return typeof sample === "string";
  if (kind === "integer") return Number.isInteger(sample);
  if (kind === "flag") return typeof sample === "boolean";
  return kind === "pictures" && isDeepStrictEqual(sample, []);
}

const PIXVERSE_COMMON: JsonObject = {
  resolution: "720p",
  duration: 5,
  generate_audio: false,
  negative_prompt: null,
  style: null,
  seed: null,
};
const VEO_COMMON: JsonObject = {
  aspect_ratio: "16:9",
  duration: 8,
  resolution: "1080p",
  generate_audio: false,
  auto_fix: null,
  safety_tolerance: null,
  enhance_prompt: null,
  person_generation: null,
  negative_prompt: null,
  seed: null,
};
const DEFAULTS: Readonly<Record<string, JsonObject>> = {
  [PIXVERSE_I2V]: {
    resolution: "720p",
    duration: 5,
    generate_audio: false,
    negative_prompt: null,
    style: null,
    seed: null,
    generate_multi_clip: null,
    thinking_type: null,
  },
  [PIXVERSE_T2V]: {
    resolution: "720p",
    aspect_ratio: "16:9",
    duration: 5,
    generate_audio: false,
    negative_prompt: null,
    style: null,
    seed: null,
    generate_multi_clip: null,
    thinking_type: null,
  },
  [WAN]: {
    generation_type: null,
    video_url: null,
    prompt: null,
    audio_url: null,
    duration: 5,
    resolution: "1080p",
    negative_prompt: null,
    seed: null,
    enable_prompt_expansion: null,
    enable_safety_checker: null,
  },
  [TRANSITION]: {
    ...PIXVERSE_COMMON,
    image_tail_url: null,
    aspect_ratio: "16:9",
    generate_multi_clip: null,
    thinking_type: null,
  },
  [PIXVERSE_EXTEND]: PIXVERSE_COMMON,
  [WAN_TEXT]: {
    audio_url: null,
    aspect_ratio: "16:9",
    duration: 5,
    resolution: "1080p",
    negative_prompt: null,
    seed: null,
    enable_prompt_expansion: null,
    enable_safety_checker: null,
  },
  ...Object.fromEntries([...VEOS, ...VEO_TEXTS, ...VEO_FRAMES].map((id) => [id, VEO_COMMON])),
  ...Object.fromEntries(
    VEO_EXTENDS.map((id) => [
      id,
      {
        aspect_ratio: "16:9",
        generate_audio: true,
        auto_fix: null,
        safety_tolerance: null,
        negative_prompt: null,
        seed: null,
      },
    ]),
  ),
};

test.each(Object.entries(DEFAULTS))("%s: a default is not the contract's", (id, defaults) => {
  const required = REQUIRED[id]!;
  expect(validate(findModel(catalog, id), required).input).toEqual({ ...required, ...defaults });
});

/** Dollars a second without and with sound, by resolution; where a model has no switch for sound, both are alike. */
type Prices = Readonly<Record<string, readonly [number, number]>>;
const VEO_PRICES: readonly Prices[] = [
  { "720p": [0.2, 0.4], "1080p": [0.2, 0.4], "4k": [0.4, 0.6] },
  { "720p": [0.1, 0.15], "1080p": [0.1, 0.15], "4k": [0.3, 0.35] },
  { "720p": [0.03, 0.05], "1080p": [0.05, 0.08] },
];
const PIXVERSE_PRICES: Prices = {
  "360p": [0.025, 0.035],
  "540p": [0.035, 0.045],
  "720p": [0.045, 0.06],
  "1080p": [0.09, 0.115],
};
const WAN_PRICES: Prices = { "720p": [0.1, 0.1], "1080p": [0.15, 0.15] };
const PRICES: Readonly<Record<string, Prices>> = {
  ...Object.fromEntries(
    [PIXVERSE_I2V, PIXVERSE_T2V, TRANSITION, PIXVERSE_EXTEND].map((id) => [id, PIXVERSE_PRICES]),
  ),
  ...Object.fromEntries([WAN, WAN_TEXT].map((id) => [id, WAN_PRICES])),
  ...Object.fromEntries(
    [VEOS, VEO_TEXTS, VEO_FRAMES].flatMap((ids) => ids.map((id, at) => [id, VEO_PRICES[at] ?? {}])),
  ),
  // Of the one size that they make.
  [VEO_EXTENDS[0]]: { "720p": [0.2, 0.4] },
  [VEO_EXTENDS[1]]: { "720p": [0.1, 0.15] },
};

test.each(MODELS)("%s: a resolution with or without sound has no price, or another one's", (id, model) => {
  const sounds = Object.hasOwn(model.input, "generate_audio") ? [false, true] : [undefined];
  const { resolution, duration } = model.input;
  if (resolution) expect(resolution.kind === "choice" && resolution.values).toEqual(Object.keys(PRICES[id]!));
  for (const [size, [silent, loud]] of Object.entries(PRICES[id]!)) {
    for (const sound of sounds) {
      const switches = sound === undefined ? {} : { generate_audio: sound };
      const parameters = {
        ...(resolution ? { resolution: size } : {}),
        ...(duration ? { duration: 8 } : {}),
      };
      const { input } = validate(model, { ...REQUIRED[id], ...parameters, ...switches });
      expect([size, sound, priceOf(model, input, 1)]).toEqual([
        size,
        sound,
        Math.round((sound ? loud : silent) * 1e6),
      ]);
    }
  }
});

test.each([
  [PIXVERSE_T2V, { resolution: "360p", duration: 1 }, 1, 25_000],
  [PIXVERSE_I2V, { resolution: "1080p", duration: 15, generate_audio: true }, 15, 1_725_000],
  [WAN, { resolution: "720p", duration: 2 }, 2, 200_000],
  [WAN, { duration: 15 }, 15, 2_250_000],
  [VEO, { resolution: "720p", duration: 4 }, 4, 800_000],
  [VEO, { resolution: "4k", generate_audio: true }, 8, 4_800_000],
  [FAST, { resolution: "4k", generate_audio: true }, 8, 2_800_000],
  [LITE, { resolution: "720p", duration: 4 }, 4, 120_000],
  [LITE, { generate_audio: true }, 8, 640_000],
  [VEO_EXTENDS[0], {}, 7, 2_800_000],
  [VEO_EXTENDS[1], { generate_audio: false }, 7, 700_000],
  [PIXVERSE_EXTEND, { duration: 15, resolution: "1080p", generate_audio: true }, 15, 1_725_000],
])("%s: the cheapest or dearest video, %j, costs something else", (id, change, seconds, micros) => {
  const model = findModel(catalog, id);
  expect(priceOf(model, validate(model, { ...REQUIRED[id], ...change }).input, seconds)).toBe(micros);
});
