/** A process of its own: parks many tasks in engine, queue and watcher, and prints what one of them holds in memory. */
import type { Json } from "../../core/json.ts";
import type { Progress, Provider } from "../../core/provider.ts";
import { Engine } from "../../engine/engine.ts";
import { Queue } from "../../engine/queue.ts";
import { openWheel } from "../../engine/wheel.ts";
import { LiveProgress } from "../live.ts";
import { openWatcher, type Seen, type Watch } from "../watch.ts";

const TASKS = Number(process.argv[2]);

const live = new LiveProgress();
const wheel = openWheel();
const looked = new Set<Json>();
const check = async (ticket: Json): Promise<Progress> => {
  looked.add(ticket);
  return { state: "processing", progress: 50 };
};
const provider = { id: "upstream", pollEveryMs: 600_000, checksPerSecond: 1e9, check } as unknown as Provider;
const watcher = openWatcher({
  ...{
    providers: new Map([[provider.id, provider]]),
    wheel,
    clock: { now: () => Date.now() },
    random: Math.random,
  },
  onProgress: (id, percent) => live.set(id, percent),
  onCheckFailed: () => undefined,
});
const engine = new Engine<Watch, Seen>({
  store: { readSteps: async () => new Map(), saveStep: async () => undefined },
  workflow: async (run) => {
    const now = Date.now();
    // As the store gives it: a string and an object of its own for each task.
    const ticket = JSON.parse(JSON.stringify({ job: `job-of-the-upstream-${run.id}` })) as Json;
    await run.poll({
      provider: provider.id,
      ticket,
      begunAt: now,
      handedOverAt: now,
      deadlineAt: now + 3_600_000,
      expectedSeconds: 60,
    });
  },
  queue: new Queue(() => TASKS),
  ...{ watcher, wheel, awake: 64, newIntent: () => "", onLost: () => undefined },
});

const used = (): number => {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
};

async function park(name: string, count: number): Promise<void> {
  looked.clear();
  for (let i = 0; i < count; i++) {
    const id = JSON.parse(JSON.stringify(`task_${name}${String(i).padStart(15, "0")}`)) as string;
    engine.start({ id, owner: `key_${i % 50}`, resource: provider.id }, { priority: 0, concurrency: null });
  }
  while (looked.size < count) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 20));
  looked.clear();
}

// What is compiled and cached on the way is not a task's.
await park("warm", Math.min(500, TASKS / 2));
const before = used();
const parkedBefore = engine.open;
await park("full", TASKS - parkedBefore);
const bytes = (used() - before) / (engine.open - parkedBefore);
process.stdout.write(`${JSON.stringify({ tasks: engine.open, bytesPerTask: Math.round(bytes) })}\n`);
await engine.close();
wheel.close();
