import { once } from "node:events";
import { get } from "node:http";
import type { AddressInfo } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, expect, it } from "vitest";
import { until } from "../../test/support/until.ts";
import { openHeldRequests } from "./held-requests.ts";

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

/** A server whose only answer is held until its signal aborts. */
async function open(): Promise<{ url: string; held: AbortSignal[]; server: FastifyInstance }> {
  const server = Fastify({ forceCloseConnections: "idle" });
  app = server;
  const held: AbortSignal[] = [];
  await server.register(async (scope) => {
    const requests = openHeldRequests(scope);
    scope.get("/", async (_request, reply) => {
      const signal = requests.hold(reply);
      held.push(signal);
      if (!signal.aborted) await once(signal, "abort");
      return "over";
    });
    scope.get("/short", async (_request, reply) => {
      held.push(requests.hold(reply));
      return "at once";
    });
  });
  await server.listen({ host: "127.0.0.1", port: 0 });
  return { url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`, held, server };
}

it("ends once its client has gone", async () => {
  const { url, held } = await open();
  const asked = get(url);
  asked.on("error", () => undefined);
  await until(() => held.length === 1, { ms: 2000 });
  expect(held[0]?.aborted).toBe(false);
  asked.destroy();
  await until(() => held[0]?.aborted, { ms: 2000, what: "the signal" });
});

it("ends once the answer is sent", async () => {
  const { url, held } = await open();
  expect(await (await fetch(`${url}/short`)).text()).toBe("at once");
  await until(() => held[0]?.aborted, { ms: 2000, what: "the signal" });
});

it("a server that closes answers them instead of waiting for them", async () => {
  const { url, held, server } = await open();
  const answers = [1, 2, 3].map(() => fetch(url).then((answer) => answer.text()));
  await until(() => held.length === 3, { ms: 2000 });
  const started = performance.now();
  await server.close();
  expect(performance.now() - started).toBeLessThan(2000);
  expect(await Promise.all(answers)).toEqual(["over", "over", "over"]);
});
