/** The SDK's pictures and clips as a model's parameters. A file is sent, warned about or refused by the server: never dropped. */
import type {
  Experimental_VideoModelV4CallOptions as CallOptions,
  Experimental_VideoModelV4File as VideoFile,
  SharedV4Warning as Warning,
} from "@ai-sdk/provider";
import { type Places, unsupported } from "./places.ts";

type Options = Pick<CallOptions, "image" | "frameImages" | "inputReferences">;
type UrlOf = (file: VideoFile) => Promise<string>;

interface Files {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly warnings: readonly Warning[];
}

/** What models call their first frame, their last one, both in a list, and a clip to go on from. */
const FIRST = ["image_url", "first_image_url"];
const LAST = ["image_tail_url", "last_image_url"];
const FRAMES = "image_urls";
const CLIP = "video_url";

export async function fileParameters(options: Options, places: Places, urlOf: UrlOf): Promise<Files> {
  const { image, frameImages = [], inputReferences = [] } = options;
  const first = frameImages.find(({ frameType }) => frameType === "first_frame")?.image ?? image;
  const last = frameImages.find(({ frameType }) => frameType === "last_frame")?.image;
  const frames = await frameParameters(first, last, places, urlOf);
  const clip = first ? undefined : inputReferences.find(({ mediaType }) => mediaType?.startsWith("video/"));
  const others = await referenceParameters(inputReferences, clip, places, urlOf);
  return {
    parameters: { ...frames.parameters, ...others.parameters },
    warnings: [...frames.warnings, ...others.warnings],
  };
}

async function frameParameters(
  first: VideoFile | undefined,
  last: VideoFile | undefined,
  places: Places,
  urlOf: UrlOf,
): Promise<Files> {
  if (places.find(FRAMES)) return listedFrames(first, last, urlOf);
  // To a model without pictures as well: it is refused there, unbilled, where leaving it out would make another video.
  const firstName = FIRST.find((name) => places.find(name)) ?? "image_url";
  const lastName = LAST.find((name) => places.find(name));
  return {
    parameters: {
      ...(first ? { [firstName]: await urlOf(first) } : {}),
      ...(last && lastName ? { [lastName]: await urlOf(last) } : {}),
    },
    warnings: last && !lastName ? [lastUnsent("The model takes no last frame.")] : [],
  };
}

async function listedFrames(
  first: VideoFile | undefined,
  last: VideoFile | undefined,
  urlOf: UrlOf,
): Promise<Files> {
  if (!first) return { parameters: {}, warnings: last ? [lastUnsent("It needs a first frame.")] : [] };
  const urls = [await urlOf(first), ...(last ? [await urlOf(last)] : [])];
  return { parameters: { [FRAMES]: urls }, warnings: [] };
}

/** A model that goes on from a clip takes one; the SDK has no other name for it. */
async function referenceParameters(
  references: readonly VideoFile[],
  clip: VideoFile | undefined,
  places: Places,
  urlOf: UrlOf,
): Promise<Files> {
  const taken = clip && places.find(CLIP) ? clip : undefined;
  const warnings: Warning[] = [];
  if (taken) {
    const details = `The clip is not a reference: the video goes on from it ("${CLIP}").`;
    warnings.push({ type: "compatibility", feature: "inputReferences", details });
  }
  if (references.length > (taken ? 1 : 0)) {
    const which = taken ? "The others were" : "They were";
    const how = "What a model takes besides its frames is given by its own name in providerOptions.reelay.";
    warnings.push(unsupported("inputReferences", `${which} not sent. ${how}`));
  }
  return { parameters: taken ? { [CLIP]: await urlOf(taken) } : {}, warnings };
}

function lastUnsent(why: string): Warning {
  return unsupported("frameImages", `${why} The last_frame was not sent.`);
}
