import { expect, it } from "vitest";
import { newUploadId, UPLOAD_IDS } from "./ids.ts";

it("of uploads are ids that a file store takes", () => {
  const made = 1_757_165_031_000;
  expect(newUploadId(made)).toMatch(/^file-1757165031-[a-z0-9]+$/);
  expect(newUploadId(made)).toMatch(/^[a-z0-9_-]{16,64}$/);
});

it("of uploads are found in a request that names them, each whole", () => {
  const [first, second] = [newUploadId(1_757_165_031_000), newUploadId(1_757_165_032_000)];
  const request = JSON.stringify({
    image_url: `http://localhost/files/${first}/a.jpg?signature=x`,
    clips: [`https://v.example/files/${second}/file.mp4`],
  });
  expect(request.match(UPLOAD_IDS)).toEqual([first, second]);
});
