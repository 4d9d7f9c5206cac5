/** What fal is to be sent for the sibling models, held to its published input types when this file is compiled. */
import type { EndpointTypeMap } from "@fal-ai/client/endpoints";
import type { FalSample } from "./fal-sample.ts";
import { CLIP, link, OTHER, PICTURE, SOUND } from "./siblings-bodies.ts";

type Input<E extends keyof EndpointTypeMap> = EndpointTypeMap[E]["input"];
/** The page of the endpoint has 4k, the types of @fal-ai/client 1.10.1 stop at 1080p (both read 2026-11-20). */
type With4k<T extends { resolution?: unknown }> = Omit<T, "resolution"> & {
  resolution?: T["resolution"] | "4k";
};
type Transition = Input<"fal-ai/pixverse/v6/transition">;
type PixverseExtend = Input<"fal-ai/pixverse/v6/extend">;
type WanText = Input<"fal-ai/wan/v2.7/text-to-video">;
type VeoText = With4k<Input<"fal-ai/veo3.1">>;
type VeoFastText = With4k<Input<"fal-ai/veo3.1/fast">>;
type VeoLiteText = Input<"fal-ai/veo3.1/lite">;
type VeoFrames = Input<"fal-ai/veo3.1/first-last-frame-to-video">;
type VeoFastFrames = Input<"fal-ai/veo3.1/fast/first-last-frame-to-video">;
type VeoLiteFrames = Input<"fal-ai/veo3.1/lite/first-last-frame-to-video">;
type VeoExtend = Input<"fal-ai/veo3.1/extend-video">;
type VeoFastExtend = Input<"fal-ai/veo3.1/fast/extend-video">;

const pixverseMost = {
  ...{ prompt: "p", resolution: "1080p", duration: 15, generate_audio: true, negative_prompt: "n" },
  ...{ style: "3d_animation", seed: 0 },
};
const PIXVERSE: readonly FalSample[] = [
  {
    model: "pixverse-v6-transition",
    what: "no more than it needs",
    body: { prompt: "p", image_url: PICTURE },
    endpoint: "fal-ai/pixverse/v6/transition",
    sent: {
      prompt: "p",
      first_image_url: link("first_image_url"),
      aspect_ratio: "16:9",
      resolution: "720p",
      duration: 5,
      generate_audio_switch: false,
      generate_multi_clip_switch: false,
    } satisfies Transition,
    files: { first_image_url: "image_url" },
  },
  {
    model: "pixverse-v6-transition",
    what: "everything",
    body: {
      ...{ ...pixverseMost, image_url: PICTURE, image_tail_url: OTHER, aspect_ratio: "2:3" },
      ...{ generate_multi_clip: true, thinking_type: "auto" },
    },
    endpoint: "fal-ai/pixverse/v6/transition",
    sent: {
      prompt: "p",
      first_image_url: link("first_image_url"),
      end_image_url: link("end_image_url"),
      aspect_ratio: "2:3",
      resolution: "1080p",
      duration: 15,
      generate_audio_switch: true,
      generate_multi_clip_switch: true,
      negative_prompt: "n",
      style: "3d_animation",
      seed: 0,
      thinking_type: "auto",
    } satisfies Required<Transition>,
    files: { first_image_url: "image_url", end_image_url: "image_tail_url" },
  },
  {
    model: "pixverse-v6-extend",
    what: "no more than it needs",
    body: { prompt: "p", video_url: CLIP },
    endpoint: "fal-ai/pixverse/v6/extend",
    sent: {
      prompt: "p",
      video_url: link("video_url"),
      resolution: "720p",
      duration: 5,
      generate_audio_switch: false,
    } satisfies PixverseExtend,
  },
  {
    model: "pixverse-v6-extend",
    what: "everything",
    body: { ...pixverseMost, video_url: CLIP },
    endpoint: "fal-ai/pixverse/v6/extend",
    sent: {
      prompt: "p",
      video_url: link("video_url"),
      resolution: "1080p",
      duration: 15,
      generate_audio_switch: true,
      negative_prompt: "n",
      style: "3d_animation",
      seed: 0,
    } satisfies Required<PixverseExtend>,
    files: { video_url: "video_url" },
  },
];

const WAN: readonly FalSample[] = [
  {
    model: "wan-2.7-text-to-video",
    what: "no more than it needs",
    body: { prompt: "p" },
    endpoint: "fal-ai/wan/v2.7/text-to-video",
    sent: { prompt: "p", aspect_ratio: "16:9", resolution: "1080p", duration: "5" } satisfies WanText,
  },
  {
    model: "wan-2.7-text-to-video",
    what: "everything",
    body: {
      ...{ prompt: "p", audio_url: SOUND, aspect_ratio: "3:4", duration: 15, resolution: "720p" },
      ...{ negative_prompt: "n", seed: 0, enable_prompt_expansion: false, enable_safety_checker: false },
    },
    endpoint: "fal-ai/wan/v2.7/text-to-video",
    sent: {
      prompt: "p",
      audio_url: link("audio_url"),
      aspect_ratio: "3:4",
      duration: "15",
      resolution: "720p",
      negative_prompt: "n",
      seed: 0,
      enable_prompt_expansion: false,
      enable_safety_checker: false,
    } satisfies Required<WanText>,
    files: { audio_url: "audio_url" },
  },
];

const least = { prompt: "p" };
const frames = { first_image_url: PICTURE, last_image_url: OTHER };
const most = {
  ...{ prompt: "p", aspect_ratio: "9:16", duration: 4, resolution: "720p", generate_audio: true },
  ...{ auto_fix: false, negative_prompt: "n", seed: 4294967295 },
};
// fal's own defaults are 720p and sound, and auto where there is something to take the shape of.
const usual = {
  prompt: "p",
  aspect_ratio: "16:9",
  duration: "8s",
  resolution: "1080p",
  generate_audio: false,
} as const;
const told = {
  prompt: "p",
  aspect_ratio: "9:16",
  duration: "4s",
  resolution: "720p",
  generate_audio: true,
  auto_fix: false,
  negative_prompt: "n",
  seed: 4294967295,
} as const;
const sentFrames = { first_frame_url: link("first_frame_url"), last_frame_url: link("last_frame_url") };
const files = { first_frame_url: "first_image_url", last_frame_url: "last_image_url" };

function veoSamples(
  model: string,
  endpoint: string,
  [body, one, other]: readonly [more: object, least: object, most: object],
): readonly FalSample[] {
  const two = "first_image_url" in body ? { files } : {};
  const lite = model.includes("-lite-") ? {} : { safety_tolerance: 6 };
  return [
    {
      ...{ model, what: "no more than it needs", endpoint, sent: one, ...two },
      body: { ...least, ...body },
    },
    { ...{ model, what: "everything", endpoint, sent: other, ...two }, body: { ...most, ...lite, ...body } },
  ];
}

const VEO: readonly FalSample[] = [
  ...veoSamples("veo-3.1-text-to-video", "fal-ai/veo3.1", [
    {},
    usual satisfies VeoText,
    { ...told, safety_tolerance: "6" } satisfies Required<VeoText>,
  ]),
  ...veoSamples("veo-3.1-fast-text-to-video", "fal-ai/veo3.1/fast", [
    {},
    usual satisfies VeoFastText,
    { ...told, safety_tolerance: "6" } satisfies Required<VeoFastText>,
  ]),
  ...veoSamples("veo-3.1-lite-text-to-video", "fal-ai/veo3.1/lite", [
    {},
    usual satisfies VeoLiteText,
    told satisfies Required<Omit<VeoLiteText, "safety_tolerance">>,
  ]),
  ...veoSamples("veo-3.1-first-last-frame-to-video", "fal-ai/veo3.1/first-last-frame-to-video", [
    frames,
    { ...usual, ...sentFrames } satisfies VeoFrames,
    { ...told, ...sentFrames, safety_tolerance: "6" } satisfies Required<VeoFrames>,
  ]),
  ...veoSamples("veo-3.1-fast-first-last-frame-to-video", "fal-ai/veo3.1/fast/first-last-frame-to-video", [
    frames,
    { ...usual, ...sentFrames } satisfies VeoFastFrames,
    { ...told, ...sentFrames, safety_tolerance: "6" } satisfies Required<VeoFastFrames>,
  ]),
  ...veoSamples("veo-3.1-lite-first-last-frame-to-video", "fal-ai/veo3.1/lite/first-last-frame-to-video", [
    frames,
    { ...usual, ...sentFrames } satisfies VeoLiteFrames,
    { ...told, ...sentFrames } satisfies Required<Omit<VeoLiteFrames, "safety_tolerance">>,
  ]),
];

const fixed = { prompt: "p", video_url: link("video_url"), duration: "7s", resolution: "720p" } as const;
const shortest = { ...fixed, aspect_ratio: "16:9", generate_audio: true, auto_fix: true } as const;
const longest = {
  ...fixed,
  aspect_ratio: "9:16",
  generate_audio: false,
  auto_fix: false,
  safety_tolerance: "1",
  negative_prompt: "n",
  seed: 0,
} as const;

function extendSamples(
  model: string,
  endpoint: string,
  [one, other]: readonly [object, object],
): readonly FalSample[] {
  const body = { prompt: "p", video_url: CLIP };
  const all = {
    ...{ ...body, aspect_ratio: "9:16", generate_audio: false, auto_fix: false, safety_tolerance: 1 },
    ...{ negative_prompt: "n", seed: 0 },
  };
  const where = { model, endpoint, files: { video_url: "video_url" } };
  return [
    { ...where, what: "no more than it needs", body, sent: one },
    { ...where, what: "everything", body: all, sent: other },
  ];
}

export const SIBLINGS: readonly FalSample[] = [
  ...PIXVERSE,
  ...WAN,
  ...VEO,
  ...extendSamples("veo-3.1-extend", "fal-ai/veo3.1/extend-video", [
    shortest satisfies VeoExtend,
    longest satisfies Required<VeoExtend>,
  ]),
  ...extendSamples("veo-3.1-extend-fast", "fal-ai/veo3.1/fast/extend-video", [
    shortest satisfies VeoFastExtend,
    longest satisfies Required<VeoFastExtend>,
  ]),
];
