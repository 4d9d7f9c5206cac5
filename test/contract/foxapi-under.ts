/** What the tests of FoxAPI share: a stand-in for each test, providers that are closed after it, and work in our own names. */
import { afterEach, beforeEach, expect } from "vitest";
import { withIdentityRoute } from "../../src/catalog/identity-route.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { Provider, Submission } from "../../src/core/provider.ts";
import type { ProviderOptions } from "../../src/core/provider-kind.ts";
import { foxapi } from "../../src/providers/foxapi.ts";
import { startFoxapi } from "../standins/foxapi.ts";
import { type Ask, type StandIn, startStandIn } from "../standins/standin.ts";
import { NEVER } from "./provider-samples.ts";
import { openKind } from "./under.ts";
import { catalog, workFor } from "./work.ts";

export const KEY = "sk-5eCr3t-of-the-operator";
export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const MODELS = withIdentityRoute(catalog, "foxapi").models;

export function modelOf(id: string) {
  const model = MODELS.get(id);
  if (!model) throw new Error(`no model ${id}`);
  return model;
}

/** The body of a call that tells of a ticket's task. */
export function bodyOf(ticket: Json): Uint8Array {
  const { id } = ticket as { id: string };
  return Buffer.from(JSON.stringify({ id, status: "completed", progress: 100 }));
}

interface Asked {
  readonly model?: string;
  readonly body?: JsonObject;
  readonly webhookUrl?: string | null;
  readonly links?: boolean;
}

export function work(
  script: string,
  { model = "pixverse-v6-text-to-video", body, ...rest }: Asked = {},
): Submission {
  return workFor({
    kind: "foxapi",
    model: modelOf(model),
    body: (token) => ({ prompt: `A fox ${token}. script: ${script}`, ...body }),
    ...rest,
  });
}

export async function prepared(provider: Provider, asked: Submission): Promise<Submission> {
  return { ...asked, prepared: (await provider.prepare?.(asked, NEVER)) ?? null };
}

export async function ticketOf(provider: Provider, script: string): Promise<Json> {
  const submitted = await provider.submit(work(script), NEVER);
  if (!("accepted" in submitted)) throw new Error(JSON.stringify(submitted));
  return submitted.accepted;
}

interface Scene {
  standIn(): StandIn;
  /** Another stand-in in place of the one that every test begins with. */
  start(options?: Partial<Parameters<typeof startFoxapi>[0]>): Promise<void>;
  open(settings?: Readonly<Record<string, string>>, given?: Partial<ProviderOptions>): Promise<Provider>;
  /** A provider whose other side gives one answer to everything. */
  openBehind(status: number, body: unknown): Promise<Provider>;
  creates(): readonly Ask[];
}

/** Every test of the file ends without a complaint of the stand-in. */
export function useFoxapi(): Scene {
  let standIn: StandIn;
  const opened: Provider[] = [];
  const scene: Scene = {
    standIn: () => standIn,
    async start(options = {}) {
      await standIn.close();
      standIn = await startFoxapi({ key: KEY, ...options });
    },
    async open(settings = {}, given = {}) {
      const one = await openKind(foxapi, { baseUrl: standIn.url, key: KEY, settings, ...given });
      opened.push(one);
      return one;
    },
    async openBehind(status, body) {
      await standIn.close();
      standIn = await startStandIn({ answer: () => ({ status, body }) });
      return scene.open();
    },
    creates: () => standIn.asks.filter(({ path }) => path === "/v1/videos/generations"),
  };
  beforeEach(async () => {
    standIn = await startFoxapi({ key: KEY });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close?.()));
    const { complaints } = standIn;
    await standIn.close();
    expect(complaints).toEqual([]);
  });
  return scene;
}
