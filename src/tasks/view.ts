/** A task's record as its owner may see it: with progress from memory, links to its results, and its place in the queue. */
import { secondsAsked } from "../catalog/asked.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { pageOf } from "../catalog/page.ts";
import { taskInPageWords } from "../catalog/page-words.ts";
import type { FileRecord, Task } from "../core/task.ts";
import { isTerminal } from "../core/task.ts";
import type { GatewayParts, TaskView } from "./gateway.ts";

export async function viewTask(parts: GatewayParts, task: Task): Promise<TaskView> {
  // A failed task may have late results; a cancelled one never has any.
  const ended = task.state === "completed" || task.state === "failed";
  const files = ended ? await parts.store.listResults(task.id) : [];
  const extras = files.length > 0 ? await parts.store.listExtras(task.id) : [];
  const link = (file: FileRecord): string => parts.links.sign(file, linkEnd(parts, file));
  const model = parts.catalog.models.get(task.model);
  const page = model && pageOf(model, task.dialect);
  return {
    task: page ? taskInPageWords(page, task) : task,
    page: page ?? null,
    at: parts.clock.now(),
    progress: parts.live.percent(task),
    seconds: secondsOf(parts.catalog, task),
    canCancel: !isTerminal(task.state),
    results: files.map((file) => ({
      file,
      url: link(file),
      extras: Object.fromEntries(
        extras
          .filter(({ meta }) => meta.of === file.id)
          .map((extra) => [extra.meta.extra, { file: extra, url: link(extra) }]),
      ),
      linkFor: (ms) => parts.links.sign(file, parts.clock.now() + ms),
    })),
    keptUntil: task.finishedAt === null ? null : task.finishedAt + parts.limits.keepTasksMs,
    queuePosition: task.state === "pending" ? (parts.queue.position(task.id) ?? null) : null,
  };
}

/** The same link until it expires, so that a client can cache it; after that a fresh one on every read. */
function linkEnd({ limits, clock }: GatewayParts, file: FileRecord): number {
  const first = file.createdAt + limits.linkMs;
  return first > clock.now() ? first : clock.now() + limits.linkMs;
}

/** NaN where the model has left the catalogue since the task was made. */
function secondsOf(catalog: Catalog, task: Task): number {
  const model = catalog.models.get(task.model);
  return model ? secondsAsked(model, task.input) : Number.NaN;
}
