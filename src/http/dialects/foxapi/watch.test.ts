import { get } from "node:http";
import type { AddressInfo } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { until } from "../../../../test/support/until.ts";
import type { TaskView } from "../../../tasks/gateway.ts";
import { openHeldRequests } from "../../held-requests.ts";
import { view } from "./testing/views.ts";
import { watchTask } from "./watch.ts";

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

interface Event {
  readonly name: string;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
}

/** A task that goes through `views`: what a read gives, and what a follower is told next. */
async function open(first: TaskView, read: () => Promise<TaskView> = async () => first) {
  const watched = { tell: undefined as ((view: TaskView) => void) | undefined, ended: false };
  const server = Fastify();
  app = server;
  await server.register(async (scope) => {
    const requests = openHeldRequests(scope);
    scope.get("/", (request, reply) =>
      watchTask({
        request,
        reply,
        signal: requests.hold(reply),
        read,
        follow: (_view, changed, signal) => {
          watched.tell = changed;
          signal.addEventListener("abort", () => {
            watched.ended = true;
          });
        },
      }),
    );
  });
  await server.listen({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  return { url, watched };
}

const ask = (url: string, lastEventId?: string): Promise<Response> =>
  fetch(url, lastEventId === undefined ? {} : { headers: { "last-event-id": lastEventId } });

function parse(text: string): readonly Event[] {
  return text
    .split("\n\n")
    .filter((block) => block.startsWith("event:"))
    .map((block) => {
      const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
      return { name: field("event") ?? "", id: field("id"), data: JSON.parse(field("data") ?? "null") };
    });
}

const pending = view({ state: "pending", version: 1 });
const running = view({ state: "processing", version: 2 }, { progress: 10 });
const done = view({ state: "completed", version: 3 }, { progress: 100, canCancel: false });

describe("a task that goes on", () => {
  it("is told from its first state to its last, with progress in between, and then the stream ends", async () => {
    const { url, watched } = await open(pending);
    const answer = await ask(url);
    await until(() => watched.tell !== undefined, { ms: 2000 });
    for (const one of [running, view(running.task, { progress: 55 }), done]) watched.tell?.(one);
    const events = parse(await answer.text());
    expect(events.map(({ name, id }) => [name, id])).toEqual([
      ["state", "1"],
      ["state", "2"],
      ["progress", undefined],
      ["state", "3"],
    ]);
    expect(events.map(({ data }) => [data.status, data.progress])).toEqual([
      ["pending", 0],
      ["processing", 10],
      ["processing", 55],
      ["completed", 100],
    ]);
    expect(events[0]?.data).toMatchObject({ object: "video.generation.task", id: pending.task.id });
    await until(() => watched.ended, { ms: 2000, what: "the end of the following" });
  });

  it("is told each change once, and nothing that comes late", async () => {
    const { url, watched } = await open(pending);
    const answer = await ask(url);
    await until(() => watched.tell !== undefined, { ms: 2000 });
    for (const one of [pending, running, running, pending, running, done, running, done]) watched.tell?.(one);
    expect(parse(await answer.text()).map(({ id }) => id)).toEqual(["1", "2", "3"]);
  });

  it("that waits is told how its place in the queue changes", async () => {
    const { url, watched } = await open(view(pending.task, { queuePosition: 2 }));
    const answer = await ask(url);
    await until(() => watched.tell !== undefined, { ms: 2000 });
    watched.tell?.(view(pending.task, { queuePosition: 1 }));
    watched.tell?.(done);
    const [, progress] = parse(await answer.text());
    expect(progress).toMatchObject({ name: "progress", data: { status: "pending", queue_position: 1 } });
  });

  it("a change between the look and the follow is not lost, though nobody tells of it again", async () => {
    const reads = [running, done];
    const { url } = await open(running, async () => reads.shift() ?? done);
    expect(parse(await (await ask(url)).text()).map(({ id }) => id)).toEqual(["2", "3"]);
  });

  it("a client that leaves is followed no longer", async () => {
    const { url, watched } = await open(running);
    const asked = get(url);
    asked.on("error", () => undefined);
    await until(() => watched.tell !== undefined, { ms: 2000 });
    asked.destroy();
    await until(() => watched.ended, { ms: 2000, what: "the end of the following" });
    watched.tell?.(done);
  });

  it("a read that fails in the middle ends the stream; the client comes back and is told why", async () => {
    let reads = 0;
    const { url } = await open(running, async () => {
      if (reads++ > 0) throw new Error("closed");
      return running;
    });
    expect(parse(await (await ask(url)).text()).map(({ id }) => id)).toEqual(["2"]);
  });
});

describe("a client that comes back", () => {
  it("is not told again what it has seen", async () => {
    const { url, watched } = await open(running);
    const answer = await ask(url, "2");
    await until(() => watched.tell !== undefined, { ms: 2000 });
    watched.tell?.(done);
    expect(parse(await answer.text()).map(({ id }) => id)).toEqual(["3"]);
  });

  it("is told the present state at once where it has seen an older one", async () => {
    const { url } = await open(done);
    expect(parse(await (await ask(url, "1")).text()).map(({ id }) => id)).toEqual(["3"]);
  });

  it("after the end is told to stay away: an EventSource asks for ever otherwise", async () => {
    const { url } = await open(done);
    const answer = await ask(url, "3");
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
  });
});

it("an error before the first event is an answer like any other", async () => {
  const { url } = await open(running, async () => {
    throw Object.assign(new Error("none"), { statusCode: 404 });
  });
  expect((await ask(url)).status).toBe(404);
});
