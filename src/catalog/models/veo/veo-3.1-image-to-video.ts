import { defineModel, flag, integer, oneOf, picture, text } from "../../../core/model.ts";

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
        auto_fix: "The renderer has no policy that refuses a prompt, so there is nothing to mend.",
        safety_tolerance: "The renderer draws nothing that a content check could judge.",
        person_generation:
          "The renderer moves the picture as it was given; it draws no people and removes none.",
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
});
