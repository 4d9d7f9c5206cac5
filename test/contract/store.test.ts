import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { describeStore } from "./store-suite.ts";

describeStore("SQLite", async () => {
  const folder = await mkdtemp(join(tmpdir(), "reelay-store-"));
  const path = join(folder, "reelay.db");
  let store = await openSqliteStore({ path });
  return {
    store,
    async reopen() {
      await store.close();
      store = await openSqliteStore({ path });
      return store;
    },
    async destroy() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});
