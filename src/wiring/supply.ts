/** What tasks are done with: the catalogue, the providers that are open, and how they have been doing. */
import { join } from "node:path";
import type { Catalog } from "../catalog/catalog.ts";
import type { Provider } from "../core/provider.ts";
import { openVault } from "../files/vault.ts";
import { openAnimatic } from "../providers/animatic.ts";
import { openBudget } from "../tasks/budget.ts";
import { type Health, openHealth, toRemember } from "../tasks/health.ts";
import type { Share } from "../tasks/route.ts";
import type { Base } from "./base.ts";
import { openCatalog } from "./models.ts";
import { isLocal, openProviders } from "./providers.ts";

export interface Supply {
  readonly catalog: Catalog;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly shares: ReadonlyMap<string, Share>;
  readonly health: Health;
  /** Milliseconds until the provider takes another submit. */
  readonly turnMs: (provider: string) => number;
  /** The same, and the turn is taken where it comes before `withinMs`. */
  readonly submitTurn: (provider: string, withinMs: number) => number;
  /** Whether it signs its calls with a secret that we know. */
  readonly signsCalls: (provider: string) => boolean;
  /** Base of URLs of ours that the provider can reach; null where there is none. */
  readonly reachableUrl: (provider: string) => string | null;
  close(): Promise<void>;
}

/** Between two writes of what is remembered of one provider's health. */
const REMEMBER_MS = 5_000;

export async function openSupply(base: Base): Promise<Supply> {
  const { config, clock, log, store, secret } = base;
  const animatic = await openAnimatic({
    renderer: base.render,
    scratch: join(config.dataDir, "scratch"),
    workers: config.renderWorkers,
    now: clock.now,
  });
  const { dataDir, masterKey } = config;
  const stored = await openVault({ dataDir, secret, masterKey }).list();
  const opened = await openProviders(config, { stored, now: clock.now });
  const providers = new Map(
    [...opened.map(({ provider }) => provider), animatic].map((one) => [one.id, one]),
  );
  const configs = new Map(opened.map((one) => [one.config.id, one.config]));
  const budgets = new Map(
    opened.flatMap(({ config: { id, submitsPerMinute } }) =>
      submitsPerMinute === null ? [] : [[id, openBudget(submitsPerMinute / 60, clock)] as const],
    ),
  );
  const health = openHealth({
    clock,
    known: await store.listHealth(),
    alert: (event, fields) => log("warn", event, fields),
  });
  const memory = openMemory(base, health);
  const catalog = await openCatalog(config, {
    open: new Set([...providers.values()].map(({ kind }) => kind)),
    log,
  });
  return {
    catalog,
    providers,
    shares: new Map(opened.map(({ config: { id, share } }) => [id, share])),
    health: memory.health,
    turnMs: (provider) => budgets.get(provider)?.waitMs() ?? 0,
    submitTurn: (provider, withinMs) => budgets.get(provider)?.take(withinMs) ?? 0,
    signsCalls: (provider) => configs.get(provider)?.settings.webhook_secret !== undefined,
    // Without a public URL of our own we could only name an address that nobody else reaches, unless the provider is
    // on this machine, too.
    reachableUrl(provider) {
      const one = configs.get(provider);
      return config.publicUrl ?? (one && isLocal(one) ? base.publicUrl() : null);
    },
    async close() {
      await catalog.close();
      await memory.close();
      for (const provider of providers.values()) await provider.close?.();
    },
  };
}

/** Writes down how a provider does, some seconds after it changed: `reelay doctor` and the next start read it. */
function openMemory(
  { store, log }: Pick<Base, "store" | "log">,
  health: Health,
): { readonly health: Health; close(): Promise<void> } {
  const timers = new Map<string, NodeJS.Timeout>();
  const save = async (provider: string): Promise<void> => {
    clearTimeout(timers.get(provider));
    timers.delete(provider);
    const view = health.view().get(provider);
    if (view) await store.saveHealth(provider, toRemember(view));
  };
  const later = (provider: string): void => {
    if (timers.has(provider)) return;
    const onFailed = (error: unknown): void => log("error", "health-unsaved", { provider, error });
    timers.set(provider, setTimeout(() => void save(provider).catch(onFailed), REMEMBER_MS).unref());
  };
  return {
    health: {
      ...health,
      ended(provider, outcome) {
        health.ended(provider, outcome);
        later(provider);
      },
      refused(provider, refusal) {
        health.refused(provider, refusal);
        later(provider);
      },
    },
    async close() {
      for (const provider of [...timers.keys()]) await save(provider);
    },
  };
}
