/** A key's own videos: one, whatever its state, or one that is there to be watched. */
import { ReelayError } from "../../../core/errors.ts";
import type { KeyRecord } from "../../../core/store.ts";
import type { Gateway, ResultView, TaskView } from "../../../tasks/gateway.ts";
import { DIALECT, memoOf, videoOf, wireStatus } from "./wire.ts";
import { sentenceSaid } from "./words.ts";

/** Throws `task_not_found`, in words that clients of this dialect look for. */
export async function readVideo(
  gateway: Pick<Gateway, "read">,
  key: KeyRecord,
  id: string,
): Promise<TaskView> {
  return gateway.read(key, DIALECT, id).catch(notFound(id));
}

export function notFound(id: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof ReelayError) || error.code !== "task_not_found") throw error;
    const message = `Video not found: this key has none with the id ${JSON.stringify(id.slice(0, 120))}.`;
    throw new ReelayError("task_not_found", message, { cause: error });
  };
}

/** Why there is no video yet, or never will be. */
function whyNoVideo(view: TaskView): string {
  const { task, progress } = view;
  if (task.state === "pending" || task.state === "processing")
    return `Video ${task.id} is ${wireStatus(task.state)}, at ${progress} percent: read GET /v1/videos/${task.id} until its status is completed.`;
  const why = sentenceSaid(memoOf(task).said, task.error?.message ?? "");
  return `Video ${task.id} has failed and has no content. ${why}`.trim();
}

/** Throws `not_found` with the state. */
export function requireVideo(view: TaskView): ResultView {
  const video = videoOf(view);
  if (video) return video;
  const message = whyNoVideo(view);
  const received = wireStatus(view.task.state);
  throw new ReelayError("not_found", message, {
    problems: [{ field: "status", message, received, allowed: "completed" }],
  });
}
