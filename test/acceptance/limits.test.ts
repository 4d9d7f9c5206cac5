/** Contract 1.5 and 1.11: what a full or throttled server answers, and that checks run in the documented order. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Answer,
  call,
  cancel,
  create,
  GENERATIONS,
  IDS,
  post,
  type WireError,
  type WireTask,
} from "../support/api.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

const GOOD = { model: IDS.pixverseText, prompt: "a quiet harbour" };
const BAD = { model: "nobody", prompt: 7 };

function withServer(env: Readonly<Record<string, string>>): () => Server {
  let server: Server;
  beforeAll(async () => {
    server = await startServer({ ...NO_RENDER, ...env });
  });
  afterAll(() => server.discard());
  return () => server;
}

describe("REELAY_CREATES_PER_MINUTE=2", () => {
  const server = withServer({ REELAY_CREATES_PER_MINUTE: "2" });

  /** A minute may just begin, so that a few more than two pass. */
  async function exhaust(key?: string): Promise<Answer<WireError>> {
    for (let i = 0; i < 6; i++) {
      const answer = await post(server(), GOOD, key === undefined ? {} : { key });
      if (answer.status !== 200) return answer;
    }
    throw new Error("six creates were taken");
  }

  test("the next create is refused with 429 and how long to wait, and no task is made", async () => {
    const refused = await exhaust();
    expect(refused.status).toBe(429);
    expect(refused.body.error.type).toBe("rate_limit_error");
    expect(refused.body.error.message).toContain("2");
    const wait = Number(refused.headers.get("retry-after"));
    expect(Number.isInteger(wait) && wait >= 1 && wait <= 60).toBe(true);
  });

  test("a refused key comes before the rate, the rate before the body", async () => {
    await exhaust();
    const wrongKey = await post(server(), BAD, { key: "sk-wrong" });
    expect(wrongKey.status).toBe(401);
    expect((await post(server(), BAD)).status).toBe(429);
    const noJson = { method: "POST", bytes: "{", headers: { "content-type": "application/json" } };
    expect((await call(server(), GENERATIONS, noJson)).status).toBe(429);
    expect((await call(server(), GENERATIONS, { method: "POST", bytes: "{" })).status).toBe(429);
  });

  test("reading is not limited, and another key has a limit of its own", async () => {
    await exhaust();
    expect((await call(server(), "/v1/models")).status).toBe(200);
    const key = await server().newKey("second");
    expect((await post(server(), GOOD, { key })).status).toBe(200);
    expect((await exhaust(key)).status).toBe(429);
  });
});

describe("REELAY_MAX_OPEN_TASKS=1", () => {
  const server = withServer({ REELAY_MAX_OPEN_TASKS: "1", REELAY_EGRESS_ALLOW: "" });

  test("the second task is refused with 503 until the first has ended, after everything else was checked", async () => {
    const first = await create(server(), GOOD);
    const refused = await post(server(), GOOD);
    expect(refused.status).toBe(503);
    expect(refused.body.error.type).toBe("service_unavailable_error");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect((await post(server(), BAD)).status).toBe(422);
    const noJson = { method: "POST", bytes: "{", headers: { "content-type": "application/json" } };
    expect((await call(server(), GENERATIONS, noJson)).status).toBe(400);
    expect((await cancel(server(), first.id)).status).toBe(200);
    expect((await post<WireTask>(server(), GOOD)).status).toBe(200);
  });

  test.each([
    "http://127.0.0.1/a.png",
    "http://localhost/a.png",
    "http://2130706433/a.png",
    "http://0/a.png",
  ])("without an allowed range %s is refused", async (image_url) => {
    const answer = await post(server(), { model: IDS.pixverseImage, prompt: "x", image_url });
    expect([answer.status, answer.body.error.code]).toEqual([422, "invalid_image_url"]);
  });
});
