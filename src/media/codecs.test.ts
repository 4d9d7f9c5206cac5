import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { describeCodecs, findCodec } from "./codecs.ts";

const dir = mkdtempSync(join(tmpdir(), "codecs-test-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Tools that say what they are and do nothing; the path of the `ffmpeg` among them. */
function fakeTools(
  name: string,
  { version, encoders }: { version: string; encoders: readonly string[] },
): string {
  const folder = mkdtempSync(join(dir, `${name}-`));
  const list = encoders.map((each) => ` V....D ${each}  an encoder`).join("\n");
  for (const tool of ["ffmpeg", "ffprobe"]) {
    const path = join(folder, tool);
    const script = `case "$*" in *-encoders*) echo '${list}';; *) echo '${tool} version ${version} Copyright';; esac`;
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }
  return join(folder, "ffmpeg");
}

/** What findCodec gives or says in a process without node-av and with an empty PATH. */
async function findWithout(ffmpegPath?: string): Promise<string> {
  const hide = `import { registerHooks } from "node:module";
    const missing = Object.assign(new Error("hidden"), { code: "ERR_MODULE_NOT_FOUND" });
    registerHooks({ resolve(name, context, next) {
      if (name.startsWith("node-av")) throw missing;
      return next(name, context);
    } });`;
  const codecs = new URL("./codecs.ts", import.meta.url).href;
  const program = `const { findCodec } = await import(${JSON.stringify(codecs)});
    await findCodec(${JSON.stringify({ ffmpegPath })}).then((c) => c.version, (e) => e.message).then(console.log)`;
  const args = [
    "--import",
    `data:text/javascript,${encodeURIComponent(hide)}`,
    "--input-type=module",
    "-e",
    program,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { PATH: "/nonexistent" } });
  return stdout.trim();
}

describe.skipIf(process.platform === "win32")("the ffmpeg tools", () => {
  const complete = ["libx264", "aac"];

  test.each([
    { version: "4.4.2-0ubuntu0.22.04.1", encoders: complete, says: "ffmpeg 4.4.2" },
    { version: "n7.1", encoders: complete, says: "ffmpeg 7.1" },
    { version: "N-118000-g1234567", encoders: complete, says: "ffmpeg N" },
    { version: "4.3.6-0+deb11u1", encoders: complete, says: "ffmpeg 4.3.6 is older than 4.4" },
    { version: "5.1.9", encoders: ["aac"], says: "ffmpeg 5.1.9 was built without libx264" },
    { version: "5.1.9", encoders: ["libx264rgb"], says: "ffmpeg 5.1.9 was built without libx264 and aac" },
  ])("$version with $encoders: $says", async ({ says, ...tools }) => {
    expect(await findWithout(fakeTools("tools", tools))).toContain(says);
  });

  test("where nothing is there the error names both ways to get a codec", async () => {
    const said = await findWithout();
    expect(said).toContain("install ffmpeg 4.4 or newer");
    expect(said).toContain("npm install --include=optional");
    expect(said).toContain("ffmpeg was not found");
    expect(said).toContain("node-av: not installed");
  });
});

test("a codec that is preferred but missing gives way to the other, and the report says why", async () => {
  const choice = { ffmpegPath: join(dir, "nowhere", "ffmpeg"), prefer: "ffmpeg" as const };
  const [preferred, other] = await describeCodecs(choice);
  expect(preferred).toEqual({ id: "ffmpeg", version: null, problem: `${choice.ffmpegPath} was not found` });
  if (other?.version) expect((await findCodec(choice)).id).toBe("node-av");
  else await expect(findCodec(choice)).rejects.toThrow("No video codec was found");
});
