import { afterEach, describe, expect, it } from "vitest";
import { newId } from "../../src/core/ids.ts";
import type { Provider, Submission } from "../../src/core/provider.ts";
import { openaiVideos } from "../../src/providers/openai-videos.ts";
import { startOpenaiVideos } from "../standins/openai-videos.ts";
import type { StandIn } from "../standins/standin.ts";
import { T2V } from "./openai-videos-samples.ts";
import { NEVER } from "./provider-samples.ts";
import { openKind } from "./under.ts";
import { workFor } from "./work.ts";

const DROPPED = "A fox. script: drop-before-accept";
const ACCEPTED = "A fox. script: accept-then-drop";

let standIn: StandIn;
let provider: Provider;

async function open(listed: readonly object[] = [], now: () => number = Date.now): Promise<void> {
  standIn = await startOpenaiVideos({ profile: "vllm-omni", listed });
  provider = await openKind(openaiVideos, { baseUrl: standIn.url, now });
}

afterEach(async () => {
  await provider.close?.();
  await standIn.close();
  expect(standIn.complaints).toEqual([]);
});

const workOf = (prompt: string, attemptId = newId("att", Date.now())): Submission => ({
  ...workFor({ kind: "openai-videos", model: T2V, body: { prompt } }),
  attemptId,
});
const find = async (work: Submission) => provider.find?.(work.attemptId, work);
const seconds = (): number => Math.floor(Date.now() / 1000);

/** A video that may be what came of the prompt that was dropped. */
const listed = (given: object = {}): object => ({
  ...{ id: "video_gen_other", object: "video", status: "queued", model: T2V.routes[0]?.endpoint },
  ...{ prompt: DROPPED, size: "1280x720", seconds: "5", created_at: seconds(), ...given },
});

describe("an order whose answer was lost", () => {
  it("is found, the same again when it is asked again, and for nobody else", async () => {
    await open();
    const work = workOf(ACCEPTED);
    await provider.submit(work, NEVER);
    const [job] = standIn.jobs.values();
    for (let time = 0; time < 2; time++) expect(await find(work)).toEqual({ accepted: { video: job?.id } });
    expect(await find(workOf(ACCEPTED))).toBe("unknown");
  });

  it("stays unknown while another one like it is lost, too: nobody can tell which is whose", async () => {
    await open();
    const works = [workOf(ACCEPTED), workOf(ACCEPTED)];
    for (const work of works) await provider.submit(work, NEVER);
    for (const work of works) expect(await find(work)).toBe("unknown");
  });

  it("is never another's that was accepted", async () => {
    await open();
    const theirs = workOf("A fox. script: duration=9000");
    expect(await provider.submit(theirs, NEVER)).toHaveProperty("accepted");
    expect(await find({ ...theirs, attemptId: newId("att", Date.now()) })).toBe("unknown");
  });

  it.each([
    ["its own", {}, { accepted: { video: "video_gen_other" } }],
    ["another prompt", { prompt: "A wolf" }, "unknown"],
    ["no prompt at all", { prompt: undefined }, "unknown"],
    ["another size", { size: "480x854" }, "unknown"],
    ["another length", { seconds: "4" }, "unknown"],
    ["another model", { model: "Wan-AI/another" }, "unknown"],
    ["no id", { id: "" }, "unknown"],
    ["an earlier time", { created_at: seconds() - 30 }, "unknown"],
    ["a later time", { created_at: seconds() + 90 }, "unknown"],
    ["no time", { created_at: undefined }, "unknown"],
  ])("is looked for in a list that has a video of %s", async (_name, given, found) => {
    await open([listed(given)]);
    const work = workOf(DROPPED);
    expect(await provider.submit(work, NEVER)).toHaveProperty("unknown");
    expect(await find(work)).toEqual(found);
  });

  it("stays unknown where two of the list may be it", async () => {
    await open([listed(), listed({ id: "video_gen_third" })]);
    const work = workOf(DROPPED);
    await provider.submit(work, NEVER);
    expect(await find(work)).toBe("unknown");
  });

  it("stays unknown where the list does not reach back to it", async () => {
    const others = Array.from({ length: 120 }, (_, n) => listed({ id: `video_gen_${n}`, prompt: "A wolf" }));
    await open([listed(), ...others]);
    const work = workOf(DROPPED);
    await provider.submit(work, NEVER);
    expect(await find(work)).toBe("unknown");
  });

  it("stays unknown where its time is not known, or nobody remembers what it was", async () => {
    await open([listed()]);
    expect(await find(workOf(DROPPED, "att_3c1d"))).toBe("unknown");
    expect(await find({ ...workOf(DROPPED), endpoint: "", params: {} })).toBe("unknown");
  });

  it("is found where the server's clock is an hour behind ours", async () => {
    await open([], () => Date.now() + 3_600_000);
    const work = workOf(ACCEPTED);
    await provider.submit(work, NEVER);
    expect(await find(work)).toHaveProperty("accepted");
  });

  it("is remembered where whoever asks does not say what it was", async () => {
    await open([listed()]);
    const work = workOf(DROPPED);
    await provider.submit(work, NEVER);
    expect(await find({ ...work, endpoint: "", params: {} })).toEqual({
      accepted: { video: "video_gen_other" },
    });
  });
});

describe("an order of an earlier process", () => {
  let ms = 0;
  const reopen = async (): Promise<Submission> => {
    ms = Date.now();
    await open([listed()], () => ms);
    return workOf(DROPPED, newId("att", ms - 1));
  };

  it("is found by its id's time, but not before the tickets of others have been seen", async () => {
    const work = await reopen();
    expect(await find(work)).toBe("unknown");
    ms += 6_000;
    expect(await find(work)).toEqual({ accepted: { video: "video_gen_other" } });
  });

  it("is not found where a ticket of ours has that video", async () => {
    const work = await reopen();
    expect(await find(work)).toBe("unknown");
    await provider.check({ video: "video_gen_other" }, NEVER);
    ms += 6_000;
    expect(await find(work)).toBe("unknown");
  });

  it("is not found where another one like it is looked for, too", async () => {
    const works = [await reopen(), workOf(DROPPED, newId("att", ms - 1))];
    for (const work of works) expect(await find(work)).toBe("unknown");
    ms += 6_000;
    for (const work of works) expect(await find(work)).toBe("unknown");
  });
});
