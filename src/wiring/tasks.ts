/** The life of tasks: who does the work, the queue, the engine, what is watched, and what is told at the end. */
import { join } from "node:path";
import { ReelayError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { Engine } from "../engine/engine.ts";
import { Queue } from "../engine/queue.ts";
import { openWheel } from "../engine/wheel.ts";
import type { Measured } from "../media/codec.ts";
import { inspectFile } from "../media/inspect.ts";
import { openFetcher } from "../net/fetch-file.ts";
import { openPoster, screenCallback } from "../net/post.ts";
import { openAdmission } from "../tasks/admission.ts";
import { type Deliverer, openDeliverer, type Telling } from "../tasks/deliver.ts";
import { openEvents } from "../tasks/events.ts";
import type { GatewayParts, TaskView } from "../tasks/gateway.ts";
import type { Health } from "../tasks/health.ts";
import { type Hooks, openHooks } from "../tasks/hooks.ts";
import { lookForLate } from "../tasks/late.ts";
import { LiveProgress } from "../tasks/live.ts";
import { resumeOpenTasks } from "../tasks/resume.ts";
import { openRouter } from "../tasks/route.ts";
import { openSeats } from "../tasks/seats.ts";
import { sweep } from "../tasks/sweep.ts";
import { openTurns } from "../tasks/turns.ts";
import { viewTask } from "../tasks/view.ts";
import { openWatcher, type Seen, type Watch } from "../tasks/watch.ts";
import { makeVideo, type WorkflowParts } from "../tasks/workflow.ts";
import type { Base } from "./base.ts";
import { openExtras } from "./extras.ts";
import { openRounds } from "./rounds.ts";
import { openSupply } from "./supply.ts";

export interface Tasks {
  readonly parts: GatewayParts;
  readonly deliverer: Deliverer;
  readonly hooks: Hooks;
  readonly health: Health;
  /** Takes up what an earlier process left open, and begins to sweep. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

export interface TasksOptions {
  readonly accepting: () => boolean;
  /** What a task's webhook is sent, as the dialect that made it has it. */
  readonly tell: (view: TaskView) => Telling;
}

const HOUR_MS = 3_600_000;
const SWEEP_EVERY_MS = 600_000;
const LATE_EVERY_MS = 60_000;
/** A result of hours may be gigabytes; what matters is that bytes keep coming. */
const RESULT_LIMITS = { totalMs: 1_800_000 };
/** Results on their way at once. */
const FETCHING = 16;
/** Beyond a task's deadline: a provider may read its inputs again. */
const LINK_MS = HOUR_MS;
/** Runs awake at once: fetching inputs, handing over, collecting. Parked ones are not counted. */
const AWAKE = 64;

export async function openTasks(base: Base, { accepting, tell }: TasksOptions): Promise<Tasks> {
  const { config, log, clock, store, urlRules } = base;
  const supply = await openSupply(base);
  const { catalog, providers, health, reachableUrl } = supply;
  const logError = (event: string, fields: Record<string, unknown>): void => log("error", event, fields);
  const live = new LiveProgress();
  const events = openEvents();
  const wheel = openWheel();
  // Work of a provider that is gone starts at once, to end with that sentence instead of waiting for ever.
  const queue = new Queue((resource) => providers.get(resource)?.concurrency ?? Number.POSITIVE_INFINITY);
  const onEnd = (id: string): void => {
    events.publish(id);
    deliverer.wake();
  };
  const watcher = openWatcher({
    providers,
    wheel,
    clock,
    random: Math.random,
    onProgress: (id, percent) => {
      // Once, not at every tick: a durable write for each look is what makes pollers slow.
      const first = !live.has(id);
      live.set(id, percent);
      if (!first) return events.publish(id);
      store.startTask(id, clock.now()).then(
        () => events.publish(id),
        (error: unknown) => log("error", "start-unsaved", { task: id, error }),
      );
    },
    onCheckFailed: (id, provider, error) => log("warn", "check-failed", { task: id, provider, error }),
  });
  const router = openRouter({
    ...supply,
    isFull: (provider) => queue.isFull(provider),
    random: Math.random,
  });
  const hooks = openHooks({
    ...base,
    ...supply,
    nudge: (id) => engine.nudge(id),
    holderOf: watcher.holderOf,
  });
  const fetchResult = openFetcher({ ...urlRules, limits: RESULT_LIMITS });
  const workflow: WorkflowParts = {
    ...base,
    catalog,
    providers,
    health,
    router,
    live,
    hooks,
    onEnd,
    submitTurn: supply.submitTurn,
    linkFor: (provider, file) => {
      const reachable = reachableUrl(provider);
      return reachable === null
        ? null
        : base.links.sign(file, clock.now() + LINK_MS + config.taskDeadlineSeconds * 1000, reachable);
    },
    failover: {
      reasons: config.failover,
      attempts: config.attempts,
      costPercent: config.attemptsCost,
    },
    measure: async (path) => (await base.measure.run("measure", { path })) as Measured,
    extras: await openExtras(base.previews, { folder: join(config.dataDir, "extras"), log }),
    fetching: openSeats(FETCHING),
    fetchResult: async (url, options) => (await fetchResult.open(url, options)).body,
    deadlineMs: config.taskDeadlineSeconds * 1000,
    log: logError,
  };
  const engine = new Engine<Watch, Seen>({
    store,
    queue,
    watcher,
    wheel,
    awake: AWAKE,
    newIntent: () => newId("att", clock.now()),
    onLost: (id, error) => log("error", "run-lost", { task: id, error }),
    workflow: makeVideo(workflow),
  });
  const parts: GatewayParts = {
    ...base,
    catalog,
    providers,
    router,
    inspect: inspectFile,
    screenCallback: (url, field) => checkCallback(base, url, field),
    engine,
    queue,
    live,
    events,
    logError,
    accepting,
    admission: openAdmission(queue, { open: config.maxOpenTasks, waitingOfKey: config.maxWaitingPerKey }),
    uploadTurns: openTurns(),
    onEnd,
    limits: {
      uploadMaxBytes: config.uploadMaxBytes,
      uploadStorageBytes: config.uploadStorageBytes,
      uploadMs: config.uploadHours * HOUR_MS,
      linkMs: config.linkHours * HOUR_MS,
      keepTasksMs: config.taskDays * 24 * HOUR_MS,
    },
  };
  const deliverer = openDeliverer({
    store,
    clock,
    log,
    post: openPoster(urlRules).post,
    tellsTwice: async (id) => (await store.readTask(id))?.test?.webhook === "twice",
    render: async (id) => {
      const task = await store.readTask(id);
      return task && tell(await viewTask(parts, task));
    },
  });
  const stopping = new AbortController();
  const onFailed = (error: unknown): void => log("error", "round-failed", { error });
  const late = openRounds(LATE_EVERY_MS, () => lookForLate(workflow, stopping.signal), onFailed);
  const sweeps = openRounds(SWEEP_EVERY_MS, () => sweepOnce(base), onFailed);

  return {
    parts,
    deliverer,
    hooks,
    health,
    async resume() {
      await resumeOpenTasks(workflow, engine);
      deliverer.wake();
      late.begin();
      sweeps.begin();
    },
    async close() {
      stopping.abort();
      await Promise.all([late.close(), sweeps.close()]);
      await engine.close();
      await deliverer.close();
      wheel.close();
      await supply.close();
    },
  };
}

async function sweepOnce(base: Base): Promise<void> {
  const swept = await sweep({ ...base, keepTasksMs: base.config.taskDays * 24 * HOUR_MS });
  if (swept.files + swept.tasks > 0) base.log("info", "swept", { ...swept });
}

function checkCallback({ urlRules }: Base, url: string, field = "callback_url"): void {
  try {
    screenCallback(url, urlRules);
  } catch (error) {
    if (!(error instanceof ReelayError)) throw error;
    const message = `"${field}": ${error.message}`;
    throw new ReelayError("invalid_parameters", message, {
      problems: [{ field, message }],
      cause: error,
    });
  }
}
