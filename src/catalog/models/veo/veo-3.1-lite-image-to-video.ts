import { defineModel, oneOf, unsupported } from "../../../core/model.ts";
import standard from "./veo-3.1-image-to-video.ts";

export default defineModel({
  ...standard,
  name: "Veo 3.1 Lite, image to video",
  input: {
    ...standard.input,
    resolution: oneOf(["720p", "1080p"], {
      about: "Length of the shorter side; 1080p only with a duration of 8.",
      default: "1080p",
    }),
    safety_tolerance: unsupported("only veo-3.1-image-to-video and veo-3.1-fast-image-to-video have it"),
    enhance_prompt: unsupported("only veo-3.1-image-to-video has it"),
    person_generation: unsupported("only veo-3.1-image-to-video has it"),
  },
  rules: [
    {
      when: { resolution: { is: ["1080p"] } },
      must: { duration: { is: [8] } },
      say: "1080p, the default, is made only with a duration of 8: send duration 8, or resolution 720p.",
    },
  ],
});
