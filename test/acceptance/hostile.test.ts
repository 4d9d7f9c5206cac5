/** Files that want to do harm, sent to a real server in every way that files come in. `npm run hostile` sends more. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attack, cutsOf, ownClip, residentMib } from "../hostile/assault.ts";
import { hostile, references } from "../media/hostile.ts";
import { CUT_BYTES, wholeFiles } from "../media/whole.ts";
import { create, IDS, tryUpload, waitForEnd } from "../support/api.ts";
import { type Server, startServer } from "../support/server.ts";

const MOST_GROWTH_MIB = 100;
/** From cut to cut, in bytes: no multiple of what headers are measured in. */
const STEP = 331;

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.discard());

const corpus = hostile();

/** One after another before, between and after, so that growth and not warming up is measured. */
async function warmUp(): Promise<number> {
  for (let i = 0; i < 30; i++) await tryUpload(server, corpus["a JPEG of no rows"]!);
  return residentMib(server);
}

describe.skipIf(process.platform !== "linux")("the server", () => {
  test("takes or refuses each with a reason, ends every task, and grows by less than 100 MiB", async () => {
    const before = await warmUp();
    const all = { ...corpus, ...references(Number(new URL(server.url).port)) };
    const losses = await attack(server, { name: "all", files: () => Object.entries(all) });
    expect(losses.faults).toEqual([]);
    expect(losses).toMatchObject({ files: Object.keys(all).length, killed: 0 });
    expect(losses.accepted).toBeGreaterThan(10);
    // What looks like a picture and is one is animated; the rest is the client's to mend.
    expect(losses.completed).toBeGreaterThan(0);
    expect(losses.failed).toBeGreaterThan(0);
    expect((await residentMib(server)) - before).toBeLessThan(MOST_GROWTH_MIB);
  });

  test("takes a file that is cut off for the whole of it, or stumbles over it", async () => {
    const whole = await wholeFiles(await ownClip(server), 320);
    const before = await warmUp();
    for (const name of Object.keys(whole)) {
      const files = () => cutsOf(whole, name, { most: CUT_BYTES, step: STEP });
      const losses = await attack(server, { name, files });
      expect(losses.faults).toEqual([]);
      expect(losses).toMatchObject({ files: Math.ceil(CUT_BYTES / STEP), killed: 0 });
      // A shorter sound is a sound.
      if (!/^(wav|mp3)/.test(name)) expect(losses).toMatchObject({ completed: 0 });
    }
    expect((await residentMib(server)) - before).toBeLessThan(MOST_GROWTH_MIB);
    const body = { model: IDS.pixverseText, prompt: "a hill", resolution: "360p", duration: 1 };
    const good = await create(server, body);
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
    expect((await residentMib(server)) - before).toBeLessThan(MOST_GROWTH_MIB);
    listener.close();
  });
});
