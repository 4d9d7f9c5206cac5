import {
  defineModel,
  flag,
  integer,
  oneOf,
  type Page,
  picture,
  type Rule,
  text,
  unsupported,
} from "../../../core/model.ts";

const NO_4K = (who: string): Rule => ({
  when: {},
  must: { resolution: { is: ["720p", "1080p"] } },
  say: `${who} makes 720p and 1080p only.`,
});

export const PAGE: Page = {
  path: "veo-3.1-generate-img2video",
  type: "VEO_3_1_IMG2VIDEO",
  source:
    "HighwayAPI's page of the model; limits of the picture, and that it may be in base64, from its page of Veo 3.1 Lite; length of the texts as the model's",
  input: {
    prompt: text({ about: "What happens, in Chinese or English.", required: true, min: 1, max: 5000 }),
    generate_audio: flag({ about: "Adds sound.", required: true }),
    image: picture({
      about: "The first frame; best with a shorter side of 720 pixels or more, 16:9 or 9:16.",
      required: true,
      inline: true,
      limits: { types: ["jpeg", "png"], maxBytes: 20 * 1024 * 1024 },
    }),
    last_image: unsupported("with one, a request is for first and last frame to video"),
    reference_images: unsupported("the video begins with one picture here and takes no others as references"),
    aspect_ratio: oneOf(["16:9", "9:16"], { about: "Shape of the video, width to height.", default: "16:9" }),
    duration_seconds: oneOf([4, 6, 8], { about: "Length in seconds.", default: 8 }),
    resolution: oneOf(["720p", "1080p"], { about: "Length of the shorter side.", default: "720p" }),
    sample_count: integer(1, 4, { about: "Only 1: a task makes one video.", default: 1 }),
    enhance_prompt: flag({ about: "Only true: rewrites the prompt for a better result." }),
    person_generation: oneOf(["allow_adult", "dont_allow"], { about: "Whether people may be shown." }),
    negative_prompt: text({ about: "What to keep out, separated by commas.", max: 5000 }),
    seed: integer(0, 4294967295, { about: "The same seed repeats a result; left out, one is drawn." }),
  },
  rules: [
    {
      when: {},
      must: { sample_count: { is: [1] } },
      say: "sample_count can only be 1: a task makes one video. Ask once for each that you want.",
    },
    {
      when: { enhance_prompt: { given: true } },
      must: { enhance_prompt: { is: [true] } },
      say: "enhance_prompt can only be true; leave it out otherwise.",
    },
  ],
  send: {
    prompt: "prompt",
    generate_audio: "generate_audio",
    image_url: "image",
    aspect_ratio: "aspect_ratio",
    duration: "duration_seconds",
    resolution: "resolution",
    enhance_prompt: "enhance_prompt",
    person_generation: "person_generation",
    negative_prompt: "negative_prompt",
    seed: "seed",
  },
  unsent: { sample_count: "A task makes one video." },
  example: {
    image: "{media}/lighthouse.jpg",
    prompt: "Waves roll in below the lighthouse as the camera pans slowly to the left",
    generate_audio: true,
    duration_seconds: 8,
    resolution: "720p",
  },
};

export default defineModel({
  name: "Veo 3.1, image to video",
  vendor: "google",
  source: "FoxAPI's page of the model; prompt length, seed range and picture limits from sibling services",
  input: {
    prompt: text({ about: "What happens, in Chinese or English.", required: true, min: 1, max: 5000 }),
    image_url: picture({
      about: "The first frame; best with a shorter side of 720 pixels or more, 16:9 or 9:16.",
      required: true,
      limits: { types: ["jpeg", "png"], maxBytes: 20 * 1024 * 1024 },
    }),
    aspect_ratio: oneOf(["16:9", "9:16"], { about: "Shape of the video, width to height.", default: "16:9" }),
    duration: oneOf([4, 6, 8], { about: "Length in seconds.", default: 8 }),
    resolution: oneOf(["720p", "1080p", "4k"], { about: "Length of the shorter side.", default: "1080p" }),
    generate_audio: flag({ about: "Adds sound.", default: false }),
    auto_fix: flag({
      about: "Rewrites a prompt that the provider's policy refuses; null leaves it to the model.",
      nullable: true,
    }),
    safety_tolerance: integer(1, 6, {
      about: "How much the content check lets pass, 1 is the strictest; null leaves it to the model.",
      nullable: true,
    }),
    enhance_prompt: flag({
      about: "Rewrites the prompt for a better result; null leaves it to the model.",
      nullable: true,
    }),
    person_generation: oneOf(["dont_allow", "allow_adult"], {
      about: "Whether people may be shown; null leaves it to the model.",
      nullable: true,
    }),
    negative_prompt: text({ about: "What to keep out, separated by commas.", nullable: true, max: 5000 }),
    seed: integer(0, 4294967295, {
      about: "The same seed repeats a result; null draws one.",
      nullable: true,
    }),
  },
  rules: [],
  output: { duration: "duration", resolution: "resolution", aspect: "aspect_ratio" },
  price: {
    source: "fal's page of Veo 3.1, a stored copy read 2026-11-20",
    lines: [
      { when: { resolution: { is: ["720p", "1080p"] }, generate_audio: { is: [false] } }, usdPerSecond: 0.2 },
      { when: { resolution: { is: ["720p", "1080p"] }, generate_audio: { is: [true] } }, usdPerSecond: 0.4 },
      { when: { resolution: { is: ["4k"] }, generate_audio: { is: [false] } }, usdPerSecond: 0.4 },
      { when: {}, usdPerSecond: 0.6 },
    ],
  },
  routes: [
    {
      provider: "vertex",
      endpoint: "veo-3.1-generate-001",
      send: {
        "instances.0.prompt": "prompt",
        "instances.0.image": "image_url",
        "parameters.aspectRatio": "aspect_ratio",
        "parameters.durationSeconds": "duration",
        "parameters.resolution": "resolution",
        "parameters.generateAudio": "generate_audio",
        "parameters.enhancePrompt": "enhance_prompt",
        "parameters.personGeneration": "person_generation",
        "parameters.negativePrompt": "negative_prompt",
        "parameters.seed": "seed",
        "parameters.sampleCount": { value: 1 },
      },
      unsent: {},
      unsupported: {
        auto_fix: "Vertex AI does not rewrite a prompt that its policy refuses.",
        safety_tolerance: "Vertex AI has no scale for its content check.",
      },
    },
    {
      provider: "fal",
      endpoint: "fal-ai/veo3.1/image-to-video",
      send: {
        prompt: "prompt",
        image_url: "image_url",
        // These four always: fal's own defaults are auto, 8s, 720p and sound.
        aspect_ratio: "aspect_ratio",
        duration: { field: "duration", text: "{}s" },
        resolution: "resolution",
        generate_audio: "generate_audio",
        negative_prompt: "negative_prompt",
        seed: "seed",
        auto_fix: "auto_fix",
        safety_tolerance: { field: "safety_tolerance", text: "{}" },
      },
      unsent: {},
      unsupported: {
        enhance_prompt: "fal has no switch for rewriting the prompt.",
        person_generation: "fal has no switch for showing people.",
      },
      limits: { image_url: { maxBytes: 8_000_000 } },
    },
    {
      provider: "replicate",
      endpoint: "google/veo-3.1",
      send: {
        prompt: "prompt",
        image: "image_url",
        aspect_ratio: "aspect_ratio",
        duration: "duration",
        resolution: "resolution",
        // Always: its own default is sound.
        generate_audio: "generate_audio",
        negative_prompt: "negative_prompt",
        seed: "seed",
      },
      unsent: {},
      unsupported: {
        auto_fix: "Replicate's version of the model does not mend prompts.",
        safety_tolerance: "Replicate's version of the model has no scale for its content check.",
        enhance_prompt: "Replicate's version of the model has no switch for rewriting the prompt.",
        person_generation: "Replicate's version of the model has no switch for showing people.",
      },
      rules: [NO_4K("Replicate")],
    },
    {
      provider: "highwayapi",
      endpoint: "veo-3.1-generate-img2video",
      send: {
        prompt: "prompt",
        image: "image_url",
        aspect_ratio: "aspect_ratio",
        duration_seconds: "duration",
        resolution: "resolution",
        generate_audio: "generate_audio",
        enhance_prompt: "enhance_prompt",
        person_generation: "person_generation",
        negative_prompt: "negative_prompt",
        seed: "seed",
        sample_count: { value: 1 },
      },
      unsent: {},
      unsupported: {
        auto_fix: "HighwayAPI's page of the model has no such switch.",
        safety_tolerance: "HighwayAPI's page of the model has no such scale.",
      },
      rules: [
        NO_4K("HighwayAPI"),
        {
          when: { enhance_prompt: { given: true } },
          must: { enhance_prompt: { is: [true] } },
          say: "HighwayAPI takes enhance_prompt only as true.",
        },
      ],
    },
    {
      provider: "animatic",
      endpoint: "animatic",
      send: {
        prompt: "prompt",
        first_frame: "image_url",
        negative_prompt: "negative_prompt",
        resolution: "resolution",
        aspect_ratio: "aspect_ratio",
        duration: "duration",
        seed: "seed",
        sound: "generate_audio",
        rewrite: "enhance_prompt",
      },
      unsent: {
        auto_fix: "Not applicable to an animatic: no policy refuses a prompt, so there is nothing to mend.",
        safety_tolerance:
          "Not applicable to an animatic: it shows nothing that the request did not bring, so there is nothing to check.",
        person_generation:
          "Not applicable to an animatic: it moves the picture as it was given, draws no people and removes none.",
      },
    },
  ],
  example: {
    prompt: "Waves roll in below the lighthouse as the camera pans slowly to the left",
    image_url: "{media}/lighthouse.jpg",
    aspect_ratio: "16:9",
    duration: 8,
    resolution: "1080p",
    generate_audio: true,
  },
  pages: { highwayapi: PAGE },
});
