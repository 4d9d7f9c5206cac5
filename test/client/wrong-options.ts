/** Requests that must not compile, and neighbours of theirs that must: a test runs the compiler over this file. */
import { type Client, type CreateRequest, ownModel, type Task } from "@reelay/client";

const make = (request: CreateRequest): CreateRequest => request;

// A model, its parameters and their values.
make({ model: "pixverse-v6-text-to-video", prompt: "waves" });
make({ model: "pixverse-v6-text-to-video", prompt: "waves", style: "anime", seed: 0, negative_prompt: null });
// @ts-expect-error: no such model.
make({ model: "pixverse-v7-text-to-video", prompt: "waves" });
// @ts-expect-error: the prompt is missing.
make({ model: "pixverse-v6-text-to-video" });
// @ts-expect-error: a misspelt parameter.
make({ model: "pixverse-v6-text-to-video", prompt: "waves", styel: "anime" });
// @ts-expect-error: a parameter of another model.
make({ model: "pixverse-v6-text-to-video", prompt: "waves", image_url: "https://example.com/a.jpg" });
// @ts-expect-error: a value that is not offered.
make({ model: "pixverse-v6-text-to-video", prompt: "waves", resolution: "4k" });
// @ts-expect-error: a text where a number belongs.
make({ model: "pixverse-v6-text-to-video", prompt: "waves", duration: "5" });
// @ts-expect-error: longer than it makes.
make({ model: "pixverse-v6-text-to-video", prompt: "waves", duration: 16 });
// @ts-expect-error: null means left out, and this one cannot be.
make({ model: "pixverse-v6-text-to-video", prompt: "waves", duration: null });

// A parameter of the family that this variant does not have.
const picture = { prompt: "waves", image_url: "https://example.com/a.jpg" };
make({
  model: "veo-3.1-image-to-video",
  ...picture,
  enhance_prompt: true,
  callback_url: "https://example.com/hook",
});
make({ model: "veo-3.1-fast-image-to-video", ...picture, enhance_prompt: null });
// @ts-expect-error: it has none.
make({ model: "veo-3.1-fast-image-to-video", ...picture, enhance_prompt: true });
// @ts-expect-error: 5 is none of 4, 6 and 8.
make({ model: "veo-3.1-image-to-video", ...picture, duration: 5 });

// Rules between parameters.
make({ model: "veo-3.1-lite-image-to-video", ...picture });
make({ model: "veo-3.1-lite-image-to-video", ...picture, duration: 4, resolution: "720p" });
// @ts-expect-error: the default resolution is 1080p, which is made with 8 seconds only.
make({ model: "veo-3.1-lite-image-to-video", ...picture, duration: 4 });
// @ts-expect-error: the same, said.
make({ model: "veo-3.1-lite-image-to-video", ...picture, duration: 6, resolution: "1080p" });

const [first, last, clip, sound] = ["a.jpg", "b.jpg", "c.mp4", "d.mp3"].map(
  (name) => `https://example.com/${name}`,
) as [string, string, string, string];
make({ model: "wan-2.7-image-to-video", image_urls: [first] });
make({ model: "wan-2.7-image-to-video", image_urls: [first, last], audio_url: sound });
make({ model: "wan-2.7-image-to-video", video_url: clip, generation_type: "video-continuation" });
// @ts-expect-error: nothing to start from.
make({ model: "wan-2.7-image-to-video", prompt: "waves" });
// @ts-expect-error: pictures and a clip.
make({ model: "wan-2.7-image-to-video", image_urls: [first], video_url: clip });
// @ts-expect-error: three pictures.
make({ model: "wan-2.7-image-to-video", image_urls: [first, last, first] });
// @ts-expect-error: two frames, of which one is missing.
make({ model: "wan-2.7-image-to-video", image_urls: [first], generation_type: "first-last-frame" });
// @ts-expect-error: sound for a clip that has its own.
make({ model: "wan-2.7-image-to-video", video_url: clip, audio_url: sound });

// An operator's own model has to be said to be one, and a known one is none.
make({ model: ownModel("our-own"), prompt: "waves", steps: 30 });
// @ts-expect-error: a name that nobody vouched for.
make({ model: "our-own", prompt: "waves", steps: 30 });
// @ts-expect-error: the compiler's help is not to be turned off for a model that it knows.
make({ model: ownModel("veo-3.1-image-to-video"), prompt: "waves" });

/** A task's status decides what there is. */
export function told(task: Task): string {
  if (task.status === "completed") return task.results[0].url;
  if (task.status === "failed") return task.error.message;
  // @ts-expect-error: no result yet.
  return task.results[0].url;
}

/** Where it matters, the same holds. */
export function create(client: Client): Promise<Task> {
  // @ts-expect-error: a misspelt parameter.
  return client.tasks.create({ model: "pixverse-v6-text-to-video", prompt: "waves", sed: 1 });
}
