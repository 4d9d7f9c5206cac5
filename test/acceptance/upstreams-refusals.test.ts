/** What no open provider can do is refused before anything is sent, and the client is told what would be right. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, create, IDS, post, upload, type WireError, waitForEnd } from "../support/api.ts";
import { ROOT } from "../support/run.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import { ASKED, type Kind, TOLD } from "./upstreams-kinds.ts";
import type { Opened } from "./upstreams-opened.ts";

const PICTURE = "http://127.0.0.1/lighthouse.jpg";
const VEO = { model: IDS.veo, prompt: "waves", image_url: PICTURE };

function kindOf(name: string): Kind {
  const kind = [...TOLD, ...ASKED].find((one) => one.name === name);
  if (!kind) throw new Error(`there is no kind ${name}`);
  return kind;
}

/** One server with a provider of each of these kinds, which are asked in this order. */
function serving(names: readonly string[]): {
  readonly server: () => Server;
  readonly upstream: (name: string) => Opened;
} {
  let server: Server;
  const opened = new Map<string, Opened>();
  beforeAll(async () => {
    for (const name of names) opened.set(name, await kindOf(name).open());
    const env = [...opened].map(([name, one], rank) => ({
      ...one.env,
      [`REELAY_${name.toUpperCase()}_RANK`]: String(rank),
    }));
    server = await startServer(Object.assign({ ...NO_RENDER }, ...env));
  });
  afterAll(async () => {
    await server.discard();
    for (const one of opened.values()) await one.close();
  });
  return {
    server: () => server,
    upstream(name) {
      const one = opened.get(name);
      if (!one) throw new Error(`${name} is not open`);
      return one;
    },
  };
}

interface Refused {
  readonly field: string;
  readonly received: unknown;
  readonly says: RegExp;
}

/** 422 with these fields and no others, and not one request to anybody. */
async function expectRefused(
  { server, upstream }: ReturnType<typeof serving>,
  names: readonly string[],
  { body, fields }: { readonly body: object; readonly fields: readonly Refused[] },
): Promise<WireError["error"]> {
  const before = (await tasksOf(server())).length;
  const answer = await post(server(), body);
  expect(answer.status, answer.text).toBe(422);
  const { error } = answer.body;
  expect(error).toMatchObject({
    ...{
      type: "invalid_request_error",
      code: "unsupported_advanced_options",
      retryable: false,
      billed: false,
    },
    unsupported_advanced_options: fields.map(({ field }) => field),
    problems: fields.map(({ field, received, says }) => ({
      ...{ field, received },
      message: expect.stringMatching(says),
    })),
  });
  for (const { field, says } of fields) {
    expect(error.message).toContain(`"${field}"`);
    expect(error.message).toMatch(says);
  }
  for (const name of names) {
    expect(upstream(name).asks()).toBe(0);
  }
  expect(await tasksOf(server())).toHaveLength(before);
  return error;
}

async function tasksOf(server: Server): Promise<readonly unknown[]> {
  return (await call<{ readonly data: readonly unknown[] }>(server, "/v1/tasks")).body.data;
}

describe("with Replicate alone", () => {
  const one = serving(["replicate"]);

  test("a style is refused, and what would be right is said", async () => {
    const body = { model: IDS.pixverseText, prompt: "waves", style: "anime" };
    await expectRefused(one, ["replicate"], {
      body,
      fields: [{ field: "style", received: "anime", says: /no styles\..*leave it out/ }],
    });
  });

  test("all of several are named at once", async () => {
    const body = { model: IDS.pixverseText, prompt: "waves", style: "clay", thinking_type: "disabled" };
    await expectRefused(one, ["replicate"], {
      body,
      fields: [
        { field: "style", received: "clay", says: /no styles/ },
        { field: "thinking_type", received: "disabled", says: /no switch.*leave it out/ },
      ],
    });
  });

  test("a value that only this provider lacks is refused as well", async () => {
    const answer = await post(one.server(), { ...VEO, resolution: "4k" });
    expect(answer).toMatchObject({
      status: 422,
      body: { error: { problems: [{ field: "resolution", received: "4k" }] } },
    });
    expect(answer.body.error.message).toContain("720p and 1080p only");
    expect(one.upstream("replicate").asks()).toBe(0);
  });

  test("null is the same as left out, and then it is done", async () => {
    const body = { model: IDS.pixverseText, prompt: "waves. script: duration=0", style: null };
    const { id } = await create(one.server(), body);
    expect(await waitForEnd(one.server(), id)).toMatchObject({ status: "completed" });
    expect(one.upstream("replicate").complaints).toEqual([]);
  });
});

describe("with fal and Vertex AI", () => {
  const both = serving(["fal", "vertex"]);

  test("two that no one of them can do together are refused, each with who lacks it", async () => {
    const body = { ...VEO, auto_fix: true, person_generation: "allow_adult" };
    const error = await expectRefused(both, ["fal", "vertex"], {
      body,
      fields: [
        { field: "auto_fix", received: true, says: /Vertex AI does not rewrite.*leave it out/ },
        { field: "person_generation", received: "allow_adult", says: /fal has no switch.*leave it out/ },
      ],
    });
    expect(error.message).toContain("No provider that is open on this server can do all of this.");
  });

  test("one alone goes to whoever can do it, whatever the rank", async () => {
    const server = both.server();
    const picture = await readFile(join(ROOT, "samples/lighthouse.jpg"));
    const { url: image_url } = await upload(server, picture, { name: "lighthouse.jpg" });
    const make = async (tag: string, more: object): Promise<void> => {
      const prompt = `waves of ${tag}. script: duration=0`;
      const { id } = await create(server, { ...VEO, prompt, image_url, ...more });
      expect(await waitForEnd(server, id)).toMatchObject({ status: "completed" });
    };
    await make("neither", {});
    await make("fixing", { auto_fix: true });
    await make("people", { person_generation: "allow_adult" });
    const counts = (name: string) =>
      ["neither", "fixing", "people"].map((tag) => both.upstream(name).submits(`waves of ${tag}`));
    expect(counts("fal")).toEqual([1, 1, 0]);
    expect(counts("vertex")).toEqual([0, 0, 1]);
    for (const name of ["fal", "vertex"]) expect(both.upstream(name).complaints).toEqual([]);
  });
});
