import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../../catalog/catalog.ts";
import { checkNames, chooseModel } from "./models.ts";
import { siblingFor, startField, suits } from "./starts.ts";

const catalog = await loadCatalog();
const words = [...catalog.models.values()].filter((model) => suits(model, null));
const pictures = [...catalog.models.values()].filter((model) => suits(model, "picture"));
const [WORDS = "", PICTURES = ""] = [words[0]?.id, pictures[0]?.id];

const naming = (models: Readonly<Record<string, readonly string[]>> = {}, fallback = "") => ({
  catalog,
  settings: { openaiModels: new Map(Object.entries(models)), openaiDefault: fallback },
});
const mistakes = (...given: Parameters<typeof naming>): string => {
  try {
    checkNames(naming(...given));
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("a model is chosen", () => {
  const both = naming({ other: [WORDS, PICTURES], gone: ["no-such-model"] }, "other");

  it("by its own id, whatever else the request is", () => {
    for (const id of catalog.models.keys()) expect(chooseModel(both, id, "picture").id).toBe(id);
  });

  it("by a name of the operator's, and by none, as the request starts", () => {
    for (const named of ["other", undefined, null]) {
      expect(chooseModel(both, named, null).id).toBe(WORDS);
      expect(chooseModel(both, named, "picture").id).toBe(PICTURES);
    }
  });

  it.each([
    ["a name of nothing", "sora-9", "REELAY_OPENAI_MODELS"],
    [
      "a name of a model that is gone",
      "gone",
      '"gone" stands for no-such-model here, which this server no longer has',
    ],
    ["a misspelt id", `${WORDS}x`, `Did you mean "${WORDS}"?`],
    ["no text", 5, '"model" must be a text'],
    ["a word of every object's", "constructor", 'no model "constructor"'],
    ["nothing, where there is no default", undefined, '"model" is missing'],
  ])("not by %s", (_what, named, message) => {
    const without = naming({ gone: ["no-such-model"] });
    expect(() => chooseModel(without, named, null)).toThrow(message);
  });
});

it.each([
  [{}, "", ""],
  [{ "sora-2": [WORDS, PICTURES] }, "sora-2", ""],
  [{}, WORDS, ""],
  [{ "sora-2": ["nope"] }, "", '"sora-2" stand for "nope"'],
  [{ [WORDS]: [PICTURES] }, "", "is a model itself"],
  [{}, "sora-2", "REELAY_OPENAI_DEFAULT is"],
])("names %j with the default %j: %s", (models, fallback, message) => {
  if (message === "") expect(mistakes(models, fallback)).toBe("");
  else expect(mistakes(models, fallback)).toContain(message);
});

it("a sibling is of the same vendor where there is one, starts as asked, and is another model", () => {
  for (const model of catalog.models.values()) {
    for (const start of [null, "picture", "clip"] as const) {
      const sibling = siblingFor(model, start, catalog.models.values());
      expect(sibling?.id).not.toBe(model.id);
      if (!sibling) continue;
      expect(suits(sibling, start)).toBe(true);
      const family = [...catalog.models.values()].some(
        (one) => one.id !== model.id && one.vendor === model.vendor && suits(one, start),
      );
      expect(sibling.vendor === model.vendor).toBe(family);
    }
  }
});

it("a model starts from the first of its pictures", () => {
  for (const { input, ...model } of pictures) {
    const first = Object.entries(input).find(([, { kind }]) => kind === "picture" || kind === "pictures");
    expect(startField({ input, ...model }, "picture")).toEqual({
      name: first?.[0],
      many: first?.[1].kind === "pictures",
    });
  }
});
