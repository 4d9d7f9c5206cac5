/** What the AI SDK's call options become: a parameter, or a warning, or a refusal, and never nothing. */
import { experimental_startVideo as startVideo } from "ai";
import { describe, expect, test } from "vitest";
import { call, IDS, UPLOAD } from "../support/api.ts";
import { NO_RENDER } from "../support/server.ts";
import { photo, rejected, SMALL, useStage } from "./ai-sdk-stage.ts";

const stage = useStage(NO_RENDER);

describe("what a model has no place for", () => {
  const start = async (id: string, options: Omit<Parameters<typeof startVideo>[0], "model">) =>
    startVideo({ model: stage().provider.video(id), ...options });
  /** Nothing is to be made of them. */
  const cancelAll = async (): Promise<void> => {
    for (const { id } of await stage().tasksMade()) {
      await call(stage().server, `/v1/tasks/${id}/cancel`, { method: "POST", key: stage().key });
    }
  };
  const features = (warnings: readonly object[]): readonly unknown[] =>
    warnings.map((one) => ("feature" in one ? one.feature : "message" in one && one.message));

  test("is a warning each, and the rest is sent", async () => {
    const { warnings } = await start(IDS.wan, {
      prompt: { image: photo, text: "push in" },
      fps: 60,
      generateAudio: false,
      aspectRatio: "9:16",
      resolution: "1920x1080",
      seed: 0,
      duration: 2,
      inputReferences: [photo],
    });
    expect(features(warnings)).toEqual(
      expect.arrayContaining(["fps", "generateAudio", "aspectRatio", "inputReferences"]),
    );
    const body = stage().lastBody();
    expect(body).toMatchObject({ seed: 0, duration: 2, resolution: "1080p", prompt: "push in" });
    for (const name of ["fps", "generate_audio", "aspect_ratio"]) expect(body).not.toHaveProperty(name);
  });

  test("a last frame of a model that takes the first only is one", async () => {
    const frameImages = [
      { image: photo, frameType: "first_frame" as const },
      { image: photo, frameType: "last_frame" as const },
    ];
    const { warnings } = await start(IDS.pixverseImage, {
      prompt: "push in",
      frameImages,
      providerOptions: SMALL,
    });
    expect(features(warnings)).toEqual(["frameImages"]);
    expect(stage().proxy.count("POST", UPLOAD)).toBe(1);
  });

  test.each([
    ["pixverse-v6-transition", ["image_url", "image_tail_url"]],
    ["veo-3.1-first-last-frame-to-video", ["first_image_url", "last_image_url"]],
  ])("both frames of %s have places of their own", async (id, names) => {
    const frameImages = [
      { image: "http://127.0.0.1:9/a.jpg", frameType: "first_frame" as const },
      { image: "http://127.0.0.1:9/b.jpg", frameType: "last_frame" as const },
    ];
    const { warnings } = await start(id, { prompt: "from here to there", frameImages });
    expect(warnings).toEqual([]);
    const body = stage().lastBody();
    expect(names.map((name) => body[name])).toEqual(frameImages.map(({ image }) => image));
    await cancelAll();
  });

  test("a clip is gone on from where a model does that, and says so", async () => {
    const clip = { data: "http://127.0.0.1:9/a.mp4", mediaType: "video/mp4" };
    const { warnings } = await start("pixverse-v6-extend", { prompt: "on", inputReferences: [clip, photo] });
    expect(stage().lastBody()).toMatchObject({ video_url: clip.data });
    expect(warnings).toMatchObject([
      { type: "compatibility", feature: "inputReferences" },
      { type: "unsupported", feature: "inputReferences" },
    ]);
    await cancelAll();
  });

  test("a picture for a model without pictures is refused, instead of another video being made", async () => {
    const error = await rejected(
      start(IDS.pixverseText, { prompt: { image: photo, text: "waves" }, providerOptions: SMALL }),
    );
    expect(error.message).toContain("image_url");
    expect(await stage().tasksMade()).toEqual([]);
  });

  test.each<[string, string | undefined, string | undefined, object, readonly string[]]>([
    [IDS.pixverseText, "1280x720", undefined, { resolution: "720p", aspect_ratio: "16:9" }, []],
    [IDS.pixverseText, "720x1280", undefined, { resolution: "720p", aspect_ratio: "9:16" }, []],
    [IDS.pixverseText, "1920x1080", "16:9", { resolution: "1080p", aspect_ratio: "16:9" }, []],
    [IDS.pixverseText, undefined, "21:9", { aspect_ratio: "21:9" }, []],
    [IDS.pixverseText, "1000x500", undefined, {}, ["resolution"]],
    [IDS.pixverseText, "1000x720", undefined, { resolution: "720p" }, ["resolution"]],
    [IDS.pixverseText, undefined, "adaptive", {}, ["aspectRatio"]],
    [IDS.veo, "3840x2160", undefined, { resolution: "4k", aspect_ratio: "16:9" }, []],
    [IDS.wan, "1280x720", undefined, { resolution: "720p" }, ["resolution"]],
    [IDS.wan, "1280x720", "adaptive", { resolution: "720p" }, []],
  ])("%s at %s and %s", async (id, resolution, aspectRatio, expected, warned) => {
    const picture = id === IDS.pixverseText ? "waves" : { image: photo, text: "waves" };
    const { warnings } = await start(id, {
      prompt: picture,
      ...(resolution === undefined ? {} : { resolution: resolution as `${number}x${number}` }),
      ...(aspectRatio === undefined ? {} : { aspectRatio: aspectRatio as `${number}:${number}` }),
    });
    const { resolution: sent, aspect_ratio } = stage().lastBody();
    const shape = { resolution: sent, aspect_ratio };
    expect(JSON.parse(JSON.stringify(shape))).toEqual(expected);
    expect(features(warnings)).toEqual(warned);
    await cancelAll();
  });

  test("sizes that contradict each other are said to", async () => {
    const { warnings } = await start(IDS.pixverseText, {
      prompt: "waves",
      resolution: "1280x720",
      aspectRatio: "1:1",
      duration: 1,
    });
    expect(stage().lastBody()).toMatchObject({ resolution: "720p", aspect_ratio: "1:1" });
    expect(features(warnings)).toEqual([expect.stringContaining("1280x720 is not 1:1")]);
  });
});
