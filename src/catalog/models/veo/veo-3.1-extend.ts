import { clip, defineModel, flag, integer, oneOf, text } from "../../../core/model.ts";

export default defineModel({
  name: "Veo 3.1, extend",
  vendor: "google",
  source:
    "the model's page at AihubMax, FoxAPI's twin (stored copy read 2026-11-21); the clip's length from Vertex AI's and HighwayAPI's pages of the same, its size that of Wan's clips, prompt length and seed range as of its siblings",
  input: {
    prompt: text({ about: "How it goes on, in Chinese or English.", required: true, min: 1, max: 5000 }),
    video_url: clip({
      about:
        "The clip to go on from, of 720p or 1080p, 16:9 or 9:16. 7 seconds are made; some providers hand over the clip with them behind it.",
      required: true,
      limits: {
        types: ["mp4", "mov"],
        maxBytes: 100 * 1024 * 1024,
        side: [720, 1920],
        ratio: [0.56, 1.78],
        seconds: [1, 30],
      },
    }),
    aspect_ratio: oneOf(["16:9", "9:16"], { about: "Shape of the video, width to height.", default: "16:9" }),
    generate_audio: flag({ about: "Adds sound.", default: true }),
    auto_fix: flag({
      about: "Rewrites a prompt that the provider's policy refuses; null is true.",
      nullable: true,
    }),
    safety_tolerance: integer(1, 6, {
      about: "How much the content check lets pass, 1 is the strictest; null leaves it to the model.",
      nullable: true,
    }),
    negative_prompt: text({ about: "What to keep out, separated by commas.", nullable: true, max: 5000 }),
    seed: integer(0, 4294967295, {
      about: "The same seed repeats a result; null draws one.",
      nullable: true,
    }),
  },
  rules: [],
  // fal's default, and what Vertex AI makes of a clip of either size. fal was seen to answer with the clip and the new
  // part as one video (a public log of 2026-06-20); whoever does is paid, and charged for, the new part.
  output: { duration: { value: 7 }, resolution: { value: "720p" }, aspect: "aspect_ratio" },
  price: {
    source:
      "fal's page of Veo 3.1, extend, a stored copy read 2026-11-21; for each second that is made, so for the new part",
    lines: [
      { when: { generate_audio: { is: [false] } }, usdPerSecond: 0.2 },
      { when: {}, usdPerSecond: 0.4 },
    ],
  },
  routes: [
    {
      provider: "vertex",
      // Google may find the video too large for its answer: then storage_uri has to be set. Seen of Veo 2, in public code.
      endpoint: "veo-3.1-generate-001",
      send: {
        "instances.0.prompt": "prompt",
        "instances.0.video": "video_url",
        "parameters.aspectRatio": "aspect_ratio",
        "parameters.resolution": { value: "720p" },
        "parameters.generateAudio": "generate_audio",
        "parameters.negativePrompt": "negative_prompt",
        "parameters.seed": "seed",
        "parameters.sampleCount": { value: 1 },
      },
      unsent: {},
      unsupported: {
        auto_fix: "Vertex AI does not rewrite a prompt that its policy refuses.",
        safety_tolerance: "Vertex AI has no scale for its content check.",
      },
      // It comes inside the request, where a picture may have as much.
      limits: { video_url: { types: ["mp4"], maxBytes: 20 * 1024 * 1024 } },
    },
    {
      provider: "fal",
      endpoint: "fal-ai/veo3.1/extend-video",
      send: {
        prompt: "prompt",
        video_url: "video_url",
        // Always: its own default is auto.
        aspect_ratio: "aspect_ratio",
        duration: { value: "7s" },
        resolution: { value: "720p" },
        generate_audio: "generate_audio",
        negative_prompt: "negative_prompt",
        seed: "seed",
        // Its own default is false here.
        auto_fix: { field: "auto_fix", otherwise: true },
        safety_tolerance: { field: "safety_tolerance", text: "{}" },
      },
      unsent: {},
    },
    {
      provider: "animatic",
      endpoint: "animatic",
      send: {
        prompt: "prompt",
        clip: "video_url",
        negative_prompt: "negative_prompt",
        aspect_ratio: "aspect_ratio",
        duration: { value: 7 },
        resolution: { value: "720p" },
        seed: "seed",
        sound: "generate_audio",
      },
      unsent: {
        auto_fix: "Not applicable to an animatic: no policy refuses a prompt, so there is nothing to mend.",
        safety_tolerance:
          "Not applicable to an animatic: it shows nothing that the request did not bring, so there is nothing to check.",
      },
    },
  ],
  example: {
    prompt: "The camera goes on over the cliff and out to the open sea",
    video_url: "{media}/clip.mp4",
    aspect_ratio: "16:9",
    generate_audio: true,
  },
});
