/**
 * The SDK's call options as a model's parameters, by the names that the server's models share. What a model has no
 * place for becomes a warning, never silence; a value that is out of its range is sent, and refused with what is allowed.
 */
import type {
  Experimental_VideoModelV4CallOptions as CallOptions,
  SharedV4Warning as Warning,
} from "@ai-sdk/provider";
import type { RequestOptions } from "../transport.ts";
import { readShape } from "./frame.ts";
import type { Inputs } from "./inputs.ts";
import { type Places, unsupported } from "./places.ts";

export interface Draft {
  /** In our own `providerOptions.reelay` comes what the SDK has no name for; it wins over the rest. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly warnings: Warning[];
}

export async function toParameters(
  options: CallOptions,
  places: Places,
  inputs: Inputs,
  request: RequestOptions,
): Promise<Draft> {
  const warnings: Warning[] = [];
  const own = options.providerOptions.reelay ?? {};
  const shape = readShape(options, places);
  const plain = plainParameters(options, places, warnings);
  const frames = await frameParameters(options, places, inputs, request, warnings);
  if (options.inputReferences && options.inputReferences.length > 0) {
    warnings.push(
      unsupported(
        "inputReferences",
        "Nothing of them was sent. Files that the model takes besides its frames, such as a clip to go on from, are given by their own names in providerOptions.reelay.",
      ),
    );
  }
  if (options.n > 1) warnings.push(unsupported("n", "One call makes one video; one was asked for."));
  warnings.push(...shape.warnings);
  return { parameters: { ...plain, ...shape.parameters, ...frames, ...own }, warnings };
}

const PLAIN = { duration: "duration", seed: "seed", fps: "fps", generateAudio: "generate_audio" } as const;

function plainParameters(
  options: CallOptions,
  places: Places,
  warnings: Warning[],
): Readonly<Record<string, unknown>> {
  const parameters: Record<string, unknown> = {};
  // Sent even where a model has none: a request that loses its words is another one.
  if (options.prompt !== undefined) parameters.prompt = options.prompt;
  for (const [option, name] of Object.entries(PLAIN)) {
    const value = options[option as keyof typeof PLAIN];
    if (value === undefined) continue;
    if (places.has(name)) parameters[name] = value;
    else warnings.push(unsupported(option, `The model has no parameter "${name}"; it was not sent.`));
  }
  return parameters;
}

async function frameParameters(
  { image, frameImages = [] }: CallOptions,
  places: Places,
  inputs: Inputs,
  request: RequestOptions,
  warnings: Warning[],
): Promise<Readonly<Record<string, unknown>>> {
  const first = frameImages.find(({ frameType }) => frameType === "first_frame")?.image ?? image;
  const last = frameImages.find(({ frameType }) => frameType === "last_frame")?.image;
  const listed = places.find("image_urls") !== undefined;
  if (last && !(listed && first)) {
    const why = listed ? "It needs a first frame beside it." : "The model takes no last frame.";
    warnings.push(unsupported("frameImages", `${why} The last_frame was not sent.`));
  }
  if (!first) return {};
  // To a model without pictures as well: it is refused there, unbilled, where leaving it out would make another video.
  const firstUrl = await inputs.urlOf(first, request);
  if (!listed) return { image_url: firstUrl };
  return { image_urls: last ? [firstUrl, await inputs.urlOf(last, request)] : [firstUrl] };
}
