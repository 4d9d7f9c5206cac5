/** Takes up what an earlier process left open: first what was under way, which its provider may be working on, then what waited. */
import type { Clock } from "../core/clock.ts";
import type { Json } from "../core/json.ts";
import type { OpenTask, Store } from "../core/store.ts";
import type { Engine } from "../engine/engine.ts";
import type { OwnerRules } from "../engine/queue.ts";
import { isEnding } from "./fail.ts";
import { liveAttempt } from "./history.ts";
import type { Seen, Watch } from "./watch.ts";

export interface ResumeParts {
  readonly store: Pick<Store, "listOpenTasks" | "readKey" | "readSteps">;
  readonly clock: Clock;
  readonly deadlineMs: number;
}

/** When a task's work began; its deadline is counted from then. */
export const BEGUN_STEP = "begun";

export async function resumeOpenTasks(
  { store, clock, deadlineMs }: ResumeParts,
  engine: Pick<Engine<Watch, Seen>, "start" | "resume">,
): Promise<void> {
  const rules = new Map<string, OwnerRules>();
  const rulesOf = async (keyId: string): Promise<OwnerRules> => {
    const known = rules.get(keyId) ?? (await store.readKey(keyId)) ?? { priority: 0, concurrency: null };
    rules.set(keyId, known);
    return known;
  };
  const waiting: { readonly task: OpenTask; readonly begunAt: Json | undefined }[] = [];
  for (const task of await store.listOpenTasks()) {
    const steps = task.begun ? await store.readSteps(task.id) : new Map<string, Json>();
    // One that has begun and is with nobody takes its turn: it may have stood in its next provider's queue.
    if (liveAttempt(steps) || isEnding(steps)) engine.resume(toItem(task), await rulesOf(task.keyId));
    else waiting.push({ task, begunAt: steps.get(BEGUN_STEP) });
  }
  for (const { task, begunAt } of waiting) {
    const withinMs = begunAt === undefined ? undefined : Number(begunAt) + deadlineMs - clock.now();
    engine.start(toItem(task), await rulesOf(task.keyId), withinMs);
  }
}

function toItem({ id, keyId, provider }: OpenTask): { id: string; owner: string; resource: string } {
  return { id, owner: keyId, resource: provider };
}
