/**
 * What our routes make fal be sent, for every model: exactly, at run time, and by the input types that fal publishes,
 * when this file is compiled. A field that fal renames, or that we misspell, does not pass `tsc --noEmit`.
 */
import type { EndpointTypeMap } from "@fal-ai/client/endpoints";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Provider } from "../../src/core/provider.ts";
import { fal } from "../../src/providers/fal.ts";
import { mapMedia } from "../../src/tasks/mapping.ts";
import { FAL_KEY, type FalStandIn, startFal } from "../standins/fal.ts";
import type { FalSample } from "./fal-sample.ts";
import { SIBLINGS } from "./fal-types-siblings.ts";
import { NEVER } from "./provider-samples.ts";
import { openKind } from "./under.ts";
import { catalog, workFor } from "./work.ts";

type Input<E extends keyof EndpointTypeMap> = EndpointTypeMap[E]["input"];
/** The page of the endpoint has 4k, the types of @fal-ai/client 1.10.1 stop at 1080p (both read 2026-11-20). */
type With4k<T extends { resolution?: unknown }> = Omit<T, "resolution"> & {
  resolution?: T["resolution"] | "4k";
};

type PixverseText = Input<"fal-ai/pixverse/v6/text-to-video">;
type PixversePicture = Input<"fal-ai/pixverse/v6/image-to-video">;
type Wan = Input<"fal-ai/wan/v2.7/image-to-video">;
type Veo = With4k<Input<"fal-ai/veo3.1/image-to-video">>;
type VeoFast = With4k<Input<"fal-ai/veo3.1/fast/image-to-video">>;
type VeoLite = Input<"fal-ai/veo3.1/lite/image-to-video">;

const PICTURE = "https://client.example/a.jpg";
const SENT_PICTURE = "https://reelay.example/files/file_image_url/in?expires=1&signature=s";
const SENT_END = "https://reelay.example/files/file_end_image_url/in?expires=1&signature=s";
const SENT_CLIP = "https://reelay.example/files/file_video_url/in?expires=1&signature=s";
const SENT_SOUND = "https://reelay.example/files/file_audio_url/in?expires=1&signature=s";

const pixverseAll = {
  prompt: "p",
  resolution: "1080p",
  duration: 15,
  generate_audio: true,
  negative_prompt: "n",
  style: "3d_animation",
  seed: 0,
  generate_multi_clip: true,
  thinking_type: "disabled",
};
const veoAll = {
  prompt: "p",
  image_url: PICTURE,
  aspect_ratio: "9:16",
  duration: 8,
  generate_audio: true,
  auto_fix: false,
  negative_prompt: "n",
  seed: 4294967295,
};

const PIXVERSE: readonly FalSample[] = [
  {
    model: "pixverse-v6-text-to-video",
    what: "no more than it needs",
    body: { prompt: "p" },
    endpoint: "fal-ai/pixverse/v6/text-to-video",
    sent: {
      prompt: "p",
      aspect_ratio: "16:9",
      resolution: "720p",
      duration: 5,
      generate_audio_switch: false,
      generate_multi_clip_switch: false,
    } satisfies PixverseText,
  },
  {
    model: "pixverse-v6-text-to-video",
    what: "everything",
    body: { ...pixverseAll, aspect_ratio: "21:9" },
    endpoint: "fal-ai/pixverse/v6/text-to-video",
    sent: {
      prompt: "p",
      aspect_ratio: "21:9",
      resolution: "1080p",
      duration: 15,
      generate_audio_switch: true,
      negative_prompt: "n",
      style: "3d_animation",
      seed: 0,
      generate_multi_clip_switch: true,
      thinking_type: "disabled",
    } satisfies Required<PixverseText>,
  },
  {
    model: "pixverse-v6-image-to-video",
    what: "no more than it needs",
    body: { prompt: "p", image_url: PICTURE },
    endpoint: "fal-ai/pixverse/v6/image-to-video",
    sent: {
      prompt: "p",
      image_url: SENT_PICTURE,
      resolution: "720p",
      duration: 5,
      generate_audio_switch: false,
      generate_multi_clip_switch: false,
    } satisfies PixversePicture,
  },
  {
    model: "pixverse-v6-image-to-video",
    what: "everything",
    body: { ...pixverseAll, image_url: PICTURE },
    endpoint: "fal-ai/pixverse/v6/image-to-video",
    sent: {
      prompt: "p",
      image_url: SENT_PICTURE,
      resolution: "1080p",
      duration: 15,
      generate_audio_switch: true,
      negative_prompt: "n",
      style: "3d_animation",
      seed: 0,
      generate_multi_clip_switch: true,
      thinking_type: "disabled",
    } satisfies Required<PixversePicture>,
  },
];

const WAN: readonly FalSample[] = [
  {
    model: "wan-2.7-image-to-video",
    what: "no more than it needs",
    body: { image_urls: [PICTURE] },
    endpoint: "fal-ai/wan/v2.7/image-to-video",
    sent: { image_url: SENT_PICTURE, resolution: "1080p", duration: "5" } satisfies Wan,
  },
  {
    model: "wan-2.7-image-to-video",
    what: "two pictures, a sound and every parameter",
    body: {
      generation_type: "first-last-frame",
      image_urls: [PICTURE, "https://client.example/b.jpg"],
      audio_url: "https://client.example/c.mp3",
      prompt: "p",
      negative_prompt: "n",
      duration: 15,
      resolution: "720p",
      seed: 0,
      enable_prompt_expansion: false,
      enable_safety_checker: false,
    },
    endpoint: "fal-ai/wan/v2.7/image-to-video",
    sent: {
      image_url: SENT_PICTURE,
      end_image_url: SENT_END,
      audio_url: SENT_SOUND,
      prompt: "p",
      negative_prompt: "n",
      duration: "15",
      resolution: "720p",
      seed: 0,
      enable_prompt_expansion: false,
      enable_safety_checker: false,
    } satisfies Required<Omit<Wan, "video_url">>,
  },
  {
    model: "wan-2.7-image-to-video",
    what: "a clip to go on from",
    body: { video_url: "https://client.example/d.mp4", duration: 2, enable_prompt_expansion: true },
    endpoint: "fal-ai/wan/v2.7/image-to-video",
    sent: {
      video_url: SENT_CLIP,
      duration: "2",
      resolution: "1080p",
      enable_prompt_expansion: true,
    } satisfies Wan,
  },
];

const VEO: readonly FalSample[] = [
  {
    model: "veo-3.1-image-to-video",
    what: "no more than it needs",
    body: { prompt: "p", image_url: PICTURE },
    endpoint: "fal-ai/veo3.1/image-to-video",
    // fal's own defaults are auto, 720p and sound.
    sent: {
      prompt: "p",
      image_url: SENT_PICTURE,
      aspect_ratio: "16:9",
      duration: "8s",
      resolution: "1080p",
      generate_audio: false,
    } satisfies Veo,
  },
  {
    model: "veo-3.1-image-to-video",
    what: "everything, in 4k",
    body: { ...veoAll, resolution: "4k", safety_tolerance: 6 },
    endpoint: "fal-ai/veo3.1/image-to-video",
    sent: {
      prompt: "p",
      image_url: SENT_PICTURE,
      aspect_ratio: "9:16",
      duration: "8s",
      resolution: "4k",
      generate_audio: true,
      auto_fix: false,
      safety_tolerance: "6",
      negative_prompt: "n",
      seed: 4294967295,
    } satisfies Required<Veo>,
  },
  {
    model: "veo-3.1-fast-image-to-video",
    what: "everything, the shortest",
    body: { ...veoAll, duration: 4, resolution: "4k", safety_tolerance: 1 },
    endpoint: "fal-ai/veo3.1/fast/image-to-video",
    sent: {
      prompt: "p",
      image_url: SENT_PICTURE,
      aspect_ratio: "9:16",
      duration: "4s",
      resolution: "4k",
      generate_audio: true,
      auto_fix: false,
      safety_tolerance: "1",
      negative_prompt: "n",
      seed: 4294967295,
    } satisfies Required<VeoFast>,
  },
  {
    model: "veo-3.1-fast-image-to-video",
    what: "no more than it needs",
    body: { prompt: "p", image_url: PICTURE, duration: 6 },
    endpoint: "fal-ai/veo3.1/fast/image-to-video",
    sent: {
      prompt: "p",
      image_url: SENT_PICTURE,
      aspect_ratio: "16:9",
      duration: "6s",
      resolution: "1080p",
      generate_audio: false,
    } satisfies VeoFast,
  },
  {
    model: "veo-3.1-lite-image-to-video",
    what: "no more than it needs",
    body: { prompt: "p", image_url: PICTURE },
    endpoint: "fal-ai/veo3.1/lite/image-to-video",
    sent: {
      prompt: "p",
      image_url: SENT_PICTURE,
      aspect_ratio: "16:9",
      duration: "8s",
      resolution: "1080p",
      generate_audio: false,
    } satisfies VeoLite,
  },
  {
    model: "veo-3.1-lite-image-to-video",
    what: "everything",
    body: { ...veoAll, resolution: "720p", duration: 4 },
    endpoint: "fal-ai/veo3.1/lite/image-to-video",
    sent: {
      prompt: "p",
      image_url: SENT_PICTURE,
      aspect_ratio: "9:16",
      duration: "4s",
      resolution: "720p",
      generate_audio: true,
      auto_fix: false,
      negative_prompt: "n",
      seed: 4294967295,
    } satisfies Required<Omit<VeoLite, "safety_tolerance">>,
  },
];

const SAMPLES = [...PIXVERSE, ...WAN, ...VEO, ...SIBLINGS];

/** Which field of ours each of these files of a model's route is. */
function fieldsOf(id: string, names: readonly string[]): Record<string, string> {
  const model = catalog.models.get(id);
  const route = model?.routes.find(({ provider }) => provider === "fal");
  const media = model && route ? mapMedia(model, route) : [];
  return Object.fromEntries(
    media.filter(({ name }) => names.includes(name)).map(({ name, field }) => [name, field]),
  );
}

describe("what fal is sent", () => {
  let standIn: FalStandIn;
  let provider: Provider;
  beforeAll(async () => {
    standIn = await startFal();
    provider = await openKind(fal, { baseUrl: standIn.url, key: FAL_KEY });
  });
  afterAll(async () => {
    await provider.close?.();
    await standIn.close();
  });

  it.each(SAMPLES)("for $model with $what", async ({ model, body, endpoint, sent, files }) => {
    const work = workFor({ kind: "fal", model, body });
    if (files) expect(fieldsOf(model, Object.keys(work.media))).toEqual(files);
    const submitted = await provider.submit(work, NEVER);
    expect(submitted).toHaveProperty("accepted");
    const ask = standIn.asks.at(-1);
    expect([ask?.path, ask?.json]).toEqual([`/${endpoint}`, sent]);
    expect(standIn.complaints).toEqual([]);
  });

  it("is held to its types for every model that has a route to fal, and for every parameter that is sent", () => {
    const routes = [...catalog.models.values()].flatMap(({ id, routes }) =>
      routes
        .filter(({ provider: kind }) => kind === "fal")
        .map(({ send }) => ({ id, names: Object.keys(send) })),
    );
    expect(routes).toHaveLength(17);
    for (const { id, names } of routes) {
      const samples = SAMPLES.filter(({ model }) => model === id);
      const shown = new Set(samples.flatMap(({ sent }) => Object.keys(sent)));
      // The lite model takes none, so its route's is never sent.
      const never = id.includes("-lite-") ? ["safety_tolerance"] : [];
      expect([id, names.filter((name) => !shown.has(name) && !never.includes(name))]).toEqual([id, []]);
    }
  });
});

it("does not compile with a field that is misspelt or a value of another type: tsc is what fails here", () => {
  const needs = { prompt: "p", image_url: SENT_PICTURE };
  const wrong = [
    {
      ...needs,
      // @ts-expect-error the name that our own API has
      negative_promt: "n",
    } satisfies Veo,
    {
      ...needs,
      // @ts-expect-error a number of seconds, as everywhere else
      duration: 8,
    } satisfies Veo,
    {
      ...needs,
      // @ts-expect-error beside the override, the published list still counts
      resolution: "8k",
    } satisfies Veo,
    {
      ...needs,
      // @ts-expect-error the lite model has no 4k
      resolution: "4k",
    } satisfies VeoLite,
    {
      prompt: "p",
      // @ts-expect-error our own name of generate_audio_switch
      generate_audio: true,
    } satisfies PixverseText,
    {
      // @ts-expect-error text there, a number everywhere else
      duration: 5,
    } satisfies Wan,
  ];
  expect(wrong).toHaveLength(6);
});
