/**
 * The SDK's call options as a model's parameters, by the names that the server's models share. What a model has no
 * place for becomes a warning, never silence; a value that is out of its range is sent, and refused with what is allowed.
 */
import type {
  Experimental_VideoModelV4CallOptions as CallOptions,
  SharedV4Warning as Warning,
} from "@ai-sdk/provider";
import type { RequestOptions } from "../transport.ts";
import { fileParameters } from "./files.ts";
import type { Inputs } from "./inputs.ts";
import { type Places, unsupported } from "./places.ts";
import { readShape } from "./shape.ts";

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
  const files = await fileParameters(options, places, (file) => inputs.urlOf(file, request));
  if (options.n > 1) warnings.push(unsupported("n", "One call makes one video; one was asked for."));
  warnings.push(...shape.warnings, ...files.warnings);
  return { parameters: { ...plain, ...shape.parameters, ...files.parameters, ...own }, warnings };
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
