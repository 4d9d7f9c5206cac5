/** Who can do the work: every provider whose settings are there, and our own renderer. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Config, ConfigError } from "../config/config.ts";
import { type ProviderConfig, readProvider } from "../config/provider-config.ts";
import type { ProviderEntry } from "../config/provider-entries.ts";
import type { Provider } from "../core/provider.ts";
import type { ProviderKind } from "../core/provider-kind.ts";
import type { StoredKey } from "../files/vault.ts";
import { KINDS } from "../providers/kinds.ts";

export interface OpenProvider {
  readonly provider: Provider;
  readonly config: ProviderConfig;
}

/** Every mistake of every provider together, as one ConfigError. Opens no connection. */
export async function openProviders(
  { providers, dataDir }: Pick<Config, "providers" | "dataDir">,
  { stored, now }: { readonly stored: readonly StoredKey[]; readonly now: () => number },
): Promise<readonly OpenProvider[]> {
  const { configs, mistakes } = readProviders(providers, stored);
  const opened: OpenProvider[] = [];
  for (const config of configs) {
    const scratch = join(dataDir, "provider-files", config.id);
    try {
      // Half files of a killed process, at best.
      await rm(scratch, { recursive: true, force: true });
      await mkdir(scratch, { recursive: true });
      opened.push({ config, provider: await config.kind.open({ ...config, scratch, now }) });
    } catch (error) {
      mistakes.push(`providers.${config.id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (mistakes.length === 0) return opened;
  for (const { provider } of opened) await provider.close?.();
  throw new ConfigError(mistakes);
}

/** What is set, with the keys that are stored, each checked by its kind. */
export function readProviders(
  entries: readonly ProviderEntry[],
  stored: readonly StoredKey[],
): { readonly configs: readonly ProviderConfig[]; readonly mistakes: string[] } {
  const all = new Map(entries.map((entry) => [entry.id, entry]));
  for (const { id, kind, key } of stored) {
    const entry = all.get(id);
    // What is set goes before what is stored.
    if (!entry) all.set(id, { id, kind, texts: { key } });
    else if (entry.kind === kind && !entry.texts.key)
      all.set(id, { ...entry, texts: { ...entry.texts, key } });
  }
  const configs: ProviderConfig[] = [];
  const mistakes: string[] = [];
  for (const entry of all.values()) {
    const kind: ProviderKind | undefined = KINDS.get(entry.kind);
    if (!kind) {
      mistakes.push(
        `A key is stored for "${entry.id}", of the kind "${entry.kind}", which this Reelay does not know.`,
      );
      continue;
    }
    const read = readProvider(kind, entry);
    if ("config" in read) configs.push(read.config);
    else mistakes.push(...read.mistakes);
  }
  return { configs, mistakes };
}

/** Whether it runs on this machine, and so can reach us where nobody else can. */
export function isLocal({ baseUrl }: Pick<ProviderConfig, "baseUrl">): boolean {
  const { hostname } = new URL(baseUrl);
  return hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
}
