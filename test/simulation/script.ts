/** What clients and operators do, and when. A client whose answer was lost asks again under the same name. */
import type { KeyRecord } from "../../src/core/store.ts";
import { isTerminal } from "../../src/core/task.ts";
import { cancelTask } from "../../src/tasks/cancel.ts";
import { submitTask } from "../../src/tasks/submit.ts";
import type { World } from "./check.ts";
import type { Life } from "./life.ts";
import { MODEL } from "./model.ts";
import type { Random } from "./random.ts";

interface ScriptParts {
  readonly world: World;
  readonly keys: readonly KeyRecord[];
  readonly random: Random;
  readonly wheel: { after(ms: number, due: () => void): () => void };
  readonly life: () => Life;
}

export interface Script {
  readonly mistakes: readonly string[];
  /** What is still to come. */
  left(): number;
  /** The server is about to do something, or has just done it. */
  onMoment(): void;
}

export const MOST_TASKS = 7;
/** Of a cancel at such a moment. */
const CANCEL_CHANCE = 0.002;

export function openScript({ world, keys, random, wheel, life }: ScriptParts): Script {
  let left = 0;
  const mistakes: string[] = [];
  const at = (ms: number, act: () => void): void => {
    left++;
    wheel.after(ms, () => {
      left--;
      act();
    });
  };
  const create = (name: string, key: KeyRecord): void => {
    const now = life();
    const newId = (): string => {
      const id = `${name}_${world.asked.size}`;
      world.asked.add(id);
      return id;
    };
    const request = {
      ...{ key, dialect: "d", model: MODEL.id, body: { prompt: name }, newId },
      callbackUrl: random.chance(0.5) ? "https://callback.test/" : null,
      idempotency: { key: name, fingerprint: name },
    };
    submitTask(now.parts, MODEL, request).then(
      ({ id }) => world.acknowledged.add(id),
      (error: { code?: string }) => {
        if (error.code !== "insufficient_credits") mistakes.push(`create of ${name}: ${error}`);
      },
    );
    at(random.between(1_000, 5_000), () => life() !== now && create(name, key));
  };
  const cancel = async (name: string): Promise<void> => {
    const { parts } = life();
    const id = [...world.asked].find((one) => one.startsWith(`${name}_`));
    const task = id === undefined ? undefined : await parts.store.readTask(id);
    if (!task || isTerminal(task.state)) return;
    await cancelTask(parts, task).catch((error: { code?: string }) => {
      if (error.code !== "task_not_cancellable") mistakes.push(`cancel of ${name}: ${error}`);
    });
  };
  for (let i = random.between(2, MOST_TASKS); i > 0; i--) {
    const name = `task${i}`;
    const when = random.between(0, 60_000);
    at(when, () => create(name, random.pick(keys)));
    if (random.chance(0.2)) at(when + random.between(0, 60_000), () => void cancel(name));
  }
  for (let i = random.between(0, 2); i > 0; i--) at(random.between(0, 300_000), () => life().kill());
  if (random.chance(0.3)) at(random.between(0, 300_000), () => life().close());
  const onMoment = (): void => {
    if (world.asked.size === 0 || !random.chance(CANCEL_CHANCE)) return;
    const name = random.pick([...world.asked]).replace(/_\d+$/, "");
    queueMicrotask(() => void cancel(name));
  };
  return { mistakes, left: () => left, onMoment };
}
