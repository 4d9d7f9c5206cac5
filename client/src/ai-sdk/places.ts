/** Where a model of the server has a place for something, and how it is said that it has none. */
import type { SharedV4Warning as Warning } from "@ai-sdk/provider";
import type { Model, Parameter } from "../types.ts";

/** Whether and how a model has a parameter; a model that is not known has them all, for the server to judge. */
export interface Places {
  has(name: string): boolean;
  find(name: string): Parameter | undefined;
}

export function placesOf(model: Model | undefined): Places {
  const find = (name: string): Parameter | undefined => {
    const parameter = model?.parameters[name];
    return parameter?.kind === "unsupported" ? undefined : parameter;
  };
  return { find, has: (name) => model === undefined || find(name) !== undefined };
}

export function unsupported(feature: string, details: string): Warning {
  return { type: "unsupported", feature, details };
}
