/** Who is watching which task, in this process. An event says only that something changed: read the task to see what. */
export interface TaskEvents {
  publish(taskId: string): void;
  /** Returns what ends the subscription. */
  subscribe(taskId: string, listener: () => void): () => void;
}

export function openEvents(): TaskEvents {
  const listeners = new Map<string, Set<() => void>>();
  return {
    publish(taskId) {
      for (const listener of listeners.get(taskId) ?? []) {
        try {
          listener();
        } catch {
          // It is about a task and nobody's but its watcher's: the others must hear of it all the same.
        }
      }
    },
    subscribe(taskId, listener) {
      const those = listeners.get(taskId) ?? new Set();
      listeners.set(taskId, those.add(listener));
      return () => {
        those.delete(listener);
        if (those.size === 0 && listeners.get(taskId) === those) listeners.delete(taskId);
      };
    },
  };
}
