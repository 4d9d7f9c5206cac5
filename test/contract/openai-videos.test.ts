import { describe, expect, it } from "vitest";
import type { Json } from "../../src/core/json.ts";
import type { Submission } from "../../src/core/provider.ts";
import { openaiVideos } from "../../src/providers/openai-videos.ts";
import { startOpenaiVideos } from "../standins/openai-videos.ts";
import { acceptedBy, I2V, KEY, openBoth, PICTURE, T2V, textWork } from "./openai-videos-samples.ts";
import { type Behaviour, type Lacks, NEVER } from "./provider-samples.ts";
import { describeProvider } from "./provider-suite.ts";
import { openKind, underTest, useBoth } from "./under.ts";
import { workFor } from "./work.ts";

const SCRIPTS: Readonly<Partial<Record<Behaviour, string>>> = {
  work: "duration=50",
  "work-slowly": "duration=1500",
  "never-end": "stuck",
  "say-an-unknown-word": "word=baking duration=300",
  "fail-for-capacity": "duration=0 fail=capacity",
  "fail-inside": "duration=0 fail=melted",
  "refuse-request": "status=400 echo-key",
  "refuse-key": "status=401 echo-key",
  "refuse-model": "status=400 code=model",
  busy: "status=429 retry-after=3",
  "drop-before-accept": "drop-before-accept",
  "reset-before-accept": "reset-before-accept",
  "accept-then-drop": "accept-then-drop",
  "accept-then-reset": "accept-then-reset",
  "accept-then-500": "accepted-status=500",
  "accept-then-502": "accepted-status=502",
  "accept-then-503": "accepted-status=503",
  "accept-then-504": "accepted-status=504",
  "accept-then-garbage": "garbage",
  "accept-and-never-answer": "late-answer=60000",
  "drop-the-first-check": "check-drop check-times=1",
  "busy-at-the-first-check": "check-status=429 retry-after=3 check-times=1",
  "break-at-the-first-check": "check-status=500 check-times=1",
  "forget-the-work": "check-status=404",
  "list-later": "accept-then-drop find=later",
  "list-nothing": "accept-then-drop find=nothing",
  "ignore-a-cancel": "cancel=ignored duration=300",
  "cancel-too-late": "cancel=too-late duration=1500",
};

const NO_CHECK_OF_CONTENT = "a server of one's own judges no content";
const LACKS: Lacks = {
  webhook: "it calls nobody",
  behaviours: {
    "fail-on-content": NO_CHECK_OF_CONTENT,
    "refuse-content": NO_CHECK_OF_CONTENT,
    "refuse-balance": "nobody is billed by one's own server",
    "ask-for-patience": "it says nothing of when to ask again",
  },
};

describeProvider(
  "vLLM-Omni",
  LACKS,
  underTest({
    kind: openaiVideos,
    start: () => startOpenaiVideos({ profile: "vllm-omni", key: KEY }),
    ...{ key: KEY, scripts: SCRIPTS, model: T2V, body: {} },
  }),
);

describeProvider(
  "SGLang Diffusion",
  {
    ...LACKS,
    progress: "a job is queued until it has ended",
    find: "its list has no prompts",
    cancel: "DELETE drops the record and the work goes on",
    behaviours: { ...LACKS.behaviours, "fail-for-capacity": "a failure has words and no code" },
  },
  underTest({
    kind: openaiVideos,
    start: () => startOpenaiVideos({ profile: "sglang", key: KEY }),
    settings: () => ({ profile: "sglang" }),
    ...{ key: KEY, scripts: SCRIPTS, model: I2V, body: { image_url: PICTURE } },
  }),
);

const at = useBoth(openBoth);

const accepted = (work: Submission): Promise<Json> => acceptedBy({ provider: at.provider }, work);

/** What the last create had in its form; of files their types and sizes. */
const lastOrder = (): unknown => [...at.standIn.jobs.values()].at(-1)?.order;

describe("what is sent", () => {
  it.each([
    ["text, defaults", T2V, { prompt: "A fox" }, { size: "1280x720", seconds: "5" }],
    [
      "text, everything",
      T2V,
      {
        prompt: "A fox",
        resolution: "480p",
        aspect_ratio: "9:16",
        duration: 2,
        negative_prompt: "rain",
        seed: 0,
      },
      { size: "480x854", seconds: "2", negative_prompt: "rain", seed: "0" },
    ],
    [
      "a picture, defaults",
      I2V,
      { prompt: "A fox", image_url: PICTURE },
      { size: "1280x720", seconds: "5", input_reference: expect.stringMatching(/^image\/jpeg \d{5}$/) },
    ],
    [
      "a picture, everything",
      I2V,
      {
        prompt: "A fox",
        image_url: PICTURE,
        resolution: "480p",
        duration: 4,
        negative_prompt: "rain",
        seed: 2147483647,
      },
      {
        ...{ size: "854x480", seconds: "4", negative_prompt: "rain", seed: "2147483647" },
        input_reference: expect.stringMatching(/^image\/jpeg \d{5}$/),
      },
    ],
  ])("is the whole form and nothing else: %s", async (_name, model, body, form) => {
    for (const profile of ["vllm-omni", "sglang"] as const) {
      await at.open({ profile });
      const work = workFor({ kind: "openai-videos", model, body });
      await accepted(work);
      expect(lastOrder()).toEqual({ prompt: "A fox", model: work.endpoint, fps: "16", ...form });
    }
  });

  it("has objects as JSON and flags as text, and never a link to a file", async () => {
    await at.open();
    const work = textWork("duration=0");
    const params = { ...work.params, generate_sound: false, "extra_params.preencode_mp4": true };
    await accepted({ ...work, params });
    expect(lastOrder()).toMatchObject({ generate_sound: "false", extra_params: '{"preencode_mp4":true}' });
    expect(at.standIn.asks[0]?.bytes.includes("reelay.example")).toBe(false);
  });

  it("carries the file's own bytes, and a URL with /v1 at its end is the same server", async () => {
    await at.open();
    const provider = await openKind(openaiVideos, { baseUrl: `${at.standIn.url}/v1` });
    const work = workFor({
      kind: "openai-videos",
      model: I2V,
      body: { prompt: "A fox", image_url: PICTURE },
    });
    await acceptedBy({ provider }, work);
    await provider.close?.();
    const file = (await at.standIn.asks[0]?.form())?.get("input_reference") as File;
    expect([file.name, file.size > 60_000]).toEqual(["input_reference.jpeg", true]);
    expect(Buffer.from((await file.arrayBuffer()).slice(0, 2)).toString("hex")).toBe("ffd8");
  });

  it("goes without a key where none is set", async () => {
    await at.open();
    await accepted(textWork("duration=0"));
    expect(at.standIn.asks[0]?.headers.authorization).toBe(undefined);
  });
});

describe("settings", () => {
  it("with another profile are refused in a sentence", async () => {
    await at.open();
    const opening = openKind(openaiVideos, { baseUrl: at.standIn.url, settings: { profile: "vllm" } });
    await expect(opening).rejects.toThrow('profile must be vllm-omni or sglang, not "vllm"');
  });

  it("may name the models that it serves; without them it is asked for all", async () => {
    await at.open({}, { settings: { profile: "vllm-omni", models: "Wan-AI/a, Wan-AI/b" } });
    expect(["Wan-AI/a", "Wan-AI/b", "Wan-AI/c"].map((name) => at.provider.serves?.(name))).toEqual([
      true,
      true,
      false,
    ]);
    const other = await openKind(openaiVideos, { baseUrl: at.standIn.url });
    expect(other.serves?.("anything")).toBe(true);
    await other.close?.();
  });
});

describe("a refusal", () => {
  it.each([
    ["status=400", "provider_refused", "The video server refused the request: No, says 400."],
    ["status=422 code=field", "provider_refused", "seconds: String should match pattern"],
    [
      "status=400 code=wrapped",
      "provider_refused",
      "The video server refused the request: size is too large.",
    ],
    ["status=413", "provider_refused", "413"],
    ["status=401", "provider_account", "did not accept this server's key"],
    ["status=402", "provider_balance", "no credit left"],
    ["status=403", "provider_account", "does not let this server's key"],
    ["status=404", "provider_account", "has no /v1/videos"],
    ["status=400 code=model", "provider_account", "runs another model than the route names"],
    ["status=400 code=picture", "input_unreadable", "could not read the file: Invalid input reference."],
    ["status=400 code=image", "input_unreadable", "could not read the file: Failed to process image source"],
  ])("with %s is final and is %s", async (script, code, words) => {
    await at.open();
    const submitted = await at.provider.submit(textWork(script), NEVER);
    expect(submitted).toEqual({ refused: expect.objectContaining({ code }), again: false });
    expect("refused" in submitted && submitted.refused.message).toContain(words);
    expect(at.standIn.jobs.size).toBe(0);
  });

  it("of the only model that the server runs tells nothing of the server's own words", async () => {
    await at.open({ model: "Wan-AI/Wan2.2-I2V-A14B-Diffusers" });
    const submitted = await at.provider.submit(textWork("duration=0"), NEVER);
    expect(submitted).toMatchObject({ refused: { code: "provider_account" } });
    expect(JSON.stringify("refused" in submitted && submitted.refused.message)).not.toContain("I2V");
  });

  it.each([405, 408, 409, 500, 503])(
    "is not what %i says: it may come after the work began",
    async (status) => {
      await at.open();
      expect(await at.provider.submit(textWork(`status=${status}`), NEVER)).toEqual({
        unknown: expect.any(String),
      });
    },
  );
});
