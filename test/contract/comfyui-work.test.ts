import { describe, expect, it } from "vitest";
import type { Json } from "../../src/core/json.ts";
import type { Submission } from "../../src/core/provider.ts";
import { TINY_MP4 } from "../support/fake-file.ts";
import { acceptedBy, openBoth, textWork } from "./comfyui-samples.ts";
import { NEVER } from "./provider-samples.ts";
import { readOutput, useBoth } from "./under.ts";

const at = useBoth(openBoth);

const accepted = (work: Submission): Promise<Json> => acceptedBy({ provider: at.provider }, work);
const AGES = ["new", "old"] as const;

describe.each(AGES)("how the work stands on a server that is %s", (age) => {
  it.each([
    ["queued=60000", { state: "pending" }],
    ["stuck", { state: "processing", progress: 1 }],
    ["duration=0", { state: "done" }],
    ["duration=0 fail=melted", { state: "failed", error: { code: "provider_failed" } }],
    ["duration=0 fail=picture", { state: "failed", error: { code: "input_unreadable" } }],
  ])("%s", async (script, progress) => {
    await at.open({ age });
    expect(await at.provider.check(await accepted(textWork(script)), NEVER)).toMatchObject(progress);
  });

  it("tells the exception of a failure in its own words", async () => {
    await at.open({ age });
    const end = await at.provider.check(await accepted(textWork("duration=0 fail=melted")), NEVER);
    expect(end.state === "failed" && end.error.message).toBe(
      "ComfyUI gave up on this video: It failed with melted.",
    );
  });

  it("is lost after a restart", async () => {
    const forgotten = new Set<string>();
    await at.open({ age, forgotten });
    const ticket = await accepted(textWork("stuck"));
    forgotten.add((ticket as { prompt: string }).prompt);
    expect(await at.provider.check(ticket, NEVER)).toMatchObject({ error: { code: "provider_lost" } });
  });

  it("is stopped where it waits, and where it runs", async () => {
    await at.open({ age });
    const waiting = await accepted(textWork("queued=60000"));
    expect(await at.provider.cancel?.(waiting)).toBe("cancelled");
    expect(await at.provider.check(waiting, NEVER)).toMatchObject({ error: { code: "provider_lost" } });
    const running = await accepted(textWork("stuck"));
    expect(await at.provider.cancel?.(running)).toBe("cancelled");
    expect(await at.provider.check(running, NEVER)).toMatchObject({
      error: { code: "provider_failed", message: "The work was stopped at ComfyUI." },
    });
    expect(await at.provider.cancel?.({ prompt: "0b0f6c1e-7d0e-4b57-9a53-0d6a5c1f2f10" })).toBe("too-late");
  });
});

describe("an old server", () => {
  it("is never told to stop what is not ours: very old ones stop whatever runs", async () => {
    await at.open({ age: "ancient" });
    const ours = await accepted(textWork("queued=60000"));
    const others = await accepted(textWork("stuck"));
    expect(await at.provider.cancel?.(ours)).toBe("cancelled");
    expect((await at.provider.check(others, NEVER)).state).toBe("processing");
    expect(at.standIn.asks.some(({ path }) => path === "/interrupt")).toBe(false);
  });

  it("that makes its own ids is asked about the one that it made", async () => {
    await at.open({ age: "ancient" });
    const ticket = await accepted(textWork("duration=0"));
    expect(ticket).toMatchObject({ prompt: [...at.standIn.jobs.keys()][0] });
    expect((await at.provider.check(ticket, NEVER)).state).toBe("done");
  });
});

describe("an attempt whose answer was lost", () => {
  const GRACE_MS = 20_000;
  const lost = async (script: string, age: "new" | "old" = "new") => {
    let ms = Date.now();
    await at.open({ age }, { now: () => ms });
    const work = textWork(script);
    expect(await at.provider.submit(work, NEVER)).toHaveProperty("unknown");
    return {
      work,
      find: () => at.provider.find?.(work.attemptId, work),
      pass: (time: number) => {
        ms += time;
      },
    };
  };

  it.each(AGES)("is found by its id on a server that is %s", async (age) => {
    const { work, find } = await lost("accept-then-drop duration=0", age);
    const [id] = at.standIn.jobs.keys();
    expect(await find()).toEqual({
      accepted: { prompt: id, node: "15", drawn: { seed: expect.any(Number) } },
    });
    // Whoever lets it go describes no work.
    const bare = { ...work, endpoint: "", params: {}, media: {} };
    expect(await at.provider.find?.(work.attemptId, bare)).toEqual({ accepted: { prompt: id } });
    expect((await at.provider.check({ prompt: id ?? "" }, NEVER)).state).toBe("done");
  });

  it("is not said to be absent before a server whose loop is held up has surely taken it up", async () => {
    const { find, pass } = await lost("drop-before-accept");
    expect(await find()).toBe("unknown");
    pass(GRACE_MS - 1);
    expect(await find()).toBe("unknown");
    pass(1);
    expect(await find()).toBe("absent");
  });

  it("is never said to be absent by a server that would make it twice", async () => {
    const { find, pass } = await lost("drop-before-accept", "old");
    pass(24 * 3_600_000);
    expect(await find()).toBe("unknown");
  });

  it("in an earlier process is absent a while after this one began", async () => {
    let ms = Date.now();
    await at.open({}, { now: () => ms });
    const work = textWork("duration=0");
    expect(await at.provider.find?.(work.attemptId, work)).toBe("unknown");
    ms += GRACE_MS;
    expect(await at.provider.find?.(work.attemptId, work)).toBe("absent");
    // The same order again is the same job, whichever of the two arrives.
    await accepted(work);
    expect(await at.provider.submit(work, NEVER)).toHaveProperty("accepted");
    expect(at.standIn.jobs.size).toBe(1);
  });
});

describe("the file", () => {
  const made = async (outputs?: object) => {
    await at.open(outputs === undefined ? {} : { outputs });
    return at.provider.check(await accepted(textWork("duration=0")), NEVER);
  };
  const file = (filename: string, type = "output") => ({ filename, subfolder: "video", type });

  it.each([
    ["SaveVideo's, among the images", { "15": { images: [file("{id}.mp4")], animated: [true] } }],
    [
      "one of a custom node, among the gifs",
      { "15": { gifs: [{ ...file("{id}.mp4"), format: "video/h264-mp4" }] } },
    ],
    ["one among the videos", { "15": { videos: [file("{id}.mp4")] } }],
    ["behind previews", { "14": { images: [file("a.mp4", "temp")] }, "15": { video: [file("{id}.mp4")] } }],
    ["behind pictures and texts", { "15": { text: ["done"], images: [file("a.png"), file("{id}.mp4")] } }],
    ["saved, behind its own preview", { "15": { images: [file("a.mp4", "temp"), file("{id}.mp4")] } }],
  ])("is read where it is: %s", async (_name, outputs) => {
    const end = await made(outputs);
    if (end.state !== "done") throw new Error(JSON.stringify(end));
    expect((await readOutput(end.output)).length).toBe(TINY_MP4.length);
  });

  it.each([
    ["a WebM", { "15": { images: [file("v_00001_.webm")] } }, "it made v_00001_.webm (node 15)"],
    [
      "an animated WebP",
      { "15": { images: [file("v.webp")], animated: [true] } },
      "it made v.webp (node 15)",
    ],
    ["another node's", { "99": { images: [file("{id}.mp4")] } }, "an MP4 or MOV file of node 15"],
    ["nothing", {}, "it made no file at all"],
    [
      "what has no name",
      { "15": { images: [null, {}, "x", { filename: 1 }], text: "x" } },
      "it made no file at all",
    ],
  ])("is missing where the workflow made %s", async (_name, outputs, words) => {
    const end = await made(outputs);
    expect(end).toMatchObject({ state: "failed", error: { code: "no_content" } });
    expect(end.state === "failed" && end.error.message).toContain(words);
  });

  it("is any node's where the workflow names none", async () => {
    await at.open({ outputs: { "99": { images: [file("{id}.mp4")] } } });
    const { prompt } = (await accepted(textWork("duration=0"))) as { prompt: string };
    expect((await at.provider.check({ prompt }, NEVER)).state).toBe("done");
  });

  it.each(["file=cut file-times=1", "file=lost file-times=1", "file=long file-times=1"])(
    "that does not come whole (%s) rejects, and the next time it does",
    async (script) => {
      await at.open();
      const end = await at.provider.check(await accepted(textWork(`duration=0 ${script}`)), NEVER);
      if (end.state !== "done") throw new Error(end.state);
      await expect(readOutput(end.output)).rejects.toThrow();
      expect((await readOutput(end.output)).length).toBe(TINY_MP4.length);
    },
  );

  it("comes from the server's own API with our key", async () => {
    const key = "sk-5eCr3t-of-the-proxy";
    await at.open({ key }, { key });
    const end = await at.provider.check(await accepted(textWork("duration=0")), NEVER);
    if (end.state !== "done") throw new Error(end.state);
    await readOutput(end.output);
    const { url, headers } = at.standIn.asks.at(-1)!;
    const [id] = at.standIn.jobs.keys();
    expect([url.pathname, Object.fromEntries(url.searchParams), headers.authorization]).toEqual([
      "/view",
      { filename: `${id}.mp4`, subfolder: "video", type: "output" },
      `Bearer ${key}`,
    ]);
  });
});

describe("a check", () => {
  it.each([408, 429, 500, 502, 503, 504])(
    "that a proxy answers with %i says nothing about the work",
    async (status) => {
      for (const age of AGES) {
        await at.open({ age });
        const ticket = await accepted(textWork(`duration=0 check-status=${status} check-times=1`));
        await expect(at.provider.check(ticket, NEVER)).rejects.toThrow();
        expect((await at.provider.check(ticket, NEVER)).state).toBe("done");
      }
    },
  );

  it("asks an old server for its queue before its history: work that ends in between is in neither else", async () => {
    await at.open({ age: "old" });
    const ticket = await accepted(textWork("duration=0"));
    expect((await at.provider.check(ticket, NEVER)).state).toBe("done");
    const { prompt } = ticket as { prompt: string };
    expect(at.standIn.asks.slice(1).map(({ path }) => path)).toEqual([
      `/api/jobs/${prompt}`,
      "/queue",
      `/history/${prompt}`,
    ]);
  });
});
