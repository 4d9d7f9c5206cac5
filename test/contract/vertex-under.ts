/** What the tests of Vertex AI share: a stand-in for each test, a key file, and providers that are closed after it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { Progress, Provider, Submission } from "../../src/core/provider.ts";
import { vertex } from "../../src/providers/vertex.ts";
import { type Ask, startStandIn } from "../standins/standin.ts";
import { KEY_FILE, startVertex, type Vertex } from "../standins/vertex.ts";
import { NEVER } from "./provider-samples.ts";
import { openKind } from "./under.ts";
import { workFor } from "./work.ts";

/** Where a test may write; gone after the file's last one. */
export const folder = mkdtempSync(join(tmpdir(), "reelay-vertex-"));
const credentials = join(folder, "key.json");
writeFileSync(credentials, JSON.stringify(KEY_FILE));
afterAll(() => rmSync(folder, { recursive: true }));

export function settingsFor({ url }: { readonly url: string }): Readonly<Record<string, string>> {
  return { credentials, token_url: `${url}/token`, storage_url: url };
}

export const STANDARD = "veo-3.1-image-to-video";

export function work(script: string, model = STANDARD, body: JsonObject = {}): Submission {
  const image = { image_url: "https://client.example/a" };
  return workFor({
    kind: "vertex",
    model,
    body: (token) => ({ prompt: `A fox ${token}. script: ${script}`, ...image, ...body }),
  });
}

interface Scene {
  standIn(): Vertex;
  provider(): Provider;
  /** Where it keeps files. */
  readonly scratch: string;
  /** Another provider; on the stand-in of the test where no URL is given. */
  open(settings?: Readonly<Record<string, string>>, url?: string): Promise<Provider>;
  ticketOf(script: string, from?: Provider): Promise<Json>;
  /** The end of work that takes no time. */
  end(script: string, from?: Provider): Promise<Progress>;
  /** Requests whose path has this in it. */
  asked(part: string): readonly Ask[];
}

/** Every test of the file ends without a complaint of the stand-in. */
export function useVertex(): Scene {
  let standIn: Vertex;
  let provider: Provider;
  const scratch = join(folder, "scratch");
  const opened: Provider[] = [];
  const scene: Scene = {
    standIn: () => standIn,
    provider: () => provider,
    scratch,
    async open(settings = {}, url = standIn.url) {
      const given = { ...settingsFor({ url }), ...settings };
      const one = await openKind(vertex, { baseUrl: url, scratch, settings: given });
      opened.push(one);
      return one;
    },
    async ticketOf(script, from = provider) {
      const submitted = await from.submit(work(script), NEVER);
      if (!("accepted" in submitted)) throw new Error(JSON.stringify(submitted));
      return submitted.accepted;
    },
    end: async (script, from = provider) =>
      from.check(await scene.ticketOf(`duration=0 ${script}`, from), NEVER),
    asked: (part) => standIn.asks.filter(({ path }) => path.includes(part)),
  };
  beforeEach(async () => {
    standIn = await startVertex();
    await mkdir(scratch, { recursive: true });
    provider = await scene.open();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close?.()));
    const { complaints } = standIn;
    await standIn.close();
    await rm(scratch, { recursive: true });
    expect(complaints).toEqual([]);
  });
  return scene;
}

/** An upstream that gives tokens, and one answer to everything else. */
export function startAnswering(status: number, body: unknown): ReturnType<typeof startStandIn> {
  return startStandIn({
    answer: ({ path }) =>
      path === "/token" ? { status: 200, body: { access_token: "t" } } : { status, body },
  });
}
