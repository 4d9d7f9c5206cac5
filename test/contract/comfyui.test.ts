import { stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { Submission } from "../../src/core/provider.ts";
import { comfyui } from "../../src/providers/comfyui.ts";
import { startComfyui } from "../standins/comfyui.ts";
import {
  acceptedBy,
  type Graph,
  I2V,
  imageWork,
  openBoth,
  PICTURE,
  sampleGraph,
  T2V,
  textWork,
  WORKFLOWS,
} from "./comfyui-samples.ts";
import { type Behaviour, type Lacks, NEVER } from "./provider-samples.ts";
import { describeProvider } from "./provider-suite.ts";
import { underTest, useBoth } from "./under.ts";
import { workFor } from "./work.ts";

const KEY = "sk-5eCr3t-of-the-proxy";

const SCRIPTS: Readonly<Partial<Record<Behaviour, string>>> = {
  work: "duration=50",
  "never-end": "stuck",
  "say-an-unknown-word": "word=baking duration=300",
  "fail-inside": "duration=0 fail=melted",
  "refuse-request": "status=400 echo-key",
  "refuse-key": "status=401",
  "refuse-model": "status=400 code=node",
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
  "drop-the-first-check": "duration=0 check-drop check-times=1",
  "busy-at-the-first-check": "duration=0 check-status=429 retry-after=3 check-times=1",
  "break-at-the-first-check": "duration=0 check-status=500 check-times=1",
  "forget-the-work": "duration=0 check-status=404",
  "ignore-a-cancel": "cancel=ignored duration=300",
  "cancel-too-late": "cancel=too-late duration=1500",
};

const NO_LIST = "an attempt is looked for by its own id, in no list";
const LACKS: Lacks = {
  progress: "it comes over the websocket only",
  webhook: "it calls nobody",
  behaviours: {
    "fail-on-content": "it judges no content",
    "refuse-content": "it judges no content",
    "refuse-balance": "nobody is billed by one's own server",
    "fail-for-capacity": "its queue has no end, and a failure has no code",
    "list-later": NO_LIST,
    "list-nothing": NO_LIST,
    "ask-for-patience": "it says nothing of when to ask again",
  },
};

const SETUP = { kind: comfyui, settings: () => ({ workflows: WORKFLOWS }), key: KEY, scripts: SCRIPTS };

describeProvider(
  "ComfyUI",
  LACKS,
  underTest({ ...SETUP, start: () => startComfyui({ key: KEY }), model: I2V, body: { image_url: PICTURE } }),
);

describeProvider(
  "an old ComfyUI",
  { ...LACKS, behaviours: { ...LACKS.behaviours, "cancel-too-late": "its answer to a cancel is empty" } },
  underTest({ ...SETUP, start: () => startComfyui({ key: KEY, age: "old" }), model: T2V, body: {} }),
);

const at = useBoth(openBoth);

const accepted = (work: Submission): Promise<Json> => acceptedBy({ provider: at.provider }, work);
const prepared = async (work: Submission): Promise<Submission> => ({
  ...work,
  prepared: (await at.provider.prepare?.(work, NEVER)) ?? null,
});

/** The sample's graph with these inputs of its nodes changed. */
function graphWith(name: string, changes: Readonly<Record<string, JsonObject>>): Graph {
  const graph = structuredClone(sampleGraph(name));
  for (const [node, inputs] of Object.entries(changes)) Object.assign(graph[node]?.inputs ?? {}, inputs);
  return graph;
}

describe("what is sent", () => {
  const lastOrder = (): unknown => [...at.standIn.jobs.values()].at(-1)?.order;
  const drawn = expect.any(Number) as unknown as number;

  it.each([
    [
      "text, defaults",
      T2V,
      { prompt: "A fox" },
      { "7": { text: "A fox" }, "10": { width: 1280, height: 720, length: 81 }, "11": { noise_seed: drawn } },
    ],
    [
      "text, everything",
      T2V,
      {
        ...{ prompt: "A fox", resolution: "480p", aspect_ratio: "9:16", duration: 2 },
        ...{ negative_prompt: "rain", seed: 0 },
      },
      {
        ...{ "7": { text: "A fox" }, "8": { text: "rain" }, "10": { width: 480, height: 854, length: 33 } },
        "11": { noise_seed: 0 },
      },
    ],
    [
      "a picture, defaults",
      I2V,
      { prompt: "A fox", image_url: PICTURE },
      {
        ...{ "7": { text: "A fox" }, "9": { image: "reelay/file_image.jpeg" }, "11": { noise_seed: drawn } },
        "10": { width: 1280, height: 720, length: 81 },
      },
    ],
    [
      "a picture, everything",
      I2V,
      {
        ...{ prompt: "A fox", image_url: PICTURE, resolution: "480p", duration: 4 },
        ...{ negative_prompt: "rain", seed: 2147483647 },
      },
      {
        ...{ "7": { text: "A fox" }, "8": { text: "rain" }, "9": { image: "reelay/file_image.jpeg" } },
        ...{ "10": { width: 854, height: 480, length: 65 }, "11": { noise_seed: 2147483647 } },
      },
    ],
  ])(
    "is the operator's graph, with the values in their places only: %s",
    async (_name, model, body, changes) => {
      await at.open();
      const work = await prepared(workFor({ kind: "comfyui", model, body }));
      await accepted(work);
      expect(lastOrder()).toEqual(graphWith(work.endpoint, changes));
    },
  );

  it("has an id that follows from the attempt, and nothing besides", async () => {
    await at.open();
    const work = textWork("duration=0");
    const { prompt } = (await accepted(work)) as { prompt: string };
    expect(at.standIn.asks[0]?.json).toEqual({ prompt: expect.anything(), prompt_id: prompt });
    await accepted(textWork("duration=0"));
    expect(new Set(at.standIn.jobs.keys()).size).toBe(2);
  });

  it("twice for one attempt is one job: the second is told that it is there", async () => {
    await at.open();
    const work = textWork("duration=0");
    const [first, second] = [await accepted(work), await accepted(work)];
    expect(second).toEqual(first);
    expect([at.standIn.jobs.size, at.standIn.asks.length]).toEqual([1, 2]);
  });

  it("has another number for each attempt where the client leaves the seed open, and tells it with the result", async () => {
    await at.open();
    const works = [textWork("duration=0"), textWork("duration=0")];
    const seeds = await Promise.all(
      works.map(async (work) => {
        const end = await at.provider.check(await accepted(work), NEVER);
        return end.state === "done" ? end.output.meta.seed : end;
      }),
    );
    const orders = [...at.standIn.jobs.values()].map(
      ({ order }) => (order as Graph)["11"]?.inputs.noise_seed,
    );
    expect(orders.toSorted()).toEqual(seeds.toSorted());
    expect(new Set(seeds).size).toBe(2);
    const given = await at.provider.check(await accepted(textWork("duration=0", { seed: 7 })), NEVER);
    expect(given).toMatchObject({ state: "done", output: { meta: {} } });
  });

  it("of a parameter that the workflow has no place for is nothing: it would be dropped in silence", async () => {
    await at.open();
    const work = textWork("duration=0");
    const submitted = await at.provider.submit({ ...work, params: { ...work.params, fps: 30 } }, NEVER);
    expect(submitted).toMatchObject({ refused: { code: "provider_account" }, again: false });
    expect("refused" in submitted && submitted.refused.message).toContain('has no place for "fps"');
    expect(at.standIn.asks).toEqual([]);
  });

  it("of a file that was not uploaded is nothing: the graph would go on with its own example", async () => {
    await at.open();
    await expect(at.provider.submit(imageWork({ prompt: "A fox" }), NEVER)).rejects.toThrow(
      "was not uploaded",
    );
    expect(at.standIn.asks).toEqual([]);
  });

  it("of an endpoint without a workflow is nothing, and it says that it serves others only", async () => {
    await at.open();
    const submitted = await at.provider.submit({ ...textWork("duration=0"), endpoint: "flux" }, NEVER);
    expect(submitted).toMatchObject({ refused: { code: "provider_account" }, again: false });
    expect([at.provider.serves?.("wan-2.2-text-to-video"), at.provider.serves?.("flux")]).toEqual([
      true,
      false,
    ]);
    expect(at.standIn.asks).toEqual([]);
  });
});

describe("an upload", () => {
  it("has the file's bytes in a folder of ours, and once more takes its own place", async () => {
    await at.open();
    const work = imageWork({ prompt: "A fox" });
    for (let time = 0; time < 2; time++) {
      expect(await at.provider.prepare?.(work, NEVER)).toEqual({ image: "reelay/file_image.jpeg" });
    }
    const { size } = await stat(work.media.image?.path ?? "");
    const form = await at.standIn.asks[0]?.form();
    expect(Object.fromEntries(form ?? [])).toMatchObject({
      type: "input",
      subfolder: "reelay",
      overwrite: "true",
    });
    expect(form?.get("image")).toHaveProperty("size", size);
    expect(await at.provider.prepare?.(textWork("duration=0"), NEVER)).toEqual({});
  });

  it("that is refused says why", async () => {
    await at.open();
    const work = imageWork({ prompt: "A fox" });
    const [image] = Object.values(work.media);
    if (!image) throw new Error("no picture");
    const large = { ...work, media: { image: { ...image, fileId: "large" } } };
    await expect(at.provider.prepare?.(large, NEVER)).rejects.toMatchObject({ code: "input_out_of_limits" });
    await at.open({ key: KEY });
    await expect(at.provider.prepare?.(work, NEVER)).rejects.toMatchObject({ code: "provider_account" });
    await at.open({}, { baseUrl: "http://127.0.0.1:9" });
    await expect(at.provider.prepare?.(work, NEVER)).rejects.toMatchObject({ code: "provider_failed" });
    const reason = new Error("closing");
    await expect(at.provider.prepare?.(work, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe("a refusal", () => {
  it.each([
    ["status=400", "provider_refused", "Prompt failed: Value not in list: unet_name: 'x' not in []."],
    ["status=400 code=node", "provider_account", "lacks a node that the workflow uses"],
    ["status=401", "provider_account", "did not accept this server's key"],
    ["status=403", "provider_account", "did not accept this server's key"],
    ["status=404", "provider_account", "There is no ComfyUI at the url"],
    ["status=405", "provider_account", "There is no ComfyUI at the url"],
    ["status=413", "provider_refused", "refused the workflow"],
  ])("with %s is final and is %s", async (script, code, words) => {
    await at.open();
    const submitted = await at.provider.submit(textWork(script), NEVER);
    expect(submitted).toEqual({ refused: expect.objectContaining({ code }), again: false });
    expect("refused" in submitted && submitted.refused.message).toContain(words);
    expect(at.standIn.jobs.size).toBe(0);
  });

  it("of a picture that has been cleared away meanwhile names the node's own words", async () => {
    await at.open();
    const work = { ...imageWork({ prompt: "A fox" }), prepared: { image: "reelay/gone.jpeg" } };
    const submitted = await at.provider.submit(work, NEVER);
    expect("refused" in submitted && submitted.refused.message).toContain(
      "Invalid image file: reelay/gone.jpeg",
    );
  });

  it.each([408, 422, 500, 503])("is not what %i says: it may come after the work began", async (status) => {
    await at.open();
    expect(await at.provider.submit(textWork(`status=${status}`), NEVER)).toEqual({
      unknown: expect.any(String),
    });
  });
});
