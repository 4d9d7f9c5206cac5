/** The settings on the page of this dialect; its blocks are run with those of the other pages. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../support/run.ts";
import { startServer } from "../support/server.ts";

test("the names of the page's settings do not stand for what it says", async () => {
  const page = await readFile(join(ROOT, "docs/pages/en/openai-videos.md"), "utf8");
  const folder = await mkdtemp(join(tmpdir(), "openai-docs-"));
  await writeFile(join(folder, "reelay.toml"), /^```toml\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? "?");
  const server = await startServer({ REELAY_CONFIG: join(folder, "reelay.toml") });
  try {
    const answer = await fetch(`${server.url}/v1/videos`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.key}`, "content-type": "application/json" },
      body: JSON.stringify({ prompt: "waves", seconds: 1 }),
    });
    expect(await answer.json()).toMatchObject({ object: "video", model: "pixverse-v6-text-to-video" });
  } finally {
    await server.discard();
    await rm(folder, { recursive: true });
  }
});
