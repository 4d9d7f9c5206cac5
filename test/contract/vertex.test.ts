import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { baseFor, vertex } from "../../src/providers/vertex.ts";
import { KEY_FILE, startVertex, TOKEN } from "../standins/vertex.ts";
import { type Lacks, NEVER } from "./provider-samples.ts";
import { describeProvider } from "./provider-suite.ts";
import { underTest } from "./under.ts";
import { folder, STANDARD, settingsFor, useVertex, work } from "./vertex-under.ts";

const LACKS: Lacks = {
  progress: "an operation is done or not",
  find: "no list, no look-up, and no name of ours in an operation",
  cancel: "operations of publishers' models cannot be stopped",
  webhook: "only Pub/Sub topics",
  behaviours: {
    "say-an-unknown-word": "an operation has no status words",
    "ask-for-patience": "nothing in an answer says when to ask again",
  },
};

describeProvider(
  "Vertex AI",
  LACKS,
  underTest({
    kind: vertex,
    start: startVertex,
    secret: TOKEN,
    settings: settingsFor,
    model: "veo-3.1-image-to-video",
    body: { image_url: "https://client.example/a.jpg" },
    scripts: {
      work: "duration=50",
      "work-slowly": "duration=1500",
      "never-end": "stuck",
      "fail-on-content": "duration=0 fail=content_policy",
      "fail-for-capacity": "duration=0 fail=capacity",
      "fail-inside": "duration=0 fail=13",
      "refuse-request": "status=400 echo-key",
      "refuse-key": "status=401 echo-key",
      "refuse-balance": "status=403 code=billing echo-key",
      "refuse-model": "status=404 echo-key",
      "refuse-content": "status=400 code=content echo-key",
      busy: "status=429",
      "drop-before-accept": "drop-before-accept",
      "reset-before-accept": "reset-before-accept",
      "accept-then-drop": "accept-then-drop",
      "accept-then-reset": "accept-then-reset",
      "accept-then-500": "accepted-status=500",
      "accept-then-502": "accepted-status=502",
      "accept-then-503": "accepted-status=503",
      "accept-then-504": "accepted-status=504",
      "accept-then-garbage": "garbage",
      "accept-and-never-answer": "late-answer=60000",
      "drop-the-first-check": "check-drop check-times=1",
      "busy-at-the-first-check": "check-status=429 retry-after=3 check-times=1",
      "break-at-the-first-check": "check-status=500 check-times=1",
      "forget-the-work": "check-status=404",
    },
  }),
);

const { standIn, provider, open, ticketOf, asked } = useVertex();

describe("what Vertex AI is told", () => {
  const picture = async () => ({
    bytesBase64Encoded: (await readFile(work("").media["instances.0.image"]?.path ?? "")).toString("base64"),
    mimeType: "image/jpeg",
  });

  it.each([
    [STANDARD, "veo-3.1-generate-001"],
    ["veo-3.1-fast-image-to-video", "veo-3.1-fast-generate-001"],
    ["veo-3.1-lite-image-to-video", "veo-3.1-lite-generate-001"],
  ])("%s: the picture's bytes, every default, and nothing that was left open", async (model, id) => {
    const order = work("", model);
    await provider().submit(order, NEVER);
    const [ask] = asked("predict");
    expect([ask?.method, ask?.path]).toEqual([
      "POST",
      `/v1/projects/a-project/locations/us-central1/publishers/google/models/${id}:predictLongRunning`,
    ]);
    expect(ask?.json).toEqual({
      instances: [{ prompt: order.params["instances.0.prompt"], image: await picture() }],
      parameters: {
        aspectRatio: "16:9",
        durationSeconds: 8,
        resolution: "1080p",
        generateAudio: false,
        sampleCount: 1,
      },
    });
  });

  const EVERYWHERE = { aspect_ratio: "9:16", generate_audio: true, negative_prompt: "rain", seed: 0 };
  const SENT = { aspectRatio: "9:16", generateAudio: true, negativePrompt: "rain", seed: 0, sampleCount: 1 };
  it.each([
    [
      STANDARD,
      {
        ...EVERYWHERE,
        duration: 4,
        resolution: "4k",
        enhance_prompt: false,
        person_generation: "dont_allow",
      },
      { ...SENT, durationSeconds: 4, resolution: "4k", enhancePrompt: false, personGeneration: "dont_allow" },
    ],
    [
      "veo-3.1-fast-image-to-video",
      { ...EVERYWHERE, duration: 6, resolution: "4k" },
      { ...SENT, durationSeconds: 6, resolution: "4k" },
    ],
    [
      "veo-3.1-lite-image-to-video",
      { ...EVERYWHERE, duration: 6, resolution: "720p" },
      { ...SENT, durationSeconds: 6, resolution: "720p" },
    ],
  ])("%s: every parameter as it was given, 0 and false included", async (model, body, parameters) => {
    await provider().submit(work("", model, body), NEVER);
    const instances = [{ prompt: expect.any(String), image: await picture() }];
    expect(asked("predict")[0]?.json).toEqual({ instances, parameters });
  });

  it("is another project, location and folder where the operator says so", async () => {
    const other = await open({
      project: "a-project",
      location: "europe-west4",
      storage_uri: "gs://a-bucket/videos/",
    });
    await other.submit(work(""), NEVER);
    const [ask] = asked("predict");
    expect(ask?.path).toContain("/projects/a-project/locations/europe-west4/");
    expect(ask?.json).toMatchObject({ parameters: { storageUri: "gs://a-bucket/videos/" } });
  });

  it("is asked about by POST, with the operation's whole name", async () => {
    const ticket = (await ticketOf("stuck")) as { operation: string };
    expect(await provider().check(ticket, NEVER)).toEqual({ state: "pending" });
    const [ask] = asked("fetch");
    expect([ask?.method, ask?.path]).toEqual([
      "POST",
      "/v1/projects/a-project/locations/us-central1/publishers/google/models/veo-3.1-generate-001:fetchPredictOperation",
    ]);
    expect(ask?.json).toEqual({ operationName: ticket.operation });
  });
});

describe("settings", () => {
  const opening = (settings: Readonly<Record<string, string>>) => open(settings).then(() => "opened");

  it("that cannot work are refused with a sentence", async () => {
    const broken = join(folder, "broken.json");
    await writeFile(broken, "{}");
    await expect(opening({ credentials: join(folder, "nowhere.json") })).rejects.toThrow(
      /nowhere\.json.*ENOENT/,
    );
    await expect(opening({ credentials: broken })).rejects.toThrow(/broken\.json.*client_email/);
    await expect(opening({ project: "a project" })).rejects.toThrow(/project is "a project"/);
    await expect(opening({ location: "Iowa!" })).rejects.toThrow(/location is "Iowa!"/);
    await expect(opening({ storage_uri: "s3://bucket" })).rejects.toThrow(/storage_uri is "s3:/);
    await expect(opening({ token_url: "http://tokens.example/" })).rejects.toThrow(/https/);
    await expect(opening({ storage_url: "http://storage.example" })).rejects.toThrow(/storage_url.*https/);
    await expect(opening({ storage_url: "storage" })).rejects.toThrow(/storage_url.*https/);
  });

  it("of a key file without a project need one of their own", async () => {
    const { project_id: _, ...rest } = KEY_FILE;
    const file = join(folder, "no-project.json");
    await writeFile(file, JSON.stringify(rest));
    await expect(opening({ credentials: file })).rejects.toThrow(/project is ""/);
    expect(await opening({ credentials: file, project: "a-project" })).toBe("opened");
  });

  it.each([
    ["us-central1", vertex.url, "https://us-central1-aiplatform.googleapis.com"],
    ["europe-west4", vertex.url, "https://europe-west4-aiplatform.googleapis.com"],
    ["global", vertex.url, "https://aiplatform.googleapis.com"],
    ["global", "http://127.0.0.1:1", "http://127.0.0.1:1"],
  ])("in %s at %s mean %s", (location, url, base) => {
    expect(baseFor(location, url ?? "")).toBe(base);
  });
});

it("a ping proves the token, the project and the location, and makes nothing", async () => {
  expect(await provider().ping?.(NEVER)).toBe("answers 404 to project a-project in us-central1");
  expect(standIn().jobs.size).toBe(0);
});
