/**
 * The operator's workflows for ComfyUI: which graph does an endpoint's work, and where in it each parameter goes. Checked
 * when the server starts, because ComfyUI takes most wrong graphs and makes some other video of them.
 */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Json, JsonObject } from "../core/json.ts";
import { nearest } from "../core/nearest.ts";

export interface Workflow {
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, readonly Place[]>>;
  /** The node that saves the video; left out: any that has one. */
  readonly output: string | undefined;
}

type Graph = Readonly<Record<string, { readonly class_type: string; readonly inputs: JsonObject }>>;

interface Place {
  readonly node: string;
  readonly input: string;
  /** Of a size such as "1280x720", this number. */
  readonly take?: "width" | "height";
  /** Where the client left it open: a number drawn for the attempt, instead of the graph's own. */
  readonly random?: true;
}

/** In a folder, the file with the workflows. */
const FILE = "workflows.json";
const PLACE = ["node", "input", "take", "random"];

/** By endpoint. `path` is a JSON file, or a folder with one. Rejects with a sentence for each mistake. */
export async function readWorkflows(path: string): Promise<ReadonlyMap<string, Workflow>> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, FILE) : path;
  const all = await readJson(file, `give a JSON file, or a folder with ${FILE} in it`);
  if (!isObject(all)) throw new Error(`${file} must be an object: endpoint -> { graph, inputs, output? }`);
  const workflows = new Map<string, Workflow>();
  const mistakes: string[] = [];
  for (const [endpoint, entry] of Object.entries(all)) {
    const place = `${file}: "${endpoint}"`;
    const found = isObject(entry) ? entry : {};
    const graph = await readGraph(found.graph, file);
    const wrong = [...graphMistakes(graph), ...inputMistakes(found, graph)].map((one) => `${place}: ${one}`);
    mistakes.push(...wrong);
    if (wrong.length === 0) workflows.set(endpoint, toWorkflow(found, graph as Graph));
  }
  if (mistakes.length > 0) throw new Error(mistakes.join("\n"));
  return workflows;
}

async function readJson(file: string, advice: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new Error(`${file} cannot be read: ${advice}`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is no JSON: ${(error as Error).message}`);
  }
}

/** A graph stands in the entry itself, or in a file beside it. */
async function readGraph(graph: unknown, file: string): Promise<unknown> {
  if (typeof graph !== "string") return graph;
  return readJson(
    join(dirname(file), graph),
    "graph is a graph itself, or the name of its file beside this one",
  );
}

function graphMistakes(graph: unknown): readonly string[] {
  if (!isObject(graph)) return ["it lacks its graph"];
  if (Array.isArray(graph.nodes) && Array.isArray(graph.links)) {
    return [
      "the graph is in the editor's own format, which ComfyUI cannot run; in its menu choose Workflow, Export (API)",
    ];
  }
  const wrong = Object.entries(graph).find(
    ([, node]) => !isObject(node) || typeof node.class_type !== "string" || !isObject(node.inputs),
  );
  if (!wrong) return [];
  return [`"${wrong[0]}" of the graph is no node of the API format: it needs class_type and inputs`];
}

function inputMistakes(entry: Readonly<Record<string, unknown>>, graph: unknown): readonly string[] {
  // Whether the places exist can only be told where the graph is one.
  if (graphMistakes(graph).length > 0) return [];
  const nodes = graph as Graph;
  const { inputs, output } = entry;
  const unknown = Object.keys(entry).filter((name) => !["graph", "inputs", "output"].includes(name));
  const places = isObject(inputs) ? Object.entries(inputs) : [];
  return [
    ...unknown.map((name) => `it has "${name}", but may have graph, inputs and output only`),
    ...(isObject(inputs) ? [] : ["it lacks its inputs: parameter -> { node, input }"]),
    ...(output === undefined ? [] : nodeMistakes(nodes, output, "output")),
    ...places.flatMap(([name, given]) =>
      listOf(given).flatMap((place) => placeMistakes(nodes, place, `inputs.${name}`)),
    ),
  ];
}

function nodeMistakes(graph: Graph, node: unknown, where: string): readonly string[] {
  if (typeof node === "string" && Object.hasOwn(graph, node)) return [];
  const ids = Object.entries(graph).map(([id, { class_type }]) => `"${id}" (${class_type})`);
  return [`${where} names node ${JSON.stringify(node)}, but the graph has ${ids.join(", ")}`];
}

function placeMistakes(graph: Graph, place: unknown, where: string): readonly string[] {
  if (!isObject(place)) return [`${where} must be { node, input }, or a list of such`];
  const wrong = nodeMistakes(graph, place.node, where);
  if (wrong.length > 0) return wrong;
  const { class_type, inputs } = graph[String(place.node)] as Graph[string];
  const { input, take, random } = place;
  const named = `${where} names "${input}" of node "${place.node}" (${class_type})`;
  const unknown = Object.keys(place).filter((name) => !PLACE.includes(name));
  return [
    ...unknown.map((name) => `${where} has "${name}", but may have ${PLACE.join(", ")} only`),
    ...(take === undefined || take === "width" || take === "height"
      ? []
      : [`${where}.take must be "width" or "height"`]),
    ...(random === undefined || random === true ? [] : [`${where}.random must be true or left out`]),
    ...inputProblem(inputs, input, named),
  ];
}

function inputProblem(inputs: JsonObject, input: unknown, named: string): readonly string[] {
  if (typeof input !== "string" || !Object.hasOwn(inputs, input)) {
    const close = nearest(String(input), Object.keys(inputs));
    const hint = close ? `did you mean "${close}"?` : `it has ${Object.keys(inputs).join(", ")}`;
    return [`${named}, which has no such input; ${hint}`];
  }
  const link = inputs[input];
  if (!Array.isArray(link)) return [];
  return [`${named}, which is wired to node "${link[0]}": name the input where the value is typed in`];
}

function toWorkflow(entry: Readonly<Record<string, unknown>>, graph: Graph): Workflow {
  const inputs = Object.entries(entry.inputs as object).map(([name, given]) => [name, listOf(given)]);
  return { graph, inputs: Object.fromEntries(inputs), output: entry.output as string | undefined };
}

export interface Filled {
  readonly graph: JsonObject;
  /** What was drawn, by parameter. */
  readonly drawn: Readonly<Record<string, number>>;
}

/** The graph with the values in their places. `values` may name only what `inputs` has. */
export function fillGraph(workflow: Workflow, values: JsonObject, attemptId: string): Filled {
  const graph = structuredClone(workflow.graph) as Record<string, { inputs: Record<string, Json> }>;
  const drawn: Record<string, number> = {};
  for (const [name, places] of Object.entries(workflow.inputs)) {
    let value = values[name];
    if (value === undefined && places.some(({ random }) => random)) {
      value = drawn[name] = draw(`${attemptId}:${name}`);
    }
    if (value === undefined) continue;
    for (const { node, input, take } of places) {
      const inputs = graph[node]?.inputs;
      if (inputs) inputs[input] = take === undefined ? value : partOf(String(value), take);
    }
  }
  return { graph: graph as unknown as JsonObject, drawn };
}

/** The same again for the same attempt: a repeat is the same work. */
function draw(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE();
}

function partOf(size: string, take: "width" | "height"): number {
  const [width, height] = size.split("x");
  return Number(take === "width" ? width : height);
}

function listOf(given: unknown): readonly Place[] {
  return (Array.isArray(given) ? given : [given]) as readonly Place[];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
