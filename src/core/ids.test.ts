import { expect, it } from "vitest";
import { newUploadId } from "./ids.ts";

it("of uploads are ids that a file store takes", () => {
  const made = 1_757_165_031_000;
  expect(newUploadId(made)).toMatch(/^file-1757165031-[a-z0-9]+$/);
  expect(newUploadId(made)).toMatch(/^[a-z0-9_-]{16,64}$/);
});
