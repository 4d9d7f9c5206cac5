/** What `reelay doctor` says of each provider: its key, whether it answers, how it has been doing, what it can serve. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Config, ConfigError } from "../config/config.ts";
import type { Provider } from "../core/provider.ts";
import type { HealthView } from "../tasks/health.ts";
import { openCatalog } from "../wiring/models.ts";
import { type OpenProvider, openProviders } from "../wiring/providers.ts";
import type { Finding } from "./doctor.ts";
import { asOperator } from "./door.ts";
import { hint, vaultOf } from "./providers.ts";

const PING_MS = 10_000;

export async function checkProviders(config: Config): Promise<readonly Finding[]> {
  try {
    const stored = await (await vaultOf(config)).list();
    const opened = await openProviders(config, { stored, now: Date.now });
    // Also where nobody is open: a model's file with a mistake would stop the start.
    const serves = await servedBy(config, opened);
    if (opened.length === 0) {
      return [{ ok: true, text: "none is set: every key's tasks go to our own renderer, as animatics" }];
    }
    const health = await readHealth(config);
    const findings = opened.map((one) =>
      describe(one, { health, models: serves.get(one.provider.id) ?? [] }),
    );
    const all = await Promise.all(findings);
    for (const { provider } of opened) await provider.close?.();
    return all;
  } catch (error) {
    if (!(error instanceof ConfigError)) return [{ ok: false, text: String((error as Error).message) }];
    return error.message.split("\n").map((text) => ({ ok: false, text }));
  }
}

interface About {
  readonly health: Readonly<Record<string, Partial<HealthView>>>;
  readonly models: readonly string[];
}

async function describe({ provider, config }: OpenProvider, { health, models }: About): Promise<Finding> {
  const { id, kind, key } = config;
  const answer = await ping(provider);
  const parts = [
    id === kind.kind ? id : `${id} (${kind.kind})`,
    kind.key === "none" ? "no key needed" : key === undefined ? "no key" : `key ${hint(key)}`,
    answer.text,
    doing(health[id]),
    models.length === 0 ? "serves no model" : `serves ${models.join(", ")}`,
  ];
  return { ok: answer.ok && models.length > 0 ? true : "warning", text: parts.join("; ") };
}

async function ping(provider: Provider): Promise<{ readonly ok: boolean; readonly text: string }> {
  if (!provider.ping) return { ok: true, text: "cannot be asked whether it is there" };
  const since = performance.now();
  try {
    const said = await provider.ping(AbortSignal.timeout(PING_MS));
    return { ok: true, text: `reachable in ${Math.round(performance.now() - since)} ms (${said})` };
  } catch (error) {
    return { ok: false, text: `not usable: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function doing(view: Partial<HealthView> | undefined): string {
  if (!view) return "never used";
  const { successes = 0, failures = 0, lastSuccessAt = null, lastFailure = null } = view;
  const last =
    lastSuccessAt === null ? "no success yet" : `last success ${new Date(lastSuccessAt).toISOString()}`;
  const failure = lastFailure
    ? `, last failure ${new Date(lastFailure.at).toISOString()} (${lastFailure.code})`
    : "";
  const avoided = view.avoidedUntil ? `, avoided until ${new Date(view.avoidedUntil).toISOString()}` : "";
  return `${last}${failure}, ${successes} ended well and ${failures} did not${avoided}`;
}

/** Of the running server where there is one, else what the last one wrote down. */
async function readHealth(config: Config): Promise<About["health"]> {
  if (!existsSync(join(config.dataDir, "reelay.db"))) return {};
  const read = { health: {} as About["health"] };
  await asOperator(async ({ health }) => {
    read.health = await health();
    return 0;
  });
  return read.health;
}

/** By provider, the ids of the models that have a route to it. */
async function servedBy(
  config: Config,
  opened: readonly OpenProvider[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const open = new Set(opened.map(({ provider }) => provider.kind));
  const silent = Object.assign(() => undefined, { writes: () => false });
  const catalog = await openCatalog(config, { open, log: silent });
  await catalog.close();
  const models = [...catalog.models.values()];
  return new Map(
    opened.map(({ provider }) => {
      const served = models.filter(({ routes }) =>
        routes.some(
          (route) => route.provider === provider.kind && provider.serves?.(route.endpoint) !== false,
        ),
      );
      return [provider.id, served.map(({ id }) => id)];
    }),
  );
}
