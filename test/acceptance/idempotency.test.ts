/** `Idempotency-Key`: a create that is sent twice makes one task, whatever happens in between. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, call, cancel, IDS, post, type WireError, type WireTask } from "../support/api.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

const GOOD = { model: IDS.pixverseText, prompt: "a quiet harbour", duration: 1 };

let server: Server;
beforeAll(async () => {
  server = await startServer(NO_RENDER);
});
afterAll(() => server.discard());

let named = 0;
const newName = (): string => `name-${++named}`;

function send<T = WireTask>(name: string, body: object = GOOD, key?: string): Promise<Answer<T>> {
  const headers = { "idempotency-key": name };
  return post<T>(server, body, { headers, ...(key === undefined ? {} : { key }) });
}

async function countTasks(key = server.key): Promise<number> {
  const list = await call<{ data: unknown[] }>(server, "/v1/tasks?limit=100", { key });
  return list.body.data.length;
}

const replayed = (answer: Answer<unknown>): boolean => answer.headers.get("idempotent-replayed") === "true";

describe("the same key and the same body", () => {
  test("is the same task, and says so", async () => {
    const name = newName();
    const before = await countTasks();
    const [first, second, third] = [await send(name), await send(name), await send(`"${name}"`)];
    expect([first.status, second.status, third.status]).toEqual([200, 200, 200]);
    expect(new Set([first.body.id, second.body.id, third.body.id]).size).toBe(1);
    expect([first, second, third].map(replayed)).toEqual([false, true, true]);
    expect(await countTasks()).toBe(before + 1);
  });

  test("in another order of its fields is the same body", async () => {
    const name = newName();
    const first = await send(name);
    const turned = Object.fromEntries(Object.entries(GOOD).reverse());
    expect((await send(name, turned)).body.id).toBe(first.body.id);
  });

  test("answers with the task as it is by then", async () => {
    const name = newName();
    const { body } = await send(name);
    await cancel(server, body.id);
    const again = await send(name);
    expect(again.body).toMatchObject({ id: body.id, status: "failed", error: { code: "request_cancelled" } });
  });

  test("fifty at once are one task", async () => {
    const name = newName();
    const before = await countTasks();
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(name)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(replayed)).toHaveLength(49);
    expect(await countTasks()).toBe(before + 1);
  });

  test("after a kill is still the same task", async () => {
    const name = newName();
    const first = await send(name);
    server = await server.restart();
    const again = await send(name);
    expect([again.status, again.body.id, replayed(again)]).toEqual([200, first.body.id, true]);
  });
});

describe("what is not the same", () => {
  test.each([
    ["another prompt", { ...GOOD, prompt: "a loud harbour" }],
    ["another model", { ...GOOD, model: IDS.pixverseImage, image_url: "http://127.0.0.1:9/a.png" }],
    ["a callback", { ...GOOD, callback_url: "http://127.0.0.1:9/hook" }],
  ])("%s under the same key is refused and makes nothing", async (_what, other) => {
    const name = newName();
    await send(name);
    const before = await countTasks();
    const refused = await send<WireError>(name, other);
    expect(refused.status).toBe(422);
    expect(refused.body.error).toMatchObject({
      type: "invalid_request_error",
      code: "idempotency_mismatch",
      retryable: false,
    });
    expect(await countTasks()).toBe(before);
  });

  test("the same words of another client are its own", async () => {
    const name = newName();
    const first = await send(name);
    const other = await server.newKey("other");
    const second = await send(name, GOOD, other);
    expect([second.status, replayed(second)]).toEqual([200, false]);
    expect(second.body.id).not.toBe(first.body.id);
    expect(await countTasks(other)).toBe(1);
  });

  test("without the header every create is a new task", async () => {
    const [first, second] = [await post<WireTask>(server, GOOD), await post<WireTask>(server, GOOD)];
    expect(second.body.id).not.toBe(first.body.id);
  });

  test("a request that was refused has not used up its key", async () => {
    const name = newName();
    expect((await send<WireError>(name, { ...GOOD, duration: 99 })).status).toBe(422);
    const corrected = await send(name);
    expect([corrected.status, replayed(corrected)]).toEqual([200, false]);
  });

  test("a dry run does not use up its key either", async () => {
    const name = newName();
    expect((await send(name, { ...GOOD, dry_run: true })).status).toBe(200);
    const made = await send(name);
    expect([made.status, replayed(made)]).toEqual([200, false]);
  });
});

test.each(["two words", '"half', '""', "x".repeat(256), "one, two"])(
  "%s is no key: 400 says what is",
  async (name) => {
    const before = await countTasks();
    const refused = await send<WireError>(name);
    expect(refused.status).toBe(400);
    expect(refused.body.error.message).toMatch(/Idempotency-Key.*1 to 255 visible ASCII characters/);
    expect(await countTasks()).toBe(before);
  },
);
