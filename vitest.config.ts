import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "animatic/**/*.test.ts", "test/**/*.test.ts"],
    // Real servers, real files, real renders: generous limits, and as many files at once as there are cores.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
