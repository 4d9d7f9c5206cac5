import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../src/core/ids.ts";
import type { InputFile, Submission } from "../../src/core/provider.ts";
import { REPLICATE_KEY } from "../standins/replicate.ts";
import { NEVER } from "./provider-samples.ts";
import { eager, foxWork, openBoth, PICTURE } from "./replicate-under.ts";
import { openKind, useBoth } from "./under.ts";
import { workFor } from "./work.ts";

const at = useBoth(openBoth);

const find = (work: Submission) => at.provider.find?.(work.attemptId, work);

describe("a lost attempt among predictions that look alike", () => {
  beforeEach(() => at.open());

  const LOST = "Waves. script: accept-then-drop duration=0 webhook=never";
  const lose = async (work: Submission): Promise<Submission> => {
    expect(await at.provider.submit(work, NEVER)).toEqual({ unknown: expect.any(String) });
    return work;
  };
  /** As another process would submit it: nothing here knows of it. */
  const elsewhere = async (work: Submission): Promise<void> => {
    const other = await openKind(eager, { baseUrl: at.standIn.url, key: REPLICATE_KEY });
    await other.submit(work, NEVER);
    await other.close?.();
  };
  const named = (work: Submission, at = Date.now()): Submission => ({ ...work, attemptId: newId("att", at) });
  const hooked = (work: Submission): Submission => ({
    ...work,
    webhookUrl: `https://reelay.example/hooks/task_1/${work.attemptId}/signed`,
  });
  const only = () => ({ accepted: { prediction: [...at.standIn.jobs.keys()].at(-1) } });

  it("is found at once by its input and time", async () => {
    expect(await find(await lose(foxWork(LOST)))).toEqual(only());
  });

  it("is found by its webhook where the list shows it, even if all else is forgotten or alike", async () => {
    await at.open({ showsWebhook: true });
    await elsewhere(hooked(foxWork(LOST)));
    await elsewhere(foxWork(LOST));
    const work = hooked(foxWork(LOST));
    await lose(work);
    expect(
      await at.provider.find?.(work.attemptId, { ...work, endpoint: "", params: {}, webhookUrl: null }),
    ).toEqual(only());
  });

  it("is not one with another's webhook", async () => {
    await at.open({ showsWebhook: true });
    const prompt = "Waves. script: duration=0 webhook=never";
    await elsewhere(hooked(foxWork(prompt)));
    expect(await find(named(foxWork(prompt)))).toBe("unknown");
  });

  it("is not one of another model, picture, value or field, or of another time", async () => {
    await elsewhere(foxWork("Waves. script: duration=0", { seed: 1 }));
    await elsewhere(foxWork("Waves. script: duration=0", { duration: 6 }));
    expect(await find(named(foxWork("Waves. script: duration=0")))).toBe("unknown");
    await elsewhere(foxWork("Rain. script: duration=0"));
    expect(await find(named(foxWork("Rain. script: duration=0"), Date.now() - 600_000))).toBe("unknown");
    const body = { prompt: "Snow. script: duration=0", image_url: PICTURE };
    const work = named(workFor({ kind: "replicate", model: "pixverse-v6-image-to-video", body }));
    const image = work.media.image as InputFile;
    const other = { ...image, url: "https://reelay.example/files/file_other/in?expires=1&signature=s" };
    await elsewhere({ ...work, media: { image: other } });
    expect(await find(work)).toBe("unknown");
  });

  it("is not one of long ago, even if the list shows that, too", async () => {
    await at.open({ ignoresTimes: true });
    await elsewhere(foxWork("Rain. script: duration=0"));
    expect(await find(named(foxWork("Rain. script: duration=0"), Date.now() - 600_000))).toBe("unknown");
  });

  it("is found though our link to its picture has another signature by then", async () => {
    const body = { prompt: LOST, image_url: PICTURE };
    const work = named(workFor({ kind: "replicate", model: "pixverse-v6-image-to-video", body }));
    await elsewhere(work);
    const image = work.media.image as InputFile;
    const again = {
      ...image,
      url: String(image.url).replace("expires=1&signature=s", "expires=2&signature=t"),
    };
    expect(await find({ ...work, media: { image: again } })).toEqual(only());
  });

  it("is not the one of another attempt whose answer came, or whose ticket is in use", async () => {
    await at.provider.submit(foxWork("Waves. script: duration=0"), NEVER);
    expect(await find(named(foxWork("Waves. script: duration=0")))).toBe("unknown");
    await elsewhere(foxWork("Rain. script: duration=0"));
    await at.provider.check(only().accepted, NEVER);
    expect(await find(named(foxWork("Rain. script: duration=0")))).toBe("unknown");
  });

  it("is unknown where two could be it, or where a twin is lost, too", async () => {
    await elsewhere(foxWork("Waves. script: duration=0"));
    await elsewhere(foxWork("Waves. script: duration=0"));
    expect(await find(named(foxWork("Waves. script: duration=0")))).toBe("unknown");
    const arrived = await lose(foxWork("Rain. script: accept-then-drop duration=0"));
    expect(await find(named(foxWork("Rain. script: accept-then-drop duration=0")))).toBe("unknown");
    expect(await find(arrived)).toBe("unknown");
  });

  it("stays what it was where somebody asks who does not know the work, so that its twin is not taken for it", async () => {
    const arrived = await lose(foxWork(LOST));
    await at.provider.find?.(arrived.attemptId, { ...arrived, endpoint: "", params: {} });
    expect(await find(named(foxWork(LOST)))).toBe("unknown");
  });

  it("is looked for on all pages", async () => {
    await at.open({ pageSize: 2 });
    const work = await lose(foxWork(LOST));
    for (let other = 0; other < 4; other++) await elsewhere(foxWork(`Rain ${other}. script: duration=0`));
    expect(await find(work)).toEqual({ accepted: { prediction: [...at.standIn.jobs.keys()][0] } });
    const lists = at.standIn.asks.filter(({ url }) => url.pathname === "/v1/predictions");
    expect(lists.map(({ url }) => url.searchParams.get("cursor"))).toEqual([null, "2", "4"]);
  });

  it("is unknown where there are more pages than are read, for the others may hold a second one", async () => {
    await at.open({ pageSize: 1 });
    const work = await lose(foxWork(LOST));
    for (let other = 0; other < 5; other++) await elsewhere(foxWork(`Rain ${other}. script: duration=0`));
    expect(await find(work)).toBe("unknown");
  });

  it("is not looked for at another host, where our key would be shown", async () => {
    const visits: unknown[] = [];
    const other = createServer((request, response) => {
      visits.push(request.headers);
      response.end("{}");
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    await at.open({ pageSize: 1, nextAt: `http://127.0.0.1:${(other.address() as AddressInfo).port}` });
    const work = await lose(foxWork(LOST));
    await elsewhere(foxWork("Rain. script: duration=0"));
    expect(await find(work)).toBe("unknown");
    expect(visits).toEqual([]);
    await new Promise((resolve) => other.close(resolve));
  });

  it("waits after a start until earlier tickets are asked about", async () => {
    let now = Date.now();
    await at.open({}, { pollEveryMs: 3_000, now: () => now });
    const work = await lose(foxWork(LOST));
    expect(await find(work)).toBe("unknown");
    now += 15_000;
    expect(await find(work)).toEqual(only());
  });
});
