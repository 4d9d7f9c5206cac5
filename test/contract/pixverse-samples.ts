/** PixVerse against its stand-in, for tests that need more of it than the suite does. */
import { afterEach, expect } from "vitest";
import type { ErrorCode } from "../../src/core/errors.ts";
import type { Provider, Submission } from "../../src/core/provider.ts";
import { pixverse } from "../../src/providers/pixverse.ts";
import { type PixverseOptions, startPixverse } from "../standins/pixverse.ts";
import { type Ask, type Reply, type StandIn, startStandIn } from "../standins/standin.ts";
import { openKind } from "./under.ts";
import { workFor } from "./work.ts";

export const KEY = "pv-5eCr3t-of-the-operator";
export const I2V = "pixverse-v6-image-to-video";
export const T2V = "pixverse-v6-text-to-video";
export const PICTURE = "https://host.example/a.jpg";

/** What is open at present. A second start ends the first. */
export const at = {} as { standIn: StandIn; provider: Provider };

async function openAt(standIn: StandIn, settings: Readonly<Record<string, string>> = {}): Promise<void> {
  at.standIn = standIn;
  at.provider = await openKind(pixverse, { baseUrl: standIn.url, key: KEY, settings });
}

export async function start(
  options: Partial<PixverseOptions> = {},
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  await stop();
  await openAt(await startPixverse({ key: KEY, ...options }), settings);
}

/** For answers that no script makes. */
export async function startAnswering(answer: (ask: Ask) => Reply): Promise<void> {
  await stop();
  await openAt(await startStandIn({ answer }));
}

/** The same stand-in, asked with another key. */
export async function reopenWith(key: string): Promise<void> {
  await at.provider.close?.();
  at.provider = await openKind(pixverse, { baseUrl: at.standIn.url, key });
}

async function stop(): Promise<void> {
  const { standIn, provider } = at as Partial<typeof at>;
  if (!standIn) return;
  await provider?.close?.();
  await standIn.close();
  expect(standIn.complaints).toEqual([]);
}

export const stopAfterEach = (): void => afterEach(stop);

export function textWork(script: string): Submission {
  const body = (token: string) => ({ prompt: `A fox ${token}. script: ${script}` });
  return workFor({ kind: "pixverse", model: T2V, body });
}

export const catching = (promise: Promise<unknown> | undefined) =>
  promise?.catch((thrown: unknown) => thrown);

/** The table of section 4, and 500052 of the page of uploads. */
export function refusals(): [code: number, word: ErrorCode][] {
  const rows: Partial<Record<ErrorCode, number[]>> = {
    provider_refused: [400011, 400013, 400017, 400018, 400019, 500060, 500070, 500071],
    provider_account: [400012, 500020],
    provider_lost: [400032, 500008],
    input_out_of_limits: [500030, 500033],
    input_unreadable: [500031, 500032, 500041, 500042],
    content_refused: [500052, 500054, 500063, 500064],
    provider_balance: [500090],
  };
  return Object.entries(rows).flatMap(([word, codes]) =>
    codes.map((code): [number, ErrorCode] => [code, word as ErrorCode]),
  );
}
