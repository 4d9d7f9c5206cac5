import { expect, test } from "vitest";
import { checkModel } from "./check-model.ts";
import wan from "./models/wan/wan-2.7-image-to-video.ts";

type Loose = { [key: string]: Loose };

/** The page of a sound model as parsed from JSON, with one place changed; undefined removes it. */
function changed(place: string, value: unknown): unknown {
  const model: Loose = JSON.parse(JSON.stringify(wan));
  const keys = place.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce((part, key) => part[key]!, model.pages!.highwayapi!);
  if (value === undefined) delete parent[last];
  else parent[last] = value as Loose;
  return model;
}

const NUMBER = { kind: "number", about: "-", min: 0, max: 1 };

test("a sound page read from JSON has mistakes", () => {
  expect(checkModel("m", JSON.parse(JSON.stringify(wan)))).toEqual([]);
});

test.each<[string, unknown, string]>([
  ["path", undefined, 'the model.pages.highwayapi lacks "path"'],
  ["path", "Wan 2.7/i2v", 'the path "Wan 2.7/i2v" may have only a-z'],
  ["input.seed.max", -1, "input.seed has a min above its max"],
  ["input.Seed", NUMBER, 'the key "Seed"'],
  ["input.fps", NUMBER, '"fps" is forgotten: send it, or say in unsent why not'],
  ["unsent.seed", "Why not.", '"seed" is both in send and in unsent'],
  ["unsent.fps", "Why not.", 'unsent names "fps", which is not a field of the page'],
  ["send.fps", "seed", "send.fps is no parameter of the model"],
  ["send.seed", "sead", 'send.seed names "sead", which is not a field of the page'],
  ["send.seed", { field: "seed", values: {} }, "send.seed.values needs a choice or a flag"],
  [
    "send.resolution",
    { field: "resolution", values: { "720P": "720p" } },
    'send.resolution.values forgets "1080P"',
  ],
  [
    "send.seed",
    { filed: "seed" },
    "send.seed must be a parameter's name, { field, values } or { list: names }",
  ],
  ["send.video_url", "image_url", 'send.video_url makes a clip of "image_url", a picture'],
  ["send.image_urls", "image_url", 'send.image_urls makes a pictures of "image_url", a picture'],
  [
    "send.image_urls",
    { list: ["image_url", "prompt"] },
    'send.image_urls lists "prompt", which is no picture',
  ],
  ["send.image_urls", { list: [] }, "send.image_urls lists 0 of 1 to 2"],
  ["send.seed", { list: ["image_url"] }, "send.seed makes a list for a integer"],
  ["send.enable_safety_checker", "prompt_extend", ""],
  ["rules.0.must", { image: { given: true } }, 'rules[0] names "image", which is not a field of input'],
  ["rules.4.must.watermark", { is: ["no"] }, 'rules[4].must: "watermark" must be true or false'],
  ["example.duration", 1, 'the example is not valid: "duration" must be an integer from 2 to 15, not 1.'],
  ["example.resolution", undefined, ""],
  ["example.image_url", undefined, "the example is not valid: image_url, the first frame, is required"],
])("%s set to %j is taken, or told with other words", (place, value, mistake) => {
  const mistakes = checkModel("m", changed(place, value)).join("\n");
  if (mistake === "") expect(mistakes).toBe("");
  else expect(mistakes).toContain(mistake);
});

test("a page's parameter has the name of one of the model's, and stands for another: what is said of it misleads", () => {
  const model = changed("send.seed", undefined) as typeof wan;
  const page = model.pages!.highwayapi!;
  const swapped = {
    ...model,
    pages: {
      highwayapi: {
        ...page,
        input: { ...page.input, audio_url: page.input.driving_audio_url },
        send: { ...page.send, audio_url: "driving_audio_url", seed: "seed" },
        unsent: { ...page.unsent, audio_url: "-" },
      },
    },
  };
  expect(checkModel("m", swapped).join()).toContain('"audio_url" is called as a parameter of the model');
});

test("a page lets pass what the model does not take, and nobody is told before a request", () => {
  const model = changed("send.resolution", {
    field: "resolution",
    values: { "720P": "720p", "1080P": "4k" },
  });
  expect(checkModel("m", model).join()).toContain(
    'the example is not valid: "resolution" must be one of "720p", "1080p"',
  );
});
