import { defineModel, unsupported } from "../../../core/model.ts";
import standard from "./veo-3.1-image-to-video.ts";

export default defineModel({
  ...standard,
  name: "Veo 3.1 Fast, image to video",
  input: {
    ...standard.input,
    enhance_prompt: unsupported("only veo-3.1-image-to-video has it"),
    person_generation: unsupported("only veo-3.1-image-to-video has it"),
  },
});
