/** What ComfyUI checks of a graph before it queues it: `execution.validate_prompt`, for the nodes of a few workflows. */
import type { Reply } from "../support/fake-exchange.ts";
import { integer, type Shape, text } from "./strict.ts";

interface Node {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}
export type Graph = Readonly<Record<string, Node>>;

const number: Shape = (value, place) => (typeof value === "number" ? [] : [`${place} is no number`]);
/** Empty is fine: a negative prompt may be. */
const anyText: Shape = (value, place) => (typeof value === "string" ? [] : [`${place} is no text`]);
const LINK: Shape = (value, place) =>
  Array.isArray(value) && typeof value[0] === "string" && Number.isInteger(value[1])
    ? []
    : [`${place} is wired to nothing`];
const side = integer(16, 16_384);
const count = integer(1, 16_384);
const seed: Shape = integer(0, Number.MAX_SAFE_INTEGER);

/** The inputs that each node must have. */
const NODES: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  UNETLoader: { unet_name: text(), weight_dtype: text() },
  CLIPLoader: { clip_name: text(), type: text(), device: text() },
  VAELoader: { vae_name: text() },
  ModelSamplingSD3: { model: LINK, shift: number },
  CLIPTextEncode: { text: anyText, clip: LINK },
  LoadImage: { image: text() },
  WanImageToVideo: {
    ...{ positive: LINK, negative: LINK, vae: LINK, start_image: LINK },
    ...{ width: side, height: side, length: count, batch_size: count },
  },
  EmptyHunyuanLatentVideo: { width: side, height: side, length: count, batch_size: count },
  KSamplerAdvanced: {
    ...{ model: LINK, positive: LINK, negative: LINK, latent_image: LINK, noise_seed: seed, steps: count },
    ...{ cfg: number, sampler_name: text(), scheduler: text(), add_noise: text() },
    ...{
      start_at_step: integer(0, 10_000),
      end_at_step: integer(0, 10_000),
      return_with_leftover_noise: text(),
    },
  },
  VAEDecode: { samples: LINK, vae: LINK },
  CreateVideo: { images: LINK, fps: number },
  SaveVideo: { video: LINK, filename_prefix: text(), format: text(), codec: text() },
  PreviewImage: { images: LINK },
};

export interface Checked {
  /** What no client of the API should send. */
  readonly complaints: readonly string[];
  /** Its answer to a graph that it does not queue. */
  readonly refusal: Reply | undefined;
}

/** `uploads` are the pictures that it has, as "folder/name". */
export function checkGraph(graph: unknown, uploads: ReadonlySet<string>): Checked {
  if (typeof graph !== "object" || graph === null || Array.isArray(graph) || "nodes" in graph) {
    return {
      complaints: ["prompt is no graph of the API format"],
      refusal: refuse("invalid_prompt", "Not a graph"),
    };
  }
  const complaints: string[] = [];
  for (const [id, node] of Object.entries(graph as Graph)) {
    const shapes = NODES[node.class_type];
    if (!shapes)
      return { complaints, refusal: refuse("missing_node_type", `Node '${node.class_type}' not found.`) };
    const wrong = nodeMistakes(graph as Graph, id, shapes);
    complaints.push(...wrong);
    if (wrong[0] !== undefined) return { complaints, refusal: nodeError(id, node, wrong[0]) };
    const { image } = node.inputs;
    if (node.class_type === "LoadImage" && !uploads.has(String(image))) {
      return { complaints, refusal: nodeError(id, node, `image - Invalid image file: ${image}`) };
    }
  }
  return { complaints, refusal: undefined };
}

function nodeMistakes(graph: Graph, id: string, shapes: Readonly<Record<string, Shape>>): readonly string[] {
  const { inputs } = graph[id] as Node;
  return Object.entries(shapes).flatMap(([name, shape]) => {
    const value = inputs[name];
    if (value === undefined) return [`node ${id} lacks ${name}`];
    const dangling = Array.isArray(value) && !Object.hasOwn(graph, String(value[0]));
    return dangling ? [`node ${id}.${name} is wired to no node`] : shape(value, `node ${id}.${name}`);
  });
}

function refuse(type: string, message: string, node_errors: object = {}): Reply {
  return { status: 400, body: { error: { type, message, details: "", extra_info: {} }, node_errors } };
}

function nodeError(id: string, { class_type }: Node, details: string): Reply {
  const errors = [
    {
      type: "custom_validation_failed",
      message: "Custom validation failed for node",
      details,
      extra_info: {},
    },
  ];
  return refuse("prompt_outputs_failed_validation", "Prompt outputs failed validation", {
    [id]: { errors, dependent_outputs: [], class_type },
  });
}
