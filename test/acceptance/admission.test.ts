/** Who tries keys is slowed down, and nobody else is. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, call, post, type WireError } from "../support/api.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer({ ...NO_RENDER, REELAY_AUTH_FAILURES_PER_MINUTE: "10" });
});
afterAll(() => server.discard());

/** Without what differs between any two answers. */
const bodyOf = (answer: Answer<WireError>): string =>
  answer.text.replace(String(answer.headers.get("x-request-id")), "");

test("after ten wrong keys a minute there is one answer for all, and a good key is served as ever", async () => {
  const stranger = `${server.key.slice(0, -1)}${server.key.endsWith("0") ? "1" : "0"}`;
  const revoked = "reelay_live_000000000000000000000000000000000000";
  const answers: Answer<WireError>[] = [];
  // A minute may just begin, so that a few more than ten are told what is wrong.
  for (let i = 0; i < 40; i++) {
    const key = [stranger, revoked, "sk-guess", null][i % 4] as string | null;
    answers.push(await (i % 2 ? call(server, "/v1/models", { key }) : post(server, {}, { key })));
  }
  const statuses = answers.map(({ status }) => status);
  expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
  const limited = answers.filter(({ status }) => status === 429);
  expect(limited.length).toBeGreaterThanOrEqual(20);
  expect(new Set(limited.map(bodyOf)).size).toBe(1);
  for (const { headers, body } of limited) {
    expect(body.error.type).toBe("rate_limit_error");
    expect(Number(headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(Number(headers.get("retry-after"))).toBeLessThanOrEqual(60);
  }
  expect((await call(server, "/v1/models")).status).toBe(200);
});
