/** Who makes posters and previews: children of their own, so that no measuring and no render waits behind one. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../core/log.ts";
import type { MadeExtra } from "../media/extras.ts";
import type { Pool } from "../media/pool.ts";
import type { ExtrasMaker } from "../tasks/extras.ts";

/** More in line than this, and the next one is done without: nobody's task is to wait for all of theirs. */
const MOST_WAITING = 16;
/** Of its time, what a child may take before it leaves out what is not ready. */
const BUDGET_SHARE = 0.8;

/** `folder` is on the file system of the store of files, and ours alone: what a killed process left there goes. */
export async function openExtras(
  pool: Pool,
  { folder, log }: { folder: string; log: Log },
): Promise<ExtrasMaker> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return {
    async make({ path, measured, signal, ms }, use) {
      if (pool.waiting() >= MOST_WAITING) {
        log("warn", "extras-skipped", { waiting: pool.waiting() });
        return;
      }
      let own: string | undefined;
      try {
        own = await mkdtemp(join(folder, "of-"));
        const args = { path, folder: own, measured, budgetMs: ms * BUDGET_SHARE };
        const until = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
        await use((await pool.run("extras", args, { signal: until })) as readonly MadeExtra[]);
      } catch (error) {
        if (!signal.aborted) log("warn", "extras-failed", { error });
      } finally {
        if (own !== undefined) await rm(own, { recursive: true, force: true }).catch(() => undefined);
      }
    },
  };
}
