import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "animatic/**/*.test.ts", "test/**/*.test.ts"],
    // Real servers, real files, real renders: generous limits.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One file more at once than the two cores that this is meant for: most wait for a server half of their time.
    maxWorkers: 3,
  },
});
