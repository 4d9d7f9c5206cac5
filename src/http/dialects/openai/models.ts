/** Which model a request means: one of the catalogue's, or what the operator lets another name stand for. */
import type { Catalog } from "../../../catalog/catalog.ts";
import { ReelayError } from "../../../core/errors.ts";
import type { CatalogModel } from "../../../core/model.ts";
import { nearest } from "../../../core/nearest.ts";
import type { DialectSettings } from "../../dialect.ts";
import { invalidField } from "./errors.ts";
import { type Start, suits } from "./starts.ts";

export interface Naming {
  readonly catalog: Pick<Catalog, "models">;
  readonly settings: Pick<DialectSettings, "openaiModels" | "openaiDefault">;
}

/** `named`: as sent. Throws `invalid_parameters` or `unknown_model`. */
export function chooseModel(
  { catalog, settings }: Naming,
  named: unknown,
  start: Start | null,
): CatalogModel {
  const ids = [...catalog.models.keys()];
  const name = named ?? (settings.openaiDefault === "" ? undefined : settings.openaiDefault);
  if (typeof name !== "string") {
    const wrong = named === undefined || named === null ? "is missing" : "must be a text";
    const remedy = `Send the id of a model: ${ids.join(", ")}. The operator may set one for requests without it (REELAY_OPENAI_DEFAULT).`;
    throw invalidField("model", `"model" ${wrong}. ${remedy}`, named ?? undefined, ids);
  }
  const model = catalog.models.get(name);
  if (model) return model;
  const standIns = settings.openaiModels.get(name) ?? [];
  const known = standIns.map((id) => catalog.models.get(id)).filter((one) => one !== undefined);
  return known.find((one) => suits(one, start)) ?? known[0] ?? refuse(name, ids, standIns);
}

function refuse(name: string, ids: readonly string[], standIns: readonly string[]): never {
  const shown = JSON.stringify(name.slice(0, 120));
  const meant = nearest(name, ids);
  const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
  const why =
    standIns.length > 0
      ? `${shown} stands for ${standIns.join(" and ")} here, which this server no longer has.`
      : `There is no model ${shown}, and the operator has set none that stands for it (REELAY_OPENAI_MODELS).`;
  const message = `${why}${hint} There are ${ids.join(", ")}. Nothing was made or billed.`;
  throw new ReelayError("unknown_model", message, {
    problems: [{ field: "model", message, received: name.slice(0, 120), allowed: ids }],
  });
}

/** Settings that are wrong, for the operator: a name that stands for nothing would only show when somebody uses it. */
class NamesError extends Error {
  /** Its sentence is enough: no stack. */
  readonly plain = true;
}

/** Throws a NamesError that names every mistake. */
export function checkNames({ catalog, settings }: Naming): void {
  const { openaiModels, openaiDefault } = settings;
  const ids = [...catalog.models.keys()];
  const unknown = (id: string, where: string): string => {
    const meant = nearest(id, ids);
    return `${where} "${id}", which is no model${meant === undefined ? "" : `; did you mean "${meant}"?`}. There are ${ids.join(", ")}.`;
  };
  const mistakes = [...openaiModels].flatMap(([name, standIns]) =>
    catalog.models.has(name)
      ? [`REELAY_OPENAI_MODELS has the name "${name}", which is a model itself and stands for itself.`]
      : standIns
          .filter((id) => !catalog.models.has(id))
          .map((id) => unknown(id, `REELAY_OPENAI_MODELS lets "${name}" stand for`)),
  );
  if (openaiDefault !== "" && !catalog.models.has(openaiDefault) && !openaiModels.has(openaiDefault))
    mistakes.push(unknown(openaiDefault, "REELAY_OPENAI_DEFAULT is"));
  if (mistakes.length > 0) throw new NamesError(mistakes.join("\n"));
}
