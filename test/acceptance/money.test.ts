/** What a task costs: told before, held while it runs, charged for what came, and given back where nothing did. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  call,
  cancel,
  create,
  IDS,
  post,
  read,
  type WireError,
  type WireTask,
  waitForEnd,
} from "../support/api.ts";
import { type FakeUpstream, startFakeUpstream } from "../support/fake-upstream.ts";
import { tellOperator } from "../support/operator.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

let upstream: FakeUpstream;
let server: Server;
beforeAll(async () => {
  upstream = await startFakeUpstream();
  server = await startServer({
    ...NO_RENDER,
    REELAY_FAKE_URL: upstream.url,
    REELAY_CREATES_PER_MINUTE: "5000",
  });
});
afterAll(async () => {
  await server.discard();
  await upstream.close();
});

/** 360p without sound: 2.5 credits a second. */
const PRICE = 2.5;
const asked = (script: string, seconds = 1): object => ({
  model: IDS.pixverseText,
  prompt: `waves. script: ${script}`,
  resolution: "360p",
  duration: seconds,
});

type PricedTask = WireTask & {
  readonly usage: { readonly billing: string; readonly billing_rule: string };
};

interface Credits {
  readonly remaining_credits: number;
  readonly unlimited_credits: boolean;
  readonly used_credits: number;
  readonly held_credits: number;
}

interface Account {
  readonly url: string;
  readonly key: string;
}

const newKey = async (options: object): Promise<Account> => {
  const { key } = await tellOperator<{ key: string }>(server, "/keys", { name: "limited", ...options });
  return { url: server.url, key };
};

const grantTo = (name: string, credits: number): Promise<unknown> =>
  tellOperator(server, `/credits/account:${name}`, { credits });

let accounts = 0;

/** A key that may spend so much, alone on an account that may spend as much. */
async function account(credits: number): Promise<Account> {
  const name = `alone-${accounts++}`;
  const mine = await newKey({ grant: credits * 10_000, account: name });
  await grantTo(name, credits);
  return mine;
}

/** Of the key, and of its account. */
async function bothCredits(of: Account): Promise<{ token: Credits; user: Credits }> {
  return (await call<{ data: { token: Credits; user: Credits } }>(of, "/v1/account/credits")).body.data;
}

async function credits(of: Account): Promise<Credits> {
  const answer = await call<{ success: boolean; data: { token: Credits; user: Credits } }>(
    of,
    "/v1/account/credits",
  );
  expect([answer.status, answer.body.success]).toEqual([200, true]);
  expect(answer.body.data.user).toEqual(answer.body.data.token);
  return answer.body.data.token;
}

const made = async (of: Account): Promise<number> =>
  (await call<{ data: unknown[] }>(of, "/v1/tasks?limit=100")).body.data.length;

describe("a dry run", () => {
  test.each([
    ["in the body", { dry_run: true }, ""],
    ["in the query", {}, "?dry_run=true"],
  ])(
    "%s tells the whole request, the route and the price, and makes nothing",
    async (_where, more, query) => {
      const mine = await account(100);
      const before = upstream.accepts();
      const answer = await call<Record<string, unknown>>(mine, `/v1/videos/generations${query}`, {
        method: "POST",
        json: { ...asked("duration=10", 4), ...more },
      });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({
        object: "video.generation.quote",
        model: IDS.pixverseText,
        input: { resolution: "360p", duration: 4, generate_audio: false },
        route: { provider: expect.any(String) },
        price: { credits: 4 * PRICE, usd: 0.1, billing_rule: "per_second" },
        valid: true,
      });
      expect(answer.body.estimated_time).toBeGreaterThan(0);
      expect(await made(mine)).toBe(0);
      expect(await credits(mine)).toMatchObject({ remaining_credits: 100, held_credits: 0 });
      expect(upstream.accepts()).toBe(before);
    },
  );

  test.each([
    [{ duration: 99 }, "invalid_parameters"],
    [{ model: "nobody" }, "model_not_found"],
    [{ callback_url: "http://10.0.0.1/hook" }, "invalid_parameters"],
    [{ dry_run: "maybe" }, "invalid_parameters"],
  ])("of %j fails as the create would", async (more, code) => {
    const answer = await post(server, { ...asked(""), dry_run: true, ...more });
    expect([answer.status, answer.body.error.code]).toEqual([422, code]);
  });
});

describe("a task that costs", () => {
  test("is held for while it runs, and charged for what came", async () => {
    const mine = await account(100);
    const task = (await create(mine, asked("duration=200", 4))) as PricedTask;
    expect(task.usage).toEqual({
      credits_reserved: 4 * PRICE,
      user_group: "default",
      billing_rule: "per_second",
      billing: "held",
    });
    expect(await credits(mine)).toMatchObject({ remaining_credits: 90, held_credits: 10, used_credits: 0 });
    const done = (await waitForEnd(mine, task.id)) as PricedTask;
    expect([done.status, done.usage.billing]).toEqual(["completed", "charged"]);
    const charged = done.usage.credits_reserved;
    expect(charged).toBeGreaterThan(0);
    expect(charged).toBeLessThanOrEqual(4 * PRICE);
    expect(charged).toBeCloseTo((done.results?.[0]?.duration ?? 0) * PRICE, 1);
    const after = await credits(mine);
    expect(after).toMatchObject({ held_credits: 0, used_credits: charged });
    expect(after.remaining_credits).toBeCloseTo(100 - charged, 6);
  });

  test.each([
    ["fails", "fail=internal", "service_error"],
    ["is refused for its content", "status=422 code=content_policy", "content_policy_violation"],
  ])("and %s is given back, and says so", async (_how, script, code) => {
    const mine = await account(100);
    const { id } = await create(mine, asked(script));
    const failed = (await waitForEnd(mine, id)) as PricedTask;
    expect(failed).toMatchObject({
      status: "failed",
      results: null,
      error: { code, billed: false },
      usage: { credits_reserved: 0, billing: "released" },
    });
    expect(await credits(mine)).toMatchObject({ remaining_credits: 100, held_credits: 0, used_credits: 0 });
  });

  test("and is cancelled is given back", async () => {
    const mine = await account(100);
    const { id } = await create(mine, asked("stuck"));
    const cancelled = (await cancel<PricedTask>(mine as Server, id)).body;
    // "unknown" where it was just being handed over: the provider may bill us for it, and not the client.
    expect(["released", "unknown"]).toContain(cancelled.usage.billing);
    expect(cancelled.usage.credits_reserved).toBe(0);
    expect(cancelled.error).toMatchObject({ code: "request_cancelled" });
    expect(await credits(mine)).toMatchObject({ remaining_credits: 100, held_credits: 0 });
  });

  test("and is cancelled while its provider works and can stop costs nobody anything, and says so", async () => {
    const mine = await account(100);
    const { id } = await create(mine, asked("stuck"));
    await until(async () => (await read(mine, id)).status === "processing", { ms: 20_000 });
    const cancelled = (await cancel<PricedTask>(mine as Server, id)).body;
    expect(cancelled.usage).toMatchObject({ credits_reserved: 0, billing: "released" });
  });
});

describe("a balance", () => {
  test("that is too small refuses the task before it costs anything, and says what is needed", async () => {
    const mine = await account(7);
    const before = upstream.accepts();
    const refused = await post<WireError>(mine, asked("duration=10", 4));
    expect(refused.status).toBe(402);
    expect(refused.body.error).toMatchObject({ type: "insufficient_quota", billed: false });
    expect(refused.body.error.message).toMatch(/\b10\b/);
    expect(refused.body.error.message).toMatch(/\b7\b/);
    expect([await made(mine), upstream.accepts()]).toEqual([0, before]);
    expect((await post(mine, asked("duration=10", 2))).status).toBe(200);
  });

  test("for seven tasks lets seven of a hundred through that come at once", async () => {
    const mine = await account(7 * PRICE);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => post<WireTask>(mine, asked("stuck"))),
    );
    const ids = answers.filter(({ status }) => status === 200).map(({ body }) => body.id);
    expect(ids).toHaveLength(7);
    expect(answers.filter(({ status }) => status === 402)).toHaveLength(93);
    expect(await credits(mine)).toMatchObject({ remaining_credits: 0, held_credits: 7 * PRICE });
    await Promise.all(ids.map((id) => cancel(mine as Server, id)));
    expect(await credits(mine)).toMatchObject({ remaining_credits: 7 * PRICE, held_credits: 0 });
  });

  test("is held once for a create that is sent twice", async () => {
    const mine = await account(100);
    const headers = { "idempotency-key": "once" };
    await Promise.all(Array.from({ length: 10 }, () => post(mine, asked("stuck"), { headers })));
    expect(await credits(mine)).toMatchObject({ remaining_credits: 100 - PRICE, held_credits: PRICE });
  });

  test("that nobody limited says so, on both paths", async () => {
    for (const path of ["/v1/account/credits", "/v1/credits"]) {
      const answer = await call<{ data: { token: Credits } }>(server, path);
      expect(answer.body.data.token).toMatchObject({ unlimited_credits: true });
    }
  });
});

test("work of the free renderer costs nothing and holds nothing", async () => {
  const free = await startServer(NO_RENDER);
  try {
    const task = (await create(free, asked(""))) as PricedTask;
    expect(task.usage).toMatchObject({ credits_reserved: 0, billing: "free" });
    const quote = await post<{ price: object }>(free, { ...asked(""), dry_run: true });
    expect(quote.body.price).toMatchObject({ credits: 0, usd: 0 });
  } finally {
    await free.discard();
  }
});

describe("an account", () => {
  test("for seven tasks lets seven of a hundred through that two of its keys create at once", async () => {
    const keys = [await newKey({ account: "team" }), await newKey({ account: "team" })] as const;
    await grantTo("team", 7 * PRICE);
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        const by = n % 2 === 0 ? keys[0] : keys[1];
        return { by, answer: await post<WireTask & WireError>(by, asked("stuck")) };
      }),
    );
    const taken = answers.filter(({ answer }) => answer.status === 200);
    const refused = answers.filter(({ answer }) => answer.status === 402);
    expect([taken.length, refused.length]).toEqual([7, 93]);
    for (const { answer } of refused) {
      expect(answer.body.error).toMatchObject({ type: "insufficient_quota", code: "insufficient_quota" });
      expect(answer.body.error.message).toContain("are available to its account team.");
    }
    const [first, second] = [await bothCredits(keys[0]), await bothCredits(keys[1])];
    expect(first.user).toEqual(second.user);
    expect(first.user).toMatchObject({
      ...{ remaining_credits: 0, held_credits: 7 * PRICE, unlimited_credits: false },
    });
    expect(first.token.unlimited_credits).toBe(true);
    expect(first.token.held_credits + second.token.held_credits).toBe(7 * PRICE);
    await Promise.all(taken.map(({ by, answer }) => cancel(by as Server, answer.body.id)));
    expect((await bothCredits(keys[1])).user).toMatchObject({
      ...{ remaining_credits: 7 * PRICE, held_credits: 0, used_credits: 0 },
    });
  });

  test("with plenty does not help a key that has spent its own", async () => {
    const mine = await newKey({ account: "rich", grant: 0 });
    await grantTo("rich", 100);
    const refused = await post<WireError>(mine, asked("stuck"));
    expect(refused.status).toBe(402);
    expect(refused.body.error.message).toContain("0 are available to this key.");
    expect(await bothCredits(mine)).toMatchObject({
      token: { remaining_credits: 0, unlimited_credits: false },
      user: { remaining_credits: 100, held_credits: 0 },
    });
  });
});

describe("RateLimit", () => {
  test("is told with every create, also one that fails", async () => {
    const mine = { url: server.url, key: await server.newKey("counted") };
    const answers = [
      await post(mine, asked("duration=10")),
      await post(mine, { ...asked(""), duration: 99 }),
      await post(mine, { ...asked(""), dry_run: true }),
    ];
    const left = answers.map(({ headers }) =>
      Number(/^"creates";r=(\d+);t=\d+$/.exec(headers.get("ratelimit") ?? "")?.[1]),
    );
    expect(left[0]).toBe(4999);
    // A minute may just begin, and what came before weigh less.
    for (const rest of left) expect([4997, 4998, 4999]).toContain(rest);
    for (const { headers } of answers) expect(headers.get("ratelimit-policy")).toBe('"creates";q=5000;w=60');
  });
});
