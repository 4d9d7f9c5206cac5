/** What stand-ins refuse because their contracts do: a stand-in that takes everything shows no mistake of a route. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fal } from "../../src/providers/fal.ts";
import { nest } from "../../src/providers/upstream-body.ts";
import { DASHSCOPE_KEY } from "../standins/dashscope.ts";
import { FAL_KEY, startFal } from "../standins/fal.ts";
import { openBoth, PICTURE, wanWork } from "./dashscope-under.ts";
import { NEVER } from "./provider-samples.ts";
import { type Both, closeBoth, openKind } from "./under.ts";
import { workFor } from "./work.ts";

describe("the stand-in of DashScope", () => {
  /** Not closed by the scene, which takes every complaint for a mistake. */
  let both: Both;
  beforeEach(async () => {
    both = await openBoth();
  });
  afterEach(() => closeBoth(both));

  it.each([
    ["a resolution in lower case", { "parameters.resolution": "1080p" }, /resolution/],
    ["a duration as text", { "parameters.duration": "5" }, /duration/],
    ["the shape of Wan 2.6", { "input.img_url": PICTURE }, /img_url/],
  ])("refuses %s, so that a wrong route shows", async (_name, params, complaint) => {
    const work = wanWork("Waves.");
    const wrong = { ...work, params: { ...work.params, ...params } };
    expect(await both.provider.submit(wrong, NEVER)).toMatchObject({ refused: { code: "provider_refused" } });
    expect(both.standIn.complaints).toEqual([expect.stringMatching(complaint)]);
  });

  it("refuses a submit without the header of asynchronous calls", async () => {
    const { endpoint: model, params } = wanWork("Waves.");
    const answer = await fetch(`${both.standIn.url}/api/v1/services/aigc/video-generation/video-synthesis`, {
      method: "POST",
      headers: { authorization: `Bearer ${DASHSCOPE_KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ model, ...nest(params) }),
    });
    expect([answer.status, await answer.json()]).toEqual([
      403,
      expect.objectContaining({ message: expect.stringContaining("does not support synchronous calls") }),
    ]);
    expect([both.standIn.complaints, both.standIn.jobs.size]).toEqual([
      ["X-DashScope-Async: enable is missing"],
      0,
    ]);
  });
});

describe("the stand-in of fal", () => {
  it.each([
    ["pixverse-v6-text-to-video", { prompt: "A fox." }, "5"],
    ["wan-2.7-image-to-video", { image_urls: [PICTURE] }, 5],
    ["veo-3.1-image-to-video", { prompt: "A fox.", image_url: PICTURE }, 8],
  ])(
    "refuses a duration of another type (%s), so that a wrong route shows",
    async (model, body, duration) => {
      const own = await startFal();
      const other = await openKind(fal, { baseUrl: own.url, key: FAL_KEY });
      const work = workFor({ kind: "fal", model, body });
      const wrong = { ...work, params: { ...work.params, duration } };
      expect(await other.submit(wrong, NEVER)).toMatchObject({
        refused: { code: "provider_refused" },
        again: false,
      });
      expect(own.complaints).toEqual([expect.stringContaining("duration")]);
      expect(own.jobs.size).toBe(0);
      await other.close?.();
      await own.close();
    },
  );
});
