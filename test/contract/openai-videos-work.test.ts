import { beforeEach, describe, expect, it } from "vitest";
import type { Json } from "../../src/core/json.ts";
import type { Submission } from "../../src/core/provider.ts";
import { TINY_MP4 } from "../support/fake-file.ts";
import { acceptedBy, answering, imageWork, KEY, openBoth, textWork } from "./openai-videos-samples.ts";
import { NEVER } from "./provider-samples.ts";
import { readOutput, useBoth } from "./under.ts";

const at = useBoth(openBoth);

const accepted = (work: Submission): Promise<Json> => acceptedBy({ provider: at.provider }, work);

describe("how the work stands", () => {
  it.each([
    ["melted", "provider_failed"],
    ["capacity", "provider_busy"],
    ["400", "provider_refused"],
    ["404", "provider_failed"],
    ["422", "provider_refused"],
    ["429", "provider_busy"],
    ["502", "provider_failed"],
  ])(
    "vLLM-Omni answers with an HTTP error for a job that failed with %s, and that is its end",
    async (fail, code) => {
      await at.open();
      const ticket = await accepted(textWork(`duration=0 fail=${fail}`));
      const end = await at.provider.check(ticket, NEVER);
      expect(end).toMatchObject({ state: "failed", error: { code } });
      expect(end.state === "failed" && end.error.message).toContain(`: It failed with ${fail}.`);
    },
  );

  it("SGLang answers 200 for a job that failed", async () => {
    await at.open({ profile: "sglang" });
    const ticket = await accepted(imageWork("duration=0 fail=melted"));
    const end = await at.provider.check(ticket, NEVER);
    expect(end).toMatchObject({ state: "failed", error: { code: "provider_failed" } });
    expect(end.state === "failed" && end.error.message).toContain("It failed with melted.");
  });

  it("SGLang says queued for the whole run, which is pending", async () => {
    await at.open({ profile: "sglang" });
    const ticket = await accepted(imageWork("stuck"));
    expect(await at.provider.check(ticket, NEVER)).toEqual({ state: "pending" });
  });

  it.each([408, 425, 429, 500, 502, 503, 504])(
    "is not what an answer of %i without a job says",
    async (status) => {
      await at.open();
      const ticket = await accepted(textWork(`check-status=${status} check-times=1 duration=0`));
      await expect(at.provider.check(ticket, NEVER)).rejects.toThrow();
      expect((await at.provider.check(ticket, NEVER)).state).toBe("done");
    },
  );

  it.each([
    ["a page's 404", "<html>404</html>"],
    ["a 404 of a path that does not exist", { detail: "Not Found" }],
  ])("is not what %s says", async (_name, body) => {
    await at.open();
    const other = await answering(404, body);
    await expect(other.provider.check({ video: "video_gen_1" }, NEVER)).rejects.toThrow("404");
    await other.close();
  });

  it("is not what a success without a job says", async () => {
    await at.open();
    for (const body of [{}, [], "<html></html>", { id: "video_gen_1" }]) {
      const other = await answering(200, body);
      await expect(other.provider.check({ video: "video_gen_1" }, NEVER)).rejects.toThrow();
      await other.close();
    }
  });

  it("is lost where the server says so in vLLM's own form", async () => {
    await at.open();
    const other = await answering(404, {
      error: { message: "Video not found", type: "NotFound", code: 404 },
    });
    expect(await other.provider.check({ video: "video_gen_1" }, NEVER)).toMatchObject({
      state: "failed",
      error: { code: "provider_lost" },
    });
    await other.close();
  });
});

describe("the file", () => {
  async function output(script: string) {
    const ticket = await accepted(textWork(`duration=0 ${script}`));
    const end = await at.provider.check(ticket, NEVER);
    if (end.state !== "done") throw new Error(end.state);
    return { ticket, output: end.output };
  }

  it("comes from the server's own API with our key, and may be asked for again", async () => {
    await at.open({ key: KEY }, { key: KEY });
    const made = await output("");
    for (let time = 0; time < 2; time++) {
      expect(Buffer.from(await readOutput(made.output)).equals(Buffer.from(TINY_MP4))).toBe(true);
    }
    const { method, path, headers } = at.standIn.asks.at(-1)!;
    const { video } = made.ticket as { video: string };
    expect([method, path, headers.authorization]).toEqual([
      "GET",
      `/v1/videos/${video}/content`,
      `Bearer ${KEY}`,
    ]);
  });

  it.each(["file=cut file-times=1", "file=lost file-times=1", "file=long file-times=1"])(
    "that does not come whole (%s) rejects, and the next time it does",
    async (script) => {
      await at.open();
      const made = await output(script);
      await expect(readOutput(made.output)).rejects.toThrow();
      expect((await readOutput(made.output)).length).toBe(TINY_MP4.length);
    },
  );

  it("that comes slowly is read to its end, and one that stalls is given up", async () => {
    await at.open({}, { totalMs: 400 });
    expect((await readOutput((await output("file=slow slow-ms=800")).output)).length).toBe(TINY_MP4.length);
    const stalled = await output("file=slow slow-ms=60000");
    await expect(readOutput(stalled.output)).rejects.toThrow();
  });

  it("stops coming when nobody wants it any more", async () => {
    await at.open();
    const { from } = (await output("file=slow slow-ms=60000")).output;
    if (!("open" in from)) throw new Error("no open");
    const stop = new AbortController();
    const bytes = await from.open(stop.signal);
    const read = (async () => {
      for await (const chunk of bytes) if (chunk.length > 0) stop.abort();
    })();
    await expect(read).rejects.toThrow();
  });

  it("that is not there says so by its code, and tells nothing of the key", async () => {
    await at.open({ key: KEY }, { key: KEY });
    const reading = readOutput((await output("file=lost")).output);
    await expect(reading).rejects.toMatchObject({
      code: "provider_failed",
      message: expect.stringMatching(/ 404/),
    });
  });

  it("of SGLang with a cloud storage is where the job says, and our key is not shown there", async () => {
    await at.open({ profile: "sglang", cloud: true, key: KEY }, { key: KEY });
    const ticket = await accepted(imageWork("duration=0"));
    const end = await at.provider.check(ticket, NEVER);
    if (end.state !== "done") throw new Error(end.state);
    expect(end.output.from).toEqual({ url: expect.stringContaining("/files/") });
  });
});

describe("a cancel", () => {
  it("of a video that is ready does not delete it", async () => {
    await at.open();
    const ticket = await accepted(textWork("duration=0"));
    expect(await at.provider.cancel?.(ticket)).toBe("too-late");
    expect((await at.provider.check(ticket, NEVER)).state).toBe("done");
    expect(at.standIn.asks.some(({ method }) => method === "DELETE")).toBe(false);
  });

  it("of work that failed, or that nobody knows any more, is too late", async () => {
    await at.open();
    expect(await at.provider.cancel?.(await accepted(textWork("duration=0 fail=melted")))).toBe("too-late");
    expect(await at.provider.cancel?.({ video: "video_gen_none" })).toBe("too-late");
  });
});

describe("what is held for the work", () => {
  beforeEach(() => at.open());

  it("is let go when it is no longer wanted, and once more is no mistake", async () => {
    const ticket = await accepted(textWork("duration=0"));
    await at.provider.forget?.(ticket);
    await at.provider.forget?.(ticket);
    expect(await at.provider.check(ticket, NEVER)).toMatchObject({ error: { code: "provider_lost" } });
  });

  it("of work that the server has not stopped yet stays, and that is no mistake", async () => {
    const ticket = await accepted(textWork("stuck cancel=ignored"));
    expect(await at.provider.cancel?.(ticket)).toBe("requested");
    await at.provider.forget?.(ticket);
    expect((await at.provider.check(ticket, NEVER)).state).toBe("processing");
  });
});
