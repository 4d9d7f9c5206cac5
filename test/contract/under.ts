/** A provider of some kind against its stand-in, as the suite wants it. */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { afterEach, expect } from "vitest";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { CatalogModel } from "../../src/core/model.ts";
import type { Output, Provider, Submission, WebhookCall } from "../../src/core/provider.ts";
import type { ProviderKind, ProviderOptions } from "../../src/core/provider-kind.ts";
import { type StandIn, startStandIn } from "../standins/standin.ts";
import { type Behaviour, NEVER, type ProviderUnderTest } from "./provider-samples.ts";
import { workFor } from "./work.ts";

export interface Setup {
  readonly kind: ProviderKind;
  readonly start: () => Promise<StandIn>;
  /** The key that the stand-in takes. */
  readonly key?: string;
  /** What may be in no error and no ticket, where it is not the key. */
  readonly secret?: string;
  /** Its own settings, beside their fallbacks. */
  readonly settings?: (standIn: StandIn) => Readonly<Record<string, string>>;
  /** The words of `fake-script.ts` for each behaviour that it can have. */
  readonly scripts: Readonly<Partial<Record<Behaviour, string>>>;
  readonly model: string | CatalogModel;
  /** A body for the model, without its prompt. */
  readonly body: JsonObject;
  readonly told?: (
    ticket: Json,
    about: { readonly work: Submission; readonly standIn: StandIn },
  ) => Promise<WebhookCall>;
  readonly reconcileMs?: number;
}

export function underTest(setup: Setup): () => Promise<ProviderUnderTest> {
  return async () => {
    const { kind, key } = setup;
    const standIn = await setup.start();
    const scratch = await mkdtemp(join(tmpdir(), "reelay-scratch-"));
    const given: Partial<ProviderOptions> = {
      scratch,
      ...(key === undefined ? {} : { key }),
      ...(setup.reconcileMs === undefined ? {} : { reconcileMs: setup.reconcileMs }),
      settings: setup.settings?.(standIn) ?? {},
    };
    const reopen = async (): Promise<Provider> => openKind(kind, { ...given, baseUrl: standIn.url });
    const provider = await reopen();
    const behind: { readonly provider: Provider; readonly standIn: StandIn }[] = [];
    const unreachable = await openKind(kind, { ...given, baseUrl: `http://127.0.0.1:${await deadPort()}` });
    return {
      provider,
      unreachable,
      reopen,
      async behind(reply) {
        const wall = await startStandIn({ answer: () => reply });
        const one = await openKind(kind, { ...given, baseUrl: wall.url });
        behind.push({ provider: one, standIn: wall });
        return one;
      },
      secret: setup.secret ?? key ?? "no secret at all",
      async work(behaviour) {
        const script = setup.scripts[behaviour];
        if (script === undefined) throw new Error(`there is no script for ${behaviour}`);
        const make = (id: string): JsonObject => ({
          ...setup.body,
          prompt: `A fox ${id}. script: ${script}`,
        });
        const work = workFor({ kind: kind.kind, model: setup.model, body: make });
        const prepared = (await provider.prepare?.(work, NEVER)) ?? null;
        return { ...work, prepared };
      },
      accepts: ({ attemptId }) => standIn.accepts(tokenOf(attemptId)),
      submits: ({ attemptId }) => standIn.submits(tokenOf(attemptId)),
      async told(ticket, work) {
        if (!setup.told) throw new Error("this provider tells nothing");
        return setup.told(ticket, { work, standIn });
      },
      read: readOutput,
      complaints: standIn.complaints,
      async destroy() {
        await Promise.all(
          [provider, unreachable, ...behind.map((one) => one.provider)].map((one) => one.close?.()),
        );
        await Promise.all([standIn, ...behind.map((one) => one.standIn)].map((one) => one.close()));
        await rm(scratch, { recursive: true, force: true });
      },
    };
  };
}

/** What stands in the prompt for an attempt, so that a stand-in's jobs can be told apart by what they were asked. */
function tokenOf(attemptId: string): string {
  return attemptId.replace(/^att_/, "");
}

/** Opens a provider with everything at its default that is not given. */
export async function openKind(
  kind: ProviderKind,
  given: Partial<ProviderOptions> & Pick<ProviderOptions, "baseUrl">,
): Promise<Provider> {
  const fallbacks = Object.entries(kind.settings).flatMap(([name, { fallback }]) =>
    fallback === undefined ? [] : [[name, fallback]],
  );
  return kind.open({
    id: kind.kind,
    key: undefined,
    concurrency: kind.concurrency,
    checksPerSecond: kind.checksPerSecond,
    scratch: tmpdir(),
    now: Date.now,
    connectMs: 1_000,
    totalMs: 1_000,
    ...given,
    settings: { ...Object.fromEntries(fallbacks), ...given.settings },
  });
}

/** As the server takes a result over. Rejects where it breaks off. */
export async function readOutput({ from }: Output): Promise<Uint8Array> {
  if ("path" in from) return new Uint8Array(await readFile(from.path));
  const chunks: Uint8Array[] = [];
  const source = "open" in from ? await from.open(NEVER) : (await request(from.url)).body;
  for await (const chunk of source as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A stand-in, and a provider of its kind. */
export interface Both {
  readonly standIn: StandIn;
  readonly provider: Provider;
}

export async function closeBoth({ provider, standIn }: Both): Promise<void> {
  await provider.close?.();
  await standIn.close();
}

/** What the test that is running opened last. */
interface Scene<Given extends readonly unknown[]> extends Both {
  open(...given: Given): Promise<void>;
}

/** All that a test opens is closed after it, and no request was other than the contract has it. */
export function useBoth<Given extends readonly unknown[]>(
  openBoth: (...given: Given) => Promise<Both>,
): Scene<Given> {
  let opened: Both[] = [];
  const last = (): Both => {
    const one = opened.at(-1);
    if (!one) throw new Error("nothing is open");
    return one;
  };
  afterEach(async () => {
    const all = opened;
    opened = [];
    for (const both of all) await closeBoth(both);
    expect(all.flatMap(({ standIn }) => standIn.complaints)).toEqual([]);
  });
  return {
    get standIn() {
      return last().standIn;
    },
    get provider() {
      return last().provider;
    },
    async open(...given) {
      opened.push(await openBoth(...given));
    },
  };
}

/** A port that was ours a moment ago and has nobody behind it. */
export async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
