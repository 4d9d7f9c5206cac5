/** The catalogue as it is now: ours, what the operator's folder adds and changes, and a route to whoever speaks our names. */
import { type Catalog, loadCatalog } from "../catalog/catalog.ts";
import { withIdentityRoute } from "../catalog/identity-route.ts";
import { folderState, readOperatorModels, withOperatorModels } from "../catalog/operator-models.ts";
import { type Config, ConfigError } from "../config/config.ts";
import type { Log } from "../core/log.ts";
import { KINDS, OFFERED } from "../providers/kinds.ts";
import { openRounds } from "./rounds.ts";

export interface LiveCatalog extends Catalog {
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 2_000;
/** Routes may lead to our own renderer, too. */
const ANIMATIC = "animatic";

/**
 * Rejects with a ConfigError where a file of the folder has a mistake. Later the folder is looked at every two seconds; a
 * file with a mistake then changes nothing, and the log says what is wrong with it.
 */
export async function openCatalog(
  { modelsDir }: Pick<Config, "modelsDir">,
  { open, log }: { readonly open: ReadonlySet<string>; readonly log: Log },
): Promise<LiveCatalog> {
  const builtIn = await loadCatalog();
  const kinds = [...KINDS.keys(), ANIMATIC];
  const offered = [...OFFERED.map(({ kind }) => kind), ANIMATIC];
  const widen = (catalog: Catalog): Catalog =>
    [...KINDS.values()]
      .filter(({ kind, speaksOurs }) => speaksOurs && open.has(kind))
      .reduce((whole, { kind }) => withIdentityRoute(whole, kind), catalog);

  if (modelsDir === "") {
    const { models, operators } = widen(builtIn);
    return { models, operators, close: async () => undefined };
  }
  const read = async (): Promise<Catalog | readonly string[]> => {
    const { models, mistakes } = await readOperatorModels(modelsDir, { builtIn, kinds, offered });
    return mistakes.length > 0 ? mistakes : widen(withOperatorModels(builtIn, models));
  };
  const readable = await folderState(modelsDir).catch((error: NodeJS.ErrnoException) => error);
  if (typeof readable !== "string") {
    throw new ConfigError([
      `REELAY_MODELS_DIR: ${modelsDir} cannot be read (${readable.code ?? readable.message})`,
    ]);
  }
  let seen = readable;
  const first = await read();
  if (!("models" in first)) throw new ConfigError(first);
  let current: Catalog = first;

  const look = async (): Promise<void> => {
    const state = await folderState(modelsDir);
    if (state === seen) return;
    const next = await read();
    // Only now: a file that was half written when it was read is read again.
    seen = state;
    if ("models" in next) {
      current = next;
      log("info", "models-reloaded", { models: next.models.size, operators: [...next.operators] });
    } else log("error", "models-not-reloaded", { mistakes: next });
  };
  const rounds = openRounds(LOOK_EVERY_MS, look, (error) => log("error", "models-unread", { error }));
  rounds.begin();
  return {
    get models() {
      return current.models;
    },
    get operators() {
      return current.operators;
    },
    close: rounds.close,
  };
}
