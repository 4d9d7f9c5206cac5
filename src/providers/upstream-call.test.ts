import { createServer } from "node:net";
import { afterEach, expect, it } from "vitest";
import { openUpstream, type Upstream, type UpstreamOptions } from "./upstream-call.ts";

let upstream: Upstream | undefined;
afterEach(() => upstream?.close());

const SETTINGS = { headers: {}, connectMs: 2_000, totalMs: 4_000 };

function submit(options: Pick<UpstreamOptions, "baseUrl" | "lookup">): ReturnType<Upstream["call"]> {
  upstream = openUpstream({ ...SETTINGS, ...options });
  return upstream.call({ method: "POST", path: "jobs", body: { prompt: "waves" } });
}

it.each(["ENOTFOUND", "EAI_AGAIN"])(
  "a name that does not resolve (%s): nothing has left, so it may be sent again",
  async (code) => {
    const asked: string[] = [];
    const outcome = await submit({
      baseUrl: "http://provider.example",
      lookup: (host, _options, done) => {
        asked.push(host);
        done(Object.assign(new Error(code), { code }), "");
      },
    });
    expect(outcome).toMatchObject({ lost: { sent: false, why: `the connection failed (${code})` } });
    expect(asked).toEqual(["provider.example"]);
  },
);

it("the name resolves and the socket ends after it was written to: something may have arrived", async () => {
  const server = createServer((socket) => socket.once("data", () => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const outcome = await submit({
    baseUrl: `http://provider.example:${port}`,
    lookup: (_host, options, done) =>
      options.all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4),
  });
  await new Promise((resolve) => server.close(resolve));
  expect(outcome).toMatchObject({ lost: { sent: true } });
});
