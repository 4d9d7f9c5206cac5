/** Contract 1.12: every row of every model's table and both matrices, as a stranger would write the bodies. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, GENERATIONS, IDS, post, type WireError, type WireTask } from "../support/api.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

const A = "http://127.0.0.1:9/a.png";
const B = "http://127.0.0.1:9/b.jpg";
const CLIP = "http://127.0.0.1:9/clip.mp4";
const SOUND = "http://127.0.0.1:9/track.wav";

let server: Server;
beforeAll(async () => {
  server = await startServer({ ...NO_RENDER, REELAY_CREATES_PER_MINUTE: "0" });
});
afterAll(() => server.discard());

/** A body, and the fields that are refused; none: it is accepted. */
type Row = readonly [body: Readonly<Record<string, unknown>>, ...refused: string[]];

function rows(base: Readonly<Record<string, unknown>>, table: readonly Row[]): void {
  test.each(table.map(([body, ...refused]) => [shown(body), body, refused] as const))(
    "%s",
    async (_name, body, refused) => {
      const answer = await post<WireTask & WireError>(server, { ...base, ...body });
      const fields = answer.body.error?.problems?.map((one) => one.field) ?? [];
      expect([...new Set(fields)].sort(), answer.text).toEqual([...refused].sort());
      expect(answer.status).toBe(refused.length > 0 ? 422 : 200);
      if (refused.length === 0) expect(answer.body.model).toBe(base.model);
    },
  );
}

function shown(body: object): string {
  return JSON.stringify(body).slice(0, 90);
}

const each = (field: string, values: readonly unknown[], ...refused: string[]): Row[] =>
  values.map((value) => [{ [field]: value }, ...refused] as Row);

/** What both PixVerse models take alike. */
const PIXVERSE: readonly Row[] = [
  [{}],
  ...each("resolution", ["360p", "540p", "720p", "1080p"]),
  ...each("resolution", ["480p", "4k", "720P", 720, null, ""], "resolution"),
  ...each("duration", [1, 5, 8, 15]),
  ...each("duration", [0, 16, -1, 5.5, "5", null, true, 1e300], "duration"),
  ...each("generate_audio", [true, false]),
  ...each("generate_audio", [null, "true", 1], "generate_audio"),
  ...each("negative_prompt", ["blur, text", "", null, "x".repeat(2048)]),
  ...each("negative_prompt", [7, "x".repeat(2049)], "negative_prompt"),
  ...each("style", ["anime", "3d_animation", "clay", "comic", "cyberpunk", null]),
  ...each("style", ["Anime", "3d", "", "realistic"], "style"),
  ...each("seed", [0, 42, 2147483647, null]),
  ...each("seed", [-1, 2147483648, 1.5, "42"], "seed"),
  ...each("generate_multi_clip", [true, false, null]),
  ...each("generate_multi_clip", ["true", 0], "generate_multi_clip"),
  ...each("thinking_type", ["enabled", "disabled", "auto", null]),
  ...each("thinking_type", [true, "on"], "thinking_type"),
  ...each("prompt", ["海边的灯塔", "x".repeat(2048), "🎬".repeat(2048), "a\nb\tc"]),
  ...each("prompt", ["", null, 7, "x".repeat(2049)], "prompt"),
  [{ n: 1 }, "n"],
  [{ fps: 24 }, "fps"],
  [{ watermark: false }, "watermark"],
  [{ resolution: "8k", duration: 99, style: "oil" }, "resolution", "duration", "style"],
];

describe(IDS.pixverseText, () => {
  rows({ model: IDS.pixverseText, prompt: "a lighthouse" }, [
    ...PIXVERSE,
    ...each("aspect_ratio", ["16:9", "4:3", "1:1", "3:4", "9:16", "2:3", "3:2", "21:9"]),
    ...each("aspect_ratio", ["16:10", "9:21", "16x9", null], "aspect_ratio"),
    [{ image_url: A }, "image_url"],
    // The page's own curl sample, F6 and F22.
    [
      {
        prompt: "一只猫",
        duration: 5,
        resolution: "720p",
        aspect_ratio: "16:9",
        generate_audio: true,
        generate_multi_clip: true,
        thinking_type: "auto",
        style: "anime",
        negative_prompt: "blur",
        seed: 7,
      },
    ],
  ]);
});

describe(IDS.pixverseImage, () => {
  rows({ model: IDS.pixverseImage, prompt: "the camera pushes in", image_url: A }, [
    ...PIXVERSE,
    [{ aspect_ratio: "16:9" }, "aspect_ratio"],
    [{ image_url: undefined }, "image_url"],
    ...each("image_url", [null, [A], "", "a.png", "data:image/png;base64,AA"], "image_url"),
    [{ image_urls: [A] }, "image_urls"],
  ]);
});

describe(IDS.wan, () => {
  rows({ model: IDS.wan }, [
    [{ image_urls: [A] }],
    [
      {
        image_urls: [A],
        prompt: null,
        duration: 5,
        resolution: "1080p",
        enable_prompt_expansion: true,
        enable_safety_checker: null,
      },
    ],
    [{ image_urls: [A], audio_url: SOUND }],
    [{ image_urls: [A, B], audio_url: SOUND }],
    [{ image_urls: [A], aspect_ratio: "16:9" }, "aspect_ratio"],
    [{ image_urls: [A], generate_audio: true }, "generate_audio"],
    [{ image_urls: A }, "image_urls"],
    [{ image_urls: [A, 7] }, "image_urls"],
    [{ image_urls: [null] }, "image_urls"],
    [{ image_url: A, image_urls: [A] }, "image_url"],
  ]);
  rows({ model: IDS.wan, image_urls: [A] }, [
    ...each("prompt", ["x", "", null, "x".repeat(5000)]),
    ...each("prompt", ["x".repeat(5001), 7], "prompt"),
    ...each("duration", [2, 5, 15]),
    ...each("duration", [1, 16, "5", null], "duration"),
    ...each("resolution", ["720p", "1080p"]),
    ...each("resolution", ["720P", "4k", "360p", null], "resolution"),
    ...each("negative_prompt", ["x".repeat(500), null]),
    ...each("negative_prompt", ["x".repeat(501)], "negative_prompt"),
    ...each("seed", [0, 2147483647, null]),
    ...each("seed", [-1, 2147483648], "seed"),
    ...each("enable_prompt_expansion", [true, false, null]),
    ...each("enable_prompt_expansion", ["yes"], "enable_prompt_expansion"),
    ...each("enable_safety_checker", [true, false, null]),
    ...each("enable_safety_checker", [1], "enable_safety_checker"),
    ...each("generation_type", ["text-to-video", "first_frame", ""], "generation_type"),
  ]);
});

describe("the matrix of wan-2.7-image-to-video", () => {
  const media = {
    nothing: {},
    "an empty list": { image_urls: [] },
    "one picture": { image_urls: [A] },
    "two pictures": { image_urls: [A, B] },
    "three pictures": { image_urls: [A, B, A] },
    "a clip": { video_url: CLIP },
    "a clip and an empty list": { video_url: CLIP, image_urls: [] },
    "a clip and a sound": { video_url: CLIP, audio_url: SOUND },
    "a picture and a clip": { image_urls: [A], video_url: CLIP },
  };
  const accepted: Readonly<Record<string, readonly (keyof typeof media)[]>> = {
    null: ["one picture", "two pictures", "a clip", "a clip and an empty list"],
    "image-to-video": ["one picture"],
    "first-last-frame": ["two pictures"],
    "video-continuation": ["a clip", "a clip and an empty list"],
  };
  const cells = Object.keys(accepted).flatMap((type) =>
    Object.entries(media).map(([name, body]) => [type, name, body] as const),
  );
  test.each(cells)("%s with %s", async (type, name, body) => {
    const generation_type = type === "null" ? null : type;
    const answer = await post(server, { model: IDS.wan, generation_type, ...body });
    const wanted = accepted[type]?.some((one) => one === name) ? 200 : 422;
    expect(answer.status, answer.text).toBe(wanted);
    if (wanted === 422) expect(answer.body.error.message).toMatch(/image_urls|video_url|audio_url/);
  });
});

const VEO = [IDS.veo, IDS.veoFast, IDS.veoLite] as const;

describe.each(VEO)("%s", (model) => {
  rows({ model, prompt: "waves", image_url: A }, [
    [{}],
    ...each("aspect_ratio", ["16:9", "9:16"]),
    ...each("aspect_ratio", ["1:1", "4:3", null], "aspect_ratio"),
    ...each("duration", [8]),
    ...each("duration", [5, 7, 2, 10, "8", null, 8.5], "duration"),
    ...each("resolution", ["1080p"]),
    ...each("resolution", ["4K", "360p", "720", null], "resolution"),
    ...each("generate_audio", [true, false]),
    ...each("generate_audio", [null], "generate_audio"),
    ...each("auto_fix", [true, false, null]),
    ...each("auto_fix", ["no"], "auto_fix"),
    ...each("negative_prompt", ["people", null]),
    ...each("seed", [0, 4294967295, null]),
    ...each("seed", [-1, 4294967296], "seed"),
    ...each("safety_tolerance", [null]),
    ...each("enhance_prompt", [null]),
    ...each("person_generation", [null]),
    ...each("style", ["anime"], "style"),
    [{ prompt: undefined, image_url: undefined }, "prompt", "image_url"],
    [{ prompt: "" }, "prompt"],
  ]);
});

describe("the matrix of the three Veo variants", () => {
  const everywhere = [true, true, true];
  const [notLite, standardOnly] = [
    [true, true, false],
    [true, false, false],
  ];
  const table: readonly [Readonly<Record<string, unknown>>, readonly boolean[], string?][] = [
    [{ resolution: "720p", duration: 4 }, everywhere],
    [{ resolution: "720p", duration: 6 }, everywhere],
    [{ resolution: "720p", duration: 8 }, everywhere],
    [{ resolution: "1080p", duration: 8 }, everywhere],
    [{ resolution: "1080p", duration: 4 }, notLite],
    [{ resolution: "1080p", duration: 6 }, notLite],
    [{ duration: 4 }, notLite],
    [{ resolution: "4k", duration: 4 }, notLite],
    [{ resolution: "4k", duration: 8 }, notLite],
    [{ safety_tolerance: 1 }, notLite, "unsupported_advanced_options"],
    [{ safety_tolerance: 6 }, notLite, "unsupported_advanced_options"],
    [{ enhance_prompt: false }, standardOnly, "unsupported_advanced_options"],
    [{ person_generation: "dont_allow" }, standardOnly, "unsupported_advanced_options"],
    [{ person_generation: "allow_adult" }, standardOnly, "unsupported_advanced_options"],
  ];
  const cells = table.flatMap(([body, ok, code]) =>
    VEO.map((model, i) => [model, shown(body), body, ok[i], code] as const),
  );
  test.each(cells)("%s %s", async (model, _name, body, ok, code) => {
    const answer = await post(server, { model, prompt: "waves", image_url: A, ...body });
    expect(answer.status, answer.text).toBe(ok ? 200 : 422);
    if (!ok && code) expect(answer.body.error.code).toBe(code);
    if (!ok && code) expect(answer.body.error[code]).toEqual(Object.keys(body));
  });

  test.each([
    [{ safety_tolerance: 0 }, "safety_tolerance"],
    [{ safety_tolerance: 7 }, "safety_tolerance"],
    [{ person_generation: "allow_all" }, "person_generation"],
  ])("%j is refused by the standard one, too", async (body, field) => {
    const answer = await post(server, { model: IDS.veo, prompt: "waves", image_url: A, ...body });
    expect(answer.status).toBe(422);
    expect(answer.body.error.problems?.map((one) => one.field)).toEqual([field]);
  });
});

describe("the answer to a create", () => {
  const minimal: readonly (readonly [object, number])[] = [
    [{ model: IDS.pixverseText, prompt: "x" }, 5],
    [{ model: IDS.pixverseImage, prompt: "x", image_url: A }, 5],
    [{ model: IDS.wan, image_urls: [A] }, 5],
    ...VEO.map((model) => [{ model, prompt: "x", image_url: A }, 8] as const),
  ];

  test.each(minimal)("%j has the documented keys and shows the default duration", async (body, seconds) => {
    const before = Math.floor(Date.now() / 1000);
    const { status, body: task } = await post<WireTask>(server, body);
    expect(status).toBe(200);
    expect(task.id).toMatch(/^task-unified-\d{10}-[a-z0-9]{8}$/);
    expect(task.id).toContain(`-${task.created}-`);
    expect(task.created).toBeGreaterThanOrEqual(before);
    const { model } = body as { model: string };
    const fixed = { object: "video.generation.task", type: "video", model, status: "pending", progress: 0 };
    expect(task).toMatchObject({ ...fixed, results: null, error: null });
    expect(task.usage).toMatchObject({ credits_reserved: expect.any(Number), user_group: "default" });
    expect(task.task_info).toMatchObject({ can_cancel: true, video_duration: seconds });
    expect(Number.isInteger(task.task_info.estimated_time)).toBe(true);
    expect((await call<WireTask>(server, `/v1/tasks/${task.id}`)).body).toEqual(task);
    const looked = await call<WireTask>(server, `/v1/tasks/${task.id}?sync_upstream=true`);
    expect([looked.status, looked.body]).toEqual([200, task]);
  });

  test("GET /v1/models lists all of them in the OpenAI shape, each with its parameters", async () => {
    type List = { object: string; data: { id: string; parameters: Record<string, unknown> }[] };
    const { status, body } = await call<List>(server, "/v1/models");
    expect([status, body.object]).toEqual([200, "list"]);
    expect(body.data.map((one) => one.id).sort()).toEqual(Object.values(IDS).sort());
    for (const one of body.data) expect(Object.keys(one.parameters).length).toBeGreaterThan(5);
  });

  test("a hundred creates at once get a hundred ids", async () => {
    const body = { model: IDS.pixverseText, prompt: "x" };
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => call<WireTask>(server, GENERATIONS, { method: "POST", json: body })),
    );
    expect(answers.every((one) => one.status === 200)).toBe(true);
    expect(new Set(answers.map((one) => one.body.id)).size).toBe(100);
  });
});
