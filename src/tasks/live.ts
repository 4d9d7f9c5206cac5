/** How far a running task is. In memory only: a tick of progress is never worth a durable write. */
import { isTerminal, type Task } from "../core/task.ts";

export class LiveProgress {
  readonly #percent = new Map<string, number>();

  /** Percent never goes back while we run. */
  set(id: string, percent: number): void {
    const whole = Math.min(99, Math.max(1, Math.floor(percent)));
    this.#percent.set(id, Math.max(whole, this.#percent.get(id) ?? 1));
  }

  /** The last percent told, 0 where there was none. */
  reached(id: string): number {
    return this.#percent.get(id) ?? 0;
  }

  has(id: string): boolean {
    return this.#percent.has(id);
  }

  forget(id: string): void {
    this.#percent.delete(id);
  }

  percent(task: Task): number {
    if (isTerminal(task.state)) return task.progress;
    return task.state === "pending" ? 0 : (this.#percent.get(task.id) ?? 1);
  }
}
