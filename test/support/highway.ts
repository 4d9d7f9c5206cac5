/** Thin calls in the words of HighwayAPI, as any HTTP client would make them. */
import { expect } from "vitest";
import { type Answer, type Call, call } from "./api.ts";
import type { Server } from "./server.ts";
import { until } from "./until.ts";

type At = Pick<Server, "url" | "key">;

interface WireVideo {
  readonly video_url: string;
  readonly video_url_ttl: string;
  readonly video_type: string;
}

export interface HighwayResult {
  readonly extra: {
    readonly seed: string;
    readonly debug_info: Readonly<Record<string, string>>;
    readonly webhook?: object;
    readonly notes?: readonly { readonly field: string; readonly message: string }[];
    readonly error?: { readonly reason: string; readonly field?: string };
    readonly test?: boolean;
  };
  readonly task: {
    readonly task_id: string;
    readonly status: string;
    readonly reason: string;
    readonly task_type: string;
    readonly eta: number;
    readonly progress_percent: number;
  };
  readonly images: readonly unknown[];
  readonly videos: readonly WireVideo[];
  readonly audios: readonly unknown[];
}

export interface HighwayError {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export const RESULT = "/v3/async/task-result";

/** `path` is what the URL calls the model. */
export function ask<T = HighwayError>(
  server: At,
  path: string,
  json: unknown,
  options: Call = {},
): Promise<Answer<T>> {
  return call<T>(server, `/v3/async/${path}`, { method: "POST", json, ...options });
}

/** Makes a task and gives its id; an answer other than 200 is an error with the whole body. */
export async function make(server: At, path: string, json: unknown, options: Call = {}): Promise<string> {
  const answer = await ask<{ task_id: string }>(server, path, json, options);
  if (answer.status !== 200) throw new Error(`create answered ${answer.status}: ${answer.text}`);
  return answer.body.task_id;
}

export function askResult<T = HighwayError>(server: At, id: string, options: Call = {}): Promise<Answer<T>> {
  return call<T>(server, `${RESULT}?${new URLSearchParams({ task_id: id })}`, options);
}

export async function result(server: At, id: string): Promise<HighwayResult> {
  const answer = await askResult<HighwayResult>(server, id);
  if (answer.status !== 200) throw new Error(`task-result answered ${answer.status}: ${answer.text}`);
  return answer.body;
}

/** Polls until the task has ended; `each` sees every answer on the way. */
export function ended(
  server: At,
  id: string,
  each: (found: HighwayResult) => void = () => undefined,
): Promise<HighwayResult> {
  return until(
    async () => {
      const found = await result(server, id);
      each(found);
      return /SUCCEED|FAILED/.test(found.task.status) && found;
    },
    { ms: 60_000, what: `the end of ${id}` },
  );
}

/** The flat body of the contract: metadata is text, and nothing of ours leaks through. */
export function expectRefusal(answer: Answer<HighwayError>, status: number, reason: string): HighwayError {
  expect([answer.status, answer.body?.reason], answer.text).toEqual([status, reason]);
  const { code, message, metadata } = answer.body;
  expect(Object.keys(answer.body)).toEqual(["code", "reason", "message", "metadata"]);
  expect(code).toBe(status);
  expect(message.length).toBeGreaterThan(20);
  for (const value of Object.values(metadata)) expect(typeof value).toBe("string");
  expect(metadata).toMatchObject({
    details: expect.stringMatching(/./),
    request_id: answer.headers.get("x-request-id"),
    retryable: expect.stringMatching(/^(true|false)$/),
    billed: "false",
  });
  expect(answer.text).not.toMatch(/\.ts\b|node_modules| at \S+ \(|image_urls|"error"/);
  return answer.body;
}
