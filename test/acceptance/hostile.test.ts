/** Files that want to do harm, sent to a real server in every way that files come in. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostile, references } from "../media/hostile.ts";
import { call, create, IDS, tryUpload, waitForEnd } from "../support/api.ts";
import { type Server, startServer } from "../support/server.ts";

const MOST_GROWTH_MIB = 100;

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.discard());

/** Of the server's process, without its children. */
async function residentMib(): Promise<number> {
  const status = await readFile(`/proc/${server.child.pid}/status`, "latin1");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

const corpus = hostile();
const accepted: { readonly name: string; readonly url: string }[] = [];

/** One after another before, between and after, so that growth and not warming up is measured. */
async function warmUp(): Promise<number> {
  for (let i = 0; i < 30; i++) await tryUpload(server, corpus["a JPEG of no rows"]!);
  return residentMib();
}

describe.skipIf(process.platform !== "linux")("the server", () => {
  test("takes or refuses each with a reason, and grows by less than 100 MiB", async () => {
    const before = await warmUp();
    const { port } = new URL(server.url);
    for (const [name, bytes] of [...Object.entries(corpus), ...Object.entries(references(Number(port)))]) {
      for (const type of ["image/png", "video/mp4"]) {
        const answer = await tryUpload<{ url?: string; error?: { message: string } }>(server, bytes, {
          type,
        });
        expect([200, 400, 413, 415, 422], `${name}: ${answer.text}`).toContain(answer.status);
        if (answer.status === 200 && type === "image/png")
          accepted.push({ name, url: answer.body.url ?? "" });
        else if (answer.status !== 200) expect(answer.body.error?.message).toMatch(/\w/);
      }
    }
    expect(accepted.length).toBeGreaterThan(10);
    expect((await residentMib()) - before).toBeLessThan(MOST_GROWTH_MIB);
  });

  test("ends every task that is given one, and is as quick afterwards", async () => {
    const before = await warmUp();
    const bodies: readonly object[] = accepted.map(({ name, url }) =>
      name.includes("MP4") || name.includes("MOV")
        ? { model: IDS.wan, video_url: url, duration: 2, resolution: "720p", prompt: "x" }
        : { model: IDS.pixverseImage, image_url: url, duration: 1, resolution: "360p", prompt: "x" },
    );
    let started = 0;
    for (const body of bodies) {
      const answer = await call<{ id?: string }>(server, "/v1/videos/generations", {
        method: "POST",
        json: body,
      });
      expect([200, 400, 422], answer.text).toContain(answer.status);
      if (!answer.body.id) continue;
      started++;
      const task = await waitForEnd(server, answer.body.id);
      // What looks like a picture and is one is animated; the rest is the client's to mend.
      if (task.status === "failed") expect(task.error?.code).toMatch(/image|video|file|media|input|invalid/i);
    }
    expect(started).toBeGreaterThan(0);
    expect((await residentMib()) - before).toBeLessThan(MOST_GROWTH_MIB);
    const good = await create(server, {
      model: IDS.pixverseText,
      prompt: "a hill",
      resolution: "360p",
      duration: 1,
    });
    expect((await waitForEnd(server, good.id)).status).toBe("completed");
  });

  test("is not hurt by what comes over the network", async () => {
    const before = await warmUp();
    let asked = 0;
    const names = Object.keys(corpus);
    const listener = createServer((request, response) => {
      asked++;
      const bytes = corpus[names[Number(request.url?.slice(1))] ?? ""];
      response.writeHead(200, { "content-type": "image/png" }).end(bytes);
    });
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const { port } = listener.address() as AddressInfo;
    const tasks: string[] = [];
    for (const [index] of names.entries()) {
      const image_url = `http://127.0.0.1:${port}/${index}`;
      tasks.push(
        (
          await create(server, {
            model: IDS.pixverseImage,
            image_url,
            duration: 1,
            resolution: "360p",
            prompt: "x",
          })
        ).id,
      );
    }
    for (const id of tasks) await waitForEnd(server, id);
    expect(asked).toBe(names.length);
    expect((await residentMib()) - before).toBeLessThan(MOST_GROWTH_MIB);
    listener.close();
  });
});
