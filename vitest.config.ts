import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Those that start servers come first: the longest of them are short files, which would else run last and alone. */
class ServersFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const startsServers = ({ moduleId }: TestSpecification): boolean => moduleId.includes("/test/");
    return [...sorted.filter(startsServers), ...sorted.filter((file) => !startsServers(file))];
  }
}

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "animatic/**/*.test.ts", "test/**/*.test.ts"],
    // Real servers, real files, real renders: generous limits.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One file more at once than the two cores that this is meant for: most wait for a server half of their time.
    maxWorkers: 3,
    sequence: { sequencer: ServersFirst },
  },
});
