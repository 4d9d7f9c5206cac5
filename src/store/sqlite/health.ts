import type { Database } from "better-sqlite3";
import type { Json } from "../../core/json.ts";

export interface HealthTable {
  save(provider: string, value: Json): void;
  list(): ReadonlyMap<string, Json>;
}

const SAVE = `
INSERT INTO health (provider, value) VALUES (?, ?) ON CONFLICT (provider) DO UPDATE SET value = excluded.value`;

export function openHealthTable(db: Database): HealthTable {
  const save = db.prepare<[string, string]>(SAVE);
  const list = db.prepare<[], { readonly provider: string; readonly value: string }>("SELECT * FROM health");
  return {
    save(provider, value) {
      save.run(provider, JSON.stringify(value));
    },
    list: () => new Map(list.all().map(({ provider, value }) => [provider, JSON.parse(value) as Json])),
  };
}
