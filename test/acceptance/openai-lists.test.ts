/** Whose videos are listed, in which order, and who does not see them. */
import type OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, IDS, upload } from "../support/api.ts";
import { picture } from "../support/media.ts";
import { clientOf, createVideo, errorOf } from "../support/openai.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

let server: Server;
let client: OpenAI;
beforeAll(async () => {
  server = await startServer(NO_RENDER);
  client = clientOf(server);
});
afterAll(() => server.discard());

const WORDS = { model: IDS.pixverseText, prompt: "waves at the beach" };
const PICTURE = { model: IDS.pixverseImage, prompt: "push in" };

async function idsOf(one = client): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of one.videos.list({ limit: 100 })) ids.push(id);
  return ids;
}

describe("a list", () => {
  test("is walked by the client in both orders, page by page, and its pages are as they say", async () => {
    const own = clientOf({ ...server, key: await server.newKey("lists") });
    expect(await own.videos.list()).toMatchObject({ data: [], has_more: false });
    const made: string[] = [];
    for (let n = 0; n < 7; n++) made.push((await createVideo(own, { ...WORDS, seed: n })).id);
    for (const order of ["asc", "desc"] as const) {
      const walked: string[] = [];
      for await (const { id } of own.videos.list({ limit: 3, order })) walked.push(id);
      expect(walked).toEqual(order === "asc" ? made : made.toReversed());
    }
    const page = await call<Record<string, unknown>>(
      { ...server, key: own.apiKey as string },
      "/v1/videos?limit=2",
    );
    expect(page.body).toMatchObject({ object: "list", has_more: true, first_id: made[6], last_id: made[5] });
    const rest = await own.videos.list({ after: made[1] as string, limit: 100 });
    expect([rest.data.map(({ id }) => id), rest.has_more]).toEqual([[made[0]], false]);
  });

  test("that is deleted as it is walked leaves nothing out", async () => {
    const own = clientOf({ ...server, key: await server.newKey("deletes") });
    for (let n = 0; n < 5; n++) await createVideo(own, { ...WORDS, seed: n });
    for await (const { id } of own.videos.list({ limit: 2 })) await own.videos.delete(id);
    expect(await idsOf(own)).toEqual([]);
  });

  test.each([
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["limit=x", "limit"],
    ["order=up", "order"],
    ["after=task-1", "after"],
    ["after=", "after"],
    ["status=failed", "status"],
    ["limit=1&limit=2", "limit"],
  ])("is refused for %s", async (query, param) => {
    const answer = await call(server, `/v1/videos?${query}`);
    expect([answer.status, answer.body.error.param]).toEqual([400, param]);
  });
});

describe("a video is hidden", () => {
  test("from every other key, and from the other dialects' endpoints, as theirs from this one", async () => {
    const { id } = await createVideo(client, WORDS);
    const other = clientOf({ ...server, key: await server.newKey("other") });
    for (const attempt of [
      () => other.videos.retrieve(id),
      () => other.videos.delete(id),
      () => other.videos.downloadContent(id),
      () => other.videos.remix(id, { prompt: "x" }),
      () => other.videos.extend({ prompt: "x", seconds: "4", video: { id } }),
    ]) {
      expect(await errorOf(attempt())).toMatchObject({ status: 404, code: "video_not_found" });
    }
    expect(await idsOf(other)).toEqual([]);
    expect((await call(server, `/v1/tasks/${id}`)).status).toBe(404);
    const task = await call<{ id: string }>(server, "/v1/videos/generations", {
      method: "POST",
      json: WORDS,
    });
    expect(task.status, "the other dialect's create is where it was").toBe(200);
    expect(await errorOf(client.videos.retrieve(task.body.id))).toMatchObject({ status: 404 });
    expect(await errorOf(client.videos.delete(task.body.id))).toMatchObject({ status: 404 });
    expect(await idsOf()).not.toContain(task.body.id);
    expect(await client.videos.retrieve(id), "and still is there").toMatchObject({ id });
  });

  test("and so is an upload: another key's cannot be started from", async () => {
    const other = clientOf({ ...server, key: await server.newKey("thief") });
    for (const file_id of [
      (await upload(server, await picture({ width: 640, height: 360 }))).id,
      "file-1-nothing",
      "res_x",
      "../../x",
    ]) {
      const error = await errorOf(createVideo(other, { ...PICTURE, input_reference: { file_id } }));
      expect(error).toMatchObject({ status: 404, code: "not_found" });
    }
  });
});
