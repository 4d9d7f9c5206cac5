import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Json } from "../../src/core/json.ts";
import { comfyui } from "../../src/providers/comfyui.ts";
import { sampleGraph, WORKFLOWS } from "./comfyui-samples.ts";
import { sampleModels } from "./sample-models.ts";
import { openKind } from "./under.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reelay-workflows-"));
});
afterEach(() => rm(folder, { recursive: true }));

const GRAPH = {
  "6": { class_type: "CLIPTextEncode", inputs: { text: "", clip: ["4", 0] } },
  "9": { class_type: "SaveVideo", inputs: { video: ["6", 0], filename_prefix: "v" } },
};
const SOUND = { graph: GRAPH, inputs: { prompt: { node: "6", input: "text" } }, output: "9" };

/** Opens a provider with these workflows, and says which endpoints it serves of those given. */
async function open(workflows: unknown, name = "workflows.json"): Promise<(endpoint: string) => boolean> {
  const path = join(folder, name);
  await writeFile(path, typeof workflows === "string" ? workflows : JSON.stringify(workflows));
  return openAt(path);
}

async function openAt(path: string): Promise<(endpoint: string) => boolean> {
  const provider = await openKind(comfyui, { baseUrl: "http://127.0.0.1:9", settings: { workflows: path } });
  await provider.close?.();
  return (endpoint) => provider.serves?.(endpoint) ?? false;
}

describe("the operator's workflows", () => {
  it("are read from a file, or from a folder that has it, with graphs in them or beside them", async () => {
    await writeFile(join(folder, "graph.json"), JSON.stringify(GRAPH));
    const inside = await open({ a: SOUND, b: { ...SOUND, graph: "graph.json" } });
    expect([inside("a"), inside("b"), inside("c")]).toEqual([true, true, false]);
    expect((await openAt(folder))("b")).toBe(true);
    expect((await open({ c: SOUND }, "mine.json"))("c")).toBe(true);
  });

  it("of the samples do what the sample models' routes ask for, and nothing is missing", async () => {
    const serves = await openAt(WORKFLOWS);
    for (const model of sampleModels().values()) {
      const route = model.routes.find(({ provider }) => provider === "comfyui");
      expect([model.id, serves(route?.endpoint ?? "")]).toEqual([model.id, true]);
    }
  });

  it("may be in places that are lists, take half of a size, and draw a number", async () => {
    const size = [
      { node: "6", input: "text", take: "width" },
      { node: "9", input: "filename_prefix", take: "height", random: true },
    ];
    expect((await open({ a: { ...SOUND, inputs: { size } } }))("a")).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ["that is no JSON", "{", "workflows.json is no JSON: "],
    ["that is a list", [], "must be an object: endpoint -> { graph, inputs, output? }"],
    ["with an entry that is none", { a: 1 }, '"a": it lacks its graph'],
    ["without a graph", { a: { ...SOUND, graph: undefined } }, "it lacks its graph"],
    [
      "whose graph's file is missing",
      { a: { ...SOUND, graph: "x.json" } },
      "x.json cannot be read: graph is",
    ],
    [
      "in the editor's own format",
      { a: { ...SOUND, graph: { nodes: [], links: [], version: 0.4 } } },
      "in its menu choose Workflow, Export (API)",
    ],
    [
      "with a node that is none",
      { a: { ...SOUND, graph: { "1": {} } } },
      '"1" of the graph is no node of the API',
    ],
    ["without inputs", { a: { graph: GRAPH } }, "it lacks its inputs: parameter -> { node, input }"],
    [
      "with another name",
      { a: { ...SOUND, outputs: "9" } },
      'it has "outputs", but may have graph, inputs and',
    ],
    [
      "whose output is no node",
      { a: { ...SOUND, output: "10" } },
      'output names node "10", but the graph has "6" (CLIPTextEncode), "9" (SaveVideo)',
    ],
    ["whose output is a number", { a: { ...SOUND, output: 9 } }, "output names node 9, but"],
    [
      "with a place at no node",
      { a: { ...SOUND, inputs: { prompt: { node: "7", input: "text" } } } },
      'inputs.prompt names node "7", but the graph has "6"',
    ],
    [
      "with a place at a misspelt input",
      { a: { ...SOUND, inputs: { prompt: { node: "6", input: "texts" } } } },
      'inputs.prompt names "texts" of node "6" (CLIPTextEncode), which has no such input; did you mean "text"?',
    ],
    [
      "with a place at no input",
      { a: { ...SOUND, inputs: { prompt: { node: "6" } } } },
      "which has no such input; it has text, clip",
    ],
    [
      "with a place that is wired",
      { a: { ...SOUND, inputs: { prompt: { node: "6", input: "clip" } } } },
      'which is wired to node "4": name the input where the value is typed in',
    ],
    [
      "with a place that is none",
      { a: { ...SOUND, inputs: { prompt: "6" } } },
      "inputs.prompt must be { node, input }",
    ],
    [
      "with half of a size that there is not",
      { a: { ...SOUND, inputs: { size: { node: "6", input: "text", take: "depth" } } } },
      'inputs.size.take must be "width" or "height"',
    ],
    [
      "with a number drawn sometimes",
      { a: { ...SOUND, inputs: { seed: { node: "6", input: "text", random: "yes" } } } },
      "inputs.seed.random must be true or left out",
    ],
    [
      "with another word at a place",
      { a: { ...SOUND, inputs: { seed: { node: "6", input: "text", slot: 0 } } } },
      'inputs.seed has "slot", but may have node, input, take, random only',
    ],
  ])("%s are refused in a sentence that teaches", async (_name, workflows, sentence) => {
    const opening = open(workflows);
    await expect(opening).rejects.toThrow(sentence);
    await expect(opening).rejects.toThrow(join(folder));
  });

  it("that are nowhere are refused in a sentence, too", async () => {
    await expect(openAt(join(folder, "none"))).rejects.toThrow(
      "none cannot be read: give a JSON file, or a folder with workflows.json in it",
    );
    await expect(openAt(folder)).rejects.toThrow("workflows.json cannot be read");
  });

  it("are told all their mistakes at once", async () => {
    const opening = open({ a: { ...SOUND, output: "x" }, b: { ...SOUND, inputs: {}, graph: 1 } });
    await expect(opening).rejects.toThrow(/"a": output names.*\n.*"b": it lacks its graph/);
  });
});

it("the samples' graphs are wired to nodes that they have", () => {
  for (const name of ["wan-2.2-image-to-video", "wan-2.2-text-to-video"]) {
    const graph = sampleGraph(name);
    const links = Object.values(graph).flatMap(({ inputs }) => Object.values(inputs).filter(Array.isArray));
    expect(links.length).toBeGreaterThan(10);
    for (const [node] of links as [Json][]) expect(Object.keys(graph)).toContain(node);
  }
});
