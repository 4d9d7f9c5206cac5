/** Takes up what an earlier process left open: first what was under way, which its provider may be working on, then what waited. */
import type { OpenTask, Store } from "../core/store.ts";
import type { Engine } from "../engine/engine.ts";
import type { OwnerRules } from "../engine/queue.ts";
import type { Seen, Watch } from "./watch.ts";

export async function resumeOpenTasks(
  store: Pick<Store, "listOpenTasks" | "readKey">,
  engine: Pick<Engine<Watch, Seen>, "start" | "resume">,
): Promise<void> {
  const rules = new Map<string, OwnerRules>();
  const rulesOf = async (keyId: string): Promise<OwnerRules> => {
    const known = rules.get(keyId) ?? (await store.readKey(keyId)) ?? { priority: 0, concurrency: null };
    rules.set(keyId, known);
    return known;
  };
  const open = await store.listOpenTasks();
  for (const task of open) if (task.begun) engine.resume(toItem(task), await rulesOf(task.keyId));
  for (const task of open) if (!task.begun) engine.start(toItem(task), await rulesOf(task.keyId));
}

function toItem({ id, keyId, provider }: OpenTask): { id: string; owner: string; resource: string } {
  return { id, owner: keyId, resource: provider };
}
