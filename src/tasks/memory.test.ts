import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const CHILD = fileURLToPath(new URL("./testing/parked-tasks.ts", import.meta.url));
const MOST_BYTES = 2048;

it("a task that waits for its provider holds at most 2 KB in engine, queue and watcher together", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", CHILD, "10000"]);
  const { tasks, bytesPerTask } = JSON.parse(stdout) as { tasks: number; bytesPerTask: number };
  console.log(`${tasks} parked tasks: ${bytesPerTask} bytes each`);
  expect(tasks).toBe(10_000);
  expect(bytesPerTask).toBeGreaterThan(100);
  expect(bytesPerTask).toBeLessThanOrEqual(MOST_BYTES);
});
