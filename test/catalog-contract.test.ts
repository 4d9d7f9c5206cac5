/** The contract of the models, row by row: written from the contract, never from the model files. */
import { expect, test } from "vitest";
import type { JsonObject } from "../src/core/json.ts";
import {
  judge,
  PIXVERSE_EXTEND,
  PIXVERSE_I2V,
  PIXVERSE_T2V,
  TRANSITION,
  URL_1,
  VEO,
  VEO_EXTENDS,
  VEO_FRAMES,
  VEO_TEXTS,
  VEOS,
  WAN,
  WAN_TEXT,
  wrong,
} from "./catalog-bodies.ts";

type Row = readonly [change: Readonly<Record<string, unknown>>, expected: string];

const each = (field: string, values: readonly unknown[], expected = "ok"): Row[] =>
  values.map((value) => [{ [field]: value }, expected]);

const PIXVERSE_ROWS: readonly Row[] = [
  [{ prompt: undefined }, wrong("prompt")],
  ...each("prompt", ["", "x".repeat(2049)], wrong("prompt")),
  ...each("prompt", ["x", "灯塔", "x".repeat(2048)]),
  ...each("resolution", ["360p", "540p", "720p", "1080p"]),
  ...each("resolution", ["480p", "4k", "720P", "", 720], wrong("resolution")),
  ...each("duration", [1, 5, 15, 5.0]),
  ...each("duration", [0, 16, 115, -1, 5.5, "5"], wrong("duration")),
  ...each("generate_audio", [true, false]),
  ...each("generate_audio", [1, "true"], wrong("generate_audio")),
  ...each("negative_prompt", ["", "blur, text", "x".repeat(2048)]),
  ...each("negative_prompt", ["x".repeat(2049)], wrong("negative_prompt")),
  ...each("style", ["anime", "3d_animation", "clay", "comic", "cyberpunk"]),
  ...each("style", ["Anime", "oil", ""], wrong("style")),
  ...each("seed", [0, 2147483647]),
  ...each("seed", [-1, 2147483648, 1.5, "7"], wrong("seed")),
  ...each("generate_multi_clip", [true, false]),
  ...each("thinking_type", ["enabled", "disabled", "auto"]),
  ...each("thinking_type", ["Auto", true], wrong("thinking_type")),
  ...["n", "fps", "watermark", "callback_url", "model", "cfg_scale"].flatMap((name) =>
    each(name, [1, null], wrong(name)),
  ),
];

const PICTURE_ROWS: readonly Row[] = [
  [{ image_url: undefined }, wrong("image_url")],
  ...each("image_url", ["http://host.example/a.png", "HTTPS://host.example"]),
  ...each("image_url", ["", "a.png", "data:image/png;base64,AA", [URL_1]], wrong("image_url")),
];

const WAN_ROWS: readonly Row[] = [
  ...each("prompt", ["", "x".repeat(5000)]),
  ...each("prompt", ["x".repeat(5001)], wrong("prompt")),
  ...each("image_urls", [["a.png"], [URL_1, 5], URL_1], wrong("image_urls")),
  ...each("audio_url", ["https://host.example/a.mp3"]),
  ...each("audio_url", ["", "data:audio/wav;base64,AA"], wrong("audio_url")),
  ...each("duration", [2, 15]),
  ...each("duration", [1, 16, 2.5], wrong("duration")),
  ...each("resolution", ["720p", "1080p"]),
  ...each("resolution", ["540p", "1080P", "4k"], wrong("resolution")),
  ...each("negative_prompt", ["", "x".repeat(500)]),
  ...each("negative_prompt", ["x".repeat(501)], wrong("negative_prompt")),
  ...each("seed", [0, 2147483647]),
  ...each("seed", [-1, 2147483648], wrong("seed")),
  ...each("enable_prompt_expansion", [true, false]),
  ...each("enable_safety_checker", [true, false]),
  ...each("generation_type", ["text-to-video", "Image-To-Video"], wrong("generation_type")),
  ...["aspect_ratio", "generate_audio", "image_url", "watermark", "fps", "n"].flatMap((name) =>
    each(name, ["x"], wrong(name)),
  ),
];

const ANY_VEO_ROWS: readonly Row[] = [
  [{ prompt: undefined }, wrong("prompt")],
  ...each("prompt", ["x".repeat(5000)]),
  ...each("prompt", ["", "x".repeat(5001)], wrong("prompt")),
  ...each("aspect_ratio", ["16:9", "9:16"]),
  ...each("aspect_ratio", ["1:1", "4:3", "16/9", ""], wrong("aspect_ratio")),
  ...each("duration", [5, 7, 0, 10, "8", 8.5], wrong("duration")),
  ...each("resolution", ["360p", "540p", "4K", "1080P"], wrong("resolution")),
  ...each("generate_audio", [true, false]),
  ...each("auto_fix", [true, false]),
  ...each("auto_fix", ["true"], wrong("auto_fix")),
  ...each("negative_prompt", ["", "x".repeat(5000)]),
  ...each("negative_prompt", ["x".repeat(5001)], wrong("negative_prompt")),
  ...each("seed", [0, 4294967295]),
  ...each("seed", [-1, 4294967296], wrong("seed")),
  ...["n", "fps", "style", "image_urls", "sample_count"].flatMap((name) => each(name, ["x"], wrong(name))),
];

/** A field with a URL, required or not. */
const urlRows = (field: string, required: boolean): Row[] => [
  ...(required ? [[{ [field]: undefined }, wrong(field)] as const] : each(field, [null])),
  ...each(field, ["http://host.example/a.png"]),
  ...each(field, ["", "a.png", "data:image/png;base64,AA", [URL_1]], wrong(field)),
];
const SHAPES_OF_8 = ["16:9", "4:3", "1:1", "3:4", "9:16", "2:3", "3:2", "21:9"];
const notOf = (id: string, fields: readonly string[]): readonly [string, Row[]] => [
  id,
  fields.flatMap((field) => each(field, [URL_1], wrong(field))),
];
/** What an extension shares with the other PixVerse models: it goes on in one shot, by the prompt as it is. */
const EXTEND_ROWS = PIXVERSE_ROWS.filter(
  ([change]) => !("generate_multi_clip" in change) && !("thinking_type" in change),
);
const SIBLING_TABLES: readonly (readonly [id: string, rows: readonly Row[]])[] = [
  [
    TRANSITION,
    [
      ...PIXVERSE_ROWS,
      ...PICTURE_ROWS,
      ...urlRows("image_tail_url", false),
      ...each("aspect_ratio", SHAPES_OF_8),
      ...each("aspect_ratio", ["9:21", "16x9", null], wrong("aspect_ratio")),
    ],
  ],
  [PIXVERSE_EXTEND, [...EXTEND_ROWS, ...urlRows("video_url", true)]],
  notOf(PIXVERSE_EXTEND, ["image_url", "aspect_ratio", "generate_multi_clip", "thinking_type"]),
  [
    WAN_TEXT,
    [
      [{ prompt: undefined }, wrong("prompt")],
      ...each("prompt", ["x".repeat(5000)]),
      ...each("prompt", ["", "x".repeat(5001)], wrong("prompt")),
      ...urlRows("audio_url", false),
      ...each("aspect_ratio", ["16:9", "9:16", "1:1", "4:3", "3:4"]),
      ...each("aspect_ratio", ["21:9", "2:3", null], wrong("aspect_ratio")),
      ...each("duration", [2, 15]),
      ...each("duration", [1, 16], wrong("duration")),
      ...each("resolution", ["720p", "1080p"]),
      ...each("resolution", ["360p", "4k", "1080P"], wrong("resolution")),
      ...each("negative_prompt", ["x".repeat(500), null]),
      ...each("negative_prompt", ["x".repeat(501)], wrong("negative_prompt")),
      ...each("seed", [0, 2147483647]),
      ...each("seed", [-1, 2147483648], wrong("seed")),
      ...each("enable_prompt_expansion", [true, false, null]),
      ...each("enable_safety_checker", [true, false, null]),
    ],
  ],
  notOf(WAN_TEXT, ["image_urls", "video_url", "generation_type", "generate_audio"]),
  ...VEO_TEXTS.map(
    (id) => [id, [...ANY_VEO_ROWS, ...each("image_url", [URL_1], wrong("image_url"))]] as const,
  ),
  ...VEO_FRAMES.map(
    (id) =>
      [
        id,
        [...ANY_VEO_ROWS, ...urlRows("first_image_url", true), ...urlRows("last_image_url", true)],
      ] as const,
  ),
  ...VEO_EXTENDS.map(
    (id) =>
      [
        id,
        [
          ...ANY_VEO_ROWS.filter(([change]) => !("duration" in change) && !("resolution" in change)),
          ...urlRows("video_url", true),
          ...each("safety_tolerance", [1, 6, null]),
          ...each("safety_tolerance", [0, 7, "4"], wrong("safety_tolerance")),
        ],
      ] as const,
  ),
  ...VEO_EXTENDS.map((id) => notOf(id, ["duration", "resolution", "enhance_prompt", "person_generation"])),
];

const TABLES: readonly (readonly [id: string, rows: readonly Row[]])[] = [
  [PIXVERSE_I2V, [...PIXVERSE_ROWS, ...PICTURE_ROWS, [{ aspect_ratio: "16:9" }, wrong("aspect_ratio")]]],
  [
    PIXVERSE_T2V,
    [
      ...PIXVERSE_ROWS,
      ...each("aspect_ratio", ["16:9", "4:3", "1:1", "3:4", "9:16", "2:3", "3:2", "21:9"]),
      ...each("aspect_ratio", ["9:21", "16x9", null], wrong("aspect_ratio")),
      ...each("image_url", [URL_1], wrong("image_url")),
    ],
  ],
  [WAN, WAN_ROWS],
  ...VEOS.map((id) => [id, [...ANY_VEO_ROWS, ...PICTURE_ROWS]] as const),
  ...SIBLING_TABLES,
];

const TABLE_ROWS = TABLES.flatMap(([id, rows]) =>
  rows.map(([change, expected]) => ({ id, change, expected })),
);

test.each(TABLE_ROWS)("$id judges $change otherwise than $expected", ({ id, change, expected }) => {
  expect(judge(id, change)).toBe(expected);
});

const CLIP = "https://host.example/a.mp4";
const SOUND = "https://host.example/a.mp3";
const WAN_MATRIX: readonly (readonly [string | null, number, boolean, string])[] = [
  [null, 0, false, wrong("image_urls")],
  [null, 1, false, "ok"],
  [null, 2, false, "ok"],
  [null, 3, false, wrong("image_urls")],
  [null, 0, true, "ok"],
  [null, 1, true, wrong("image_urls")],
  [null, 2, true, wrong("image_urls")],
  ["image-to-video", 0, false, wrong("image_urls")],
  ["image-to-video", 1, false, "ok"],
  ["image-to-video", 2, false, wrong("image_urls")],
  ["image-to-video", 3, false, wrong("image_urls")],
  ["image-to-video", 0, true, wrong("image_urls")],
  ["image-to-video", 1, true, wrong("image_urls")],
  ["first-last-frame", 0, false, wrong("image_urls")],
  ["first-last-frame", 1, false, wrong("image_urls")],
  ["first-last-frame", 2, false, "ok"],
  ["first-last-frame", 3, false, wrong("image_urls")],
  ["first-last-frame", 0, true, wrong("image_urls")],
  ["first-last-frame", 2, true, wrong("image_urls")],
  ["video-continuation", 0, false, wrong("video_url")],
  ["video-continuation", 0, true, "ok"],
  ["video-continuation", 1, false, wrong("video_url")],
  ["video-continuation", 1, true, wrong("image_urls")],
  ["video-continuation", 3, true, wrong("image_urls")],
];

test.each(WAN_MATRIX)(
  "wan takes %s with %i pictures, clip %s otherwise than %s",
  (type, count, clip, expected) => {
    const image_urls = Array.from({ length: count }, () => URL_1);
    expect(judge(WAN, { generation_type: type, image_urls, video_url: clip ? CLIP : null })).toBe(expected);
    const leftOut = { image_urls: count === 0 ? undefined : image_urls, video_url: clip ? CLIP : undefined };
    expect(judge(WAN, { generation_type: type ?? undefined, ...leftOut })).toBe(expected);
  },
);

test.each([
  [{ image_urls: [URL_1], audio_url: SOUND }, "ok"],
  [{ image_urls: [URL_1, URL_1], audio_url: SOUND }, "ok"],
  [{ image_urls: null, video_url: CLIP, audio_url: SOUND }, wrong("audio_url")],
  [{ image_urls: null, audio_url: SOUND }, wrong("image_urls")],
])("wan takes a sound with %j otherwise than %s", (change, expected) => {
  expect(judge(WAN, change)).toBe(expected);
});

const elsewhere = (field: string) => `unsupported_parameters ${field}`;
const OK = ["ok", "ok", "ok"];
const VEO_MATRIX: readonly (readonly [JsonObject, readonly string[]])[] = [
  [{}, OK],
  [{ resolution: "720p", duration: 4 }, OK],
  [{ resolution: "720p", duration: 6 }, OK],
  [{ resolution: "720p", duration: 8 }, OK],
  [{ resolution: "720p" }, OK],
  [{ resolution: "1080p", duration: 8 }, OK],
  [{ resolution: "1080p", duration: 4 }, ["ok", "ok", wrong("duration")]],
  [{ resolution: "1080p", duration: 6 }, ["ok", "ok", wrong("duration")]],
  [{ duration: 4 }, ["ok", "ok", wrong("duration")]],
  [{ resolution: "4k", duration: 4 }, ["ok", "ok", wrong("resolution")]],
  [{ resolution: "4k", duration: 8 }, ["ok", "ok", wrong("resolution")]],
  [{ safety_tolerance: 1 }, ["ok", "ok", elsewhere("safety_tolerance")]],
  [{ safety_tolerance: 6 }, ["ok", "ok", elsewhere("safety_tolerance")]],
  [
    { safety_tolerance: 0 },
    [wrong("safety_tolerance"), wrong("safety_tolerance"), elsewhere("safety_tolerance")],
  ],
  [
    { safety_tolerance: 7 },
    [wrong("safety_tolerance"), wrong("safety_tolerance"), elsewhere("safety_tolerance")],
  ],
  [{ enhance_prompt: true }, ["ok", elsewhere("enhance_prompt"), elsewhere("enhance_prompt")]],
  [{ enhance_prompt: false }, ["ok", elsewhere("enhance_prompt"), elsewhere("enhance_prompt")]],
  ...["dont_allow", "allow_adult"].map(
    (value) =>
      [
        { person_generation: value },
        ["ok", elsewhere("person_generation"), elsewhere("person_generation")],
      ] as const,
  ),
  [{ safety_tolerance: null, enhance_prompt: null, person_generation: null }, OK],
];

test.each(VEO_MATRIX)("veo, fast and lite take %j otherwise than %j", (change, expected) => {
  expect(VEOS.map((id) => judge(id, change))).toEqual(expected);
});

test.each([VEO_TEXTS, VEO_FRAMES])("%s, %s and %s differ otherwise than their siblings", (...ids) => {
  for (const [change, expected] of VEO_MATRIX)
    expect([change, ids.map((id) => judge(id, change))]).toEqual([change, expected]);
});

test("person_generation on the standard model takes any word", () => {
  expect(judge(VEO, { person_generation: "allow_all" })).toBe(wrong("person_generation"));
});
