/** `reelay task show ID`: one task and every attempt at it, for an operator who wants to know where it went. */
import { toCredits } from "../core/money.ts";
import type { AttemptLine, TaskFile } from "../tasks/task-desk.ts";
import { asOperator } from "./door.ts";
import { UsageError } from "./usage-error.ts";

const USAGE = "Usage: reelay task show ID";

export async function run([verb, id, ...more]: readonly string[]): Promise<number> {
  if (verb !== "show" || id === undefined || more.length > 0) throw new UsageError(USAGE);
  return asOperator(async ({ tasks }) => {
    const file = await tasks.show(id);
    if (file) process.stdout.write(text(file));
    else process.stderr.write(`There is no task ${id}.\n`);
    return file ? 0 : 1;
  });
}

function text({ task, attempts }: TaskFile): string {
  const ended = task.finishedAt === null ? "" : `, ended ${new Date(task.finishedAt).toISOString()}`;
  const lines = [
    `${task.id}  ${task.model}  ${task.state}  key ${task.keyId}`,
    `made ${new Date(task.createdAt).toISOString()}${ended}`,
    `billing ${task.billing.state} ${toCredits(task.billing.amount)}`,
    ...(task.error ? [`error ${task.error.code}: ${task.error.message}`] : []),
    ...(attempts.length === 0 ? [`waits for ${task.provider}`] : attempts.map(attemptText)),
  ];
  return `${lines.join("\n")}\n`;
}

function attemptText({ number, provider, endpoint, at, state, code, message }: AttemptLine): string {
  const when = at === null ? "" : `  ${new Date(at).toISOString()}`;
  const why = code === null ? "" : `  ${code}: ${message}`;
  return `attempt ${number}  ${provider}  ${endpoint}${when}  ${state}${why}`;
}
