/** How far a running task is. In memory only: a tick of progress is never worth a durable write. */
import type { Task } from "../core/task.ts";

export class LiveProgress {
  readonly #percent = new Map<string, number>();

  /** Percent never goes back while we run. */
  set(id: string, percent: number): void {
    const whole = Math.min(99, Math.max(1, Math.floor(percent)));
    this.#percent.set(id, Math.max(whole, this.#percent.get(id) ?? 1));
  }

  has(id: string): boolean {
    return this.#percent.has(id);
  }

  forget(id: string): void {
    this.#percent.delete(id);
  }

  percent(task: Task): number {
    switch (task.state) {
      case "pending":
        return 0;
      case "completed":
        return 100;
      default:
        return this.#percent.get(task.id) ?? (task.startedAt === null ? 0 : 1);
    }
  }
}
