import { expect, test } from "vitest";
import { checkModel } from "./check-model.ts";
import sound from "./models/wan/wan-2.7-image-to-video.ts";

type Loose = { [key: string]: Loose };

/** The sound model as parsed from JSON, with one place changed; undefined removes it. */
function changed(place: string, value: unknown): unknown {
  const model: Loose = JSON.parse(JSON.stringify(sound));
  const keys = place.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce((part, key) => part[key]!, model);
  if (value === undefined) delete parent[last];
  else parent[last] = value as Loose;
  return model;
}

const FLAG = { kind: "flag", about: "-" };

test("a sound model read from JSON has mistakes", () => {
  expect(checkModel("wan-2.7-image-to-video", changed("none", undefined))).toEqual([]);
});

test.each<[string, unknown, string]>([
  ["rules", undefined, 'the model lacks "rules"'],
  ["rule", [], 'the model has no "rule" (did you mean "rules"?)'],
  ["input.seed.about", undefined, 'the model.input.seed lacks "about"'],
  ["input.seed.kind", "float", "the model.input.seed must be an object whose kind is one of text"],
  ["input.seed.requried", true, 'the model.input.seed has no "requried" (did you mean "required"?)'],
  ["input.image_urls.limits.types", ["jpg"], "limits.types[0] must be one of jpeg, png, webp, bmp"],
  ["input.video_url.limits.seconds", [10, 2], "limits.seconds must be a list of two numbers"],
  ["input.Seed", FLAG, 'the key "Seed" of the model.input must be a name of'],
  ["rules.0.when.video_url", { equals: 1 }, "rules[0].when.video_url must be { is: list of values }"],
  ["input.model", FLAG, "input.model is the model's own name"],
  ["input.seed.required", true, "input.seed is required, so it cannot be nullable"],
  ["input.seed.max", -1, "input.seed has a min above its max"],
  ["input.resolution.values", [], "input.resolution has no values"],
  ["input.duration.default", 1, 'the default of "duration" must be an integer from 2 to 15, not 1.'],
  ["input.seed.default", null, "input.seed: leave a default of null out"],
  ["rules.0.when.clip", { given: true }, 'rules[0] names "clip", which is not a field of input'],
  ["rules.2.when.generation_type", { is: ["image"] }, 'rules[2].when: "generation_type" must be one of'],
  ["rules.2.must", { seed: { count: 1 } }, "rules[2].must.seed counts what is not a list"],
  ["rules.2.must", { seed: { count: "1" } }, "rules[2].must.seed must be { is: list of values }"],
  ["output.duration", { value: 0 }, "output.duration.value is no length or size"],
  ["output.duration", { value: "7" }, "output.duration must be a field's name or { value: seconds }"],
  ["output.resolution", { value: "HD" }, "output.resolution.value is no length or size"],
  ["output.resolution", { value: 720 }, "output.resolution must be a field's name or { value: size }"],
  ["output.duration", "seconds", 'output.duration names "seconds", which is not a field of input'],
  ["output.duration", "seed", 'output.duration names "seed", which may be null'],
  ["output.resolution", "prompt", 'output.resolution names "prompt", which is not of kind choice'],
  ["input.resolution.values", ["HD", "1080p"], 'names "resolution", whose value "HD" has no size'],
  ["output.aspect", "generation_type", 'whose value "image-to-video" has no size'],
  ["output.aspect", { of: ["audio_url"] }, 'output.aspect.of names "audio_url", which is no picture'],
  ["price", undefined, 'the model lacks "price"'],
  ["price.source", "", "the model.price.source must be a string that is not empty"],
  ["price.lines.0.usd", 1, 'the model.price.lines[0] has no "usd" (it has when, usdPerSecond)'],
  ["price.lines.0.usdPerSecond", "0.1", "the model.price.lines[0].usdPerSecond must be a number"],
  ["price.lines", [], "price.lines is empty"],
  ["price.lines.0.usdPerSecond", -0.1, "price.lines[0].usdPerSecond is negative"],
  [
    "price.lines.0.when",
    { size: { is: ["720p"] } },
    'price.lines[0].when names "size", which is not a field',
  ],
  ["price.lines.0.when", { resolution: { is: ["4k"] } }, 'price.lines[0].when: "resolution" must be one of'],
  [
    "price.lines.0.when",
    { seed: { given: true } },
    'names "seed", which is of kind integer: a price goes by',
  ],
  [
    "price.lines.1.when",
    { resolution: { is: ["1080p"] } },
    "price.lines[1] is the last one and needs an empty",
  ],
  ["price.lines.0.when", {}, "price.lines[1] is never reached"],
  ["price.lines.0.when", { resolution: { given: false } }, "price.lines[0] is never reached"],
  ["price.lines.0.when", { resolution: { is: ["720p", "1080p"] } }, "price.lines[1] is never reached"],
  ["routes", [], "routes is empty"],
  ["routes.1.send.seed", undefined, 'routes[1] forgets "seed": send it, or say in unsent or unsupported'],
  ["routes.1.send.end_image_url", undefined, "routes[1] forgets image_urls[1]: send every item"],
  ["routes.1.send.third", { field: "image_urls", item: 2 }, "sends image_urls[2], which cannot exist"],
  ["routes.1.send.image_url", "image_urls", 'send.image_url must take one item of "image_urls"'],
  ["routes.1.send.seed", { field: "seed", item: 0 }, 'takes an item of "seed", which is no list'],
  ["routes.1.send.fps", "fps", 'routes[1].send.fps names "fps", which is not a field of input'],
  ["routes.1.send.fps", { field: "fps" }, 'routes[1].send.fps names "fps", which is not a field of input'],
  ["routes.1.send.fps", { filed: "seed" }, "routes[1].send.fps must be a field's name, { field, item?"],
  ["routes.1.send.duration", { field: "duration", text: "s" }, "send.duration.text has no {} in it"],
  ["routes.1.send.video_url", { field: "video_url", text: "{}" }, 'respells "video_url", which is a file'],
  ["routes.1.send.seed", { field: "seed", values: { 1: 1 } }, "send.seed.values needs a choice or a flag"],
  [
    "routes.1.send.resolution",
    { field: "resolution", values: { "720p": 1 } },
    'send.resolution.values forgets "1080p"',
  ],
  [
    "routes.1.send.resolution",
    { field: "resolution", values: {}, text: "{}" },
    "send.resolution has both text and values",
  ],
  ["routes.1.send.size", { frame: "{width}" }, "send.size.frame must have {width} and {height} in it"],
  ["routes.1.send", { seed: "seed", "seed.low": "seed" }, "send.seed is a value and the way to another"],
  ["routes.1.unsent.seed", "No seed.", 'routes[1] has "seed" both in send and in unsent'],
  ["routes.1.unsent.fps", "No fps.", 'routes[1].unsent names "fps", which is not a field of input'],
  ["routes.1.unsupported", { fps: "No." }, 'routes[1].unsupported names "fps", which is not a field'],
  ["routes.1.unsupported", { seed: "No." }, 'routes[1] has "seed" both in send and in unsupported'],
  [
    "routes.1.unsupported",
    { generation_type: "No." },
    'routes[1] has "generation_type" both in unsent and in unsupported',
  ],
  ["routes.1.rules", [{ when: {}, must: { fps: { is: [1] } }, say: "x" }], 'routes[1].rules[0] names "fps"'],
  ["routes.1.limits", { seed: { maxBytes: 1 } }, 'routes[1].limits names "seed", which is no file'],
  [
    "routes.1.limits",
    { prompt: { maxBytes: 1 } },
    'limits.prompt has "maxBytes", which is no limit of a text',
  ],
  ["routes.1.limits", { video_url: { max: 1 } }, 'limits.video_url has "max", which is no limit of a clip'],
  ["input.seed", { kind: "number", about: "-", min: 2, max: 1 }, "input.seed has a min above its max"],
  ["input.video_url.inline", true, "input.video_url is inline, which only a page's field may be"],
  ["routes.1.limits", { video_url: { bytes: 1 } }, 'the model.routes[1].limits.video_url has no "bytes"'],
  ["example.duration", 1, 'the example is not valid: "duration" must be an integer from 2 to 15, not 1.'],
])("%s set to %j is taken, or told with other words", (place, value, mistake) => {
  const mistakes = checkModel("wan-2.7-image-to-video", changed(place, value));
  expect(mistakes.join("\n")).toContain(mistake);
});

test.each([[undefined], [null], [5], [[]], ["model"], [{}]])("%j makes the check itself fail", (model) => {
  expect(checkModel("x", model).length).toBeGreaterThan(0);
});

test("a model with code or a circle in it passes for data", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  for (const value of [() => 1, circle, 1n]) {
    const model = { ...sound, routes: [{ ...sound.routes[0], send: { prompt: { value } } }] };
    expect(checkModel("x", model).join()).toContain("does not survive a JSON round trip");
  }
});

test.each(["", "A", "a b", "../a", "a/b", ".a"])("the id %j is taken", (id) => {
  expect(checkModel(id, sound).join()).toContain('may have only a-z, 0-9, "." and "-"');
});
