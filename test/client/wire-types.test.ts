/** The client's types are written by hand: they must not come to say something else than the server does. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type {
  Balance,
  Credits,
  Model,
  Quote,
  Result,
  Task,
  TaskError,
  TaskInfo,
  Upload,
  Usage,
} from "../../client/src/types.ts";
import type { WireTask } from "../../src/http/dialects/foxapi/wire.ts";
import { call, GENERATIONS, IDS, upload } from "../support/api.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type KeysOfAll<T> = T extends unknown ? keyof T : never;

/** A difference does not compile. */
const SAME: {
  readonly task: Equal<KeysOfAll<Task>, keyof WireTask>;
  readonly status: Equal<Task["status"], WireTask["status"]>;
  readonly result: Equal<Result, NonNullable<WireTask["results"]>[number]>;
  readonly error: Equal<TaskError, NonNullable<WireTask["error"]>>;
  readonly usage: Equal<Usage, WireTask["usage"]>;
  readonly info: Equal<TaskInfo, WireTask["task_info"]>;
} = { task: true, status: true, result: true, error: true, usage: true, info: true };

// @ts-expect-error: and a difference would be seen.
const _different: Equal<{ a?: string }, { a: string }> = true;

type Keys<T> = { readonly [Key in keyof T]-?: true };
const QUOTE: Keys<Quote> = {
  ...{ object: true, model: true, input: true, route: true, price: true },
  ...{ estimated_time: true, valid: true },
};
const UPLOAD: Keys<Upload> = {
  ...{ id: true, filename: true, url: true, size: true, created: true },
  ...{ content_type: true, expires: true },
};
const MODEL: Keys<Model> = {
  ...{ id: true, object: true, owned_by: true, name: true, supported_endpoint_types: true },
  ...{ available: true, parameters: true, rules: true },
};
const BALANCE: Keys<Balance> = {
  ...{ remaining_credits: true, unlimited_credits: true, used_credits: true, held_credits: true },
};
const CREDITS: Keys<Credits> = { token: true, user: true };

const keysOf = (value: object | undefined): readonly string[] => Object.keys(value ?? {}).toSorted();

let server: Server;
beforeAll(async () => {
  server = await startServer(NO_RENDER);
});
afterAll(() => server.discard());

describe("an answer has the keys that the client's types say, and no others", () => {
  test("a task", () => expect(Object.values(SAME)).not.toContain(false));

  test("a quote", async () => {
    const json = { model: IDS.pixverseText, prompt: "waves", dry_run: true };
    const { body } = await call<Quote>(server, GENERATIONS, { method: "POST", json });
    expect(keysOf(body)).toEqual(keysOf(QUOTE));
    expect(keysOf(body.price)).toEqual(["billing_rule", "credits", "usd"]);
  });

  test("an upload", async () => {
    const picture = await readFile(new URL("../../samples/lighthouse.jpg", import.meta.url));
    expect(keysOf(await upload(server, picture))).toEqual(keysOf(UPLOAD));
  });

  test("a model and its parameters", async () => {
    const { body } = await call<{ data: Model[] }>(server, "/v1/models");
    for (const model of body.data) {
      expect(keysOf(model)).toEqual(keysOf(MODEL));
      for (const { kind, about } of Object.values(model.parameters)) {
        expect([typeof kind, typeof about]).toEqual(["string", "string"]);
      }
    }
  });

  test("credits", async () => {
    const { body } = await call<{ data: Credits }>(server, "/v1/account/credits");
    expect(keysOf(body.data)).toEqual(keysOf(CREDITS));
    for (const balance of Object.values(body.data)) expect(keysOf(balance)).toEqual(keysOf(BALANCE));
  });
});
