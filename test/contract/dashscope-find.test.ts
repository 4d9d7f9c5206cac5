import { beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../src/core/ids.ts";
import type { Submission } from "../../src/core/provider.ts";
import { DASHSCOPE_KEY } from "../standins/dashscope.ts";
import { until } from "../support/until.ts";
import { eager, openBoth, wanWork } from "./dashscope-under.ts";
import { NEVER } from "./provider-samples.ts";
import { openKind, useBoth } from "./under.ts";

const at = useBoth(openBoth);

const find = (work: Submission) => at.provider.find?.(work.attemptId, work);

describe("a lost attempt among tasks that look alike", () => {
  beforeEach(() => at.open());

  const lose = async (work: Submission): Promise<Submission> => {
    expect(await at.provider.submit(work, NEVER)).toEqual({ unknown: expect.any(String) });
    return work;
  };
  /** As another process would submit it: nothing here knows of it. */
  const elsewhere = async (work: Submission): Promise<void> => {
    const other = await openKind(eager, { baseUrl: at.standIn.url, key: DASHSCOPE_KEY });
    await other.submit(work, NEVER);
    await other.close?.();
  };
  const named = (work: Submission, at: number): Submission => ({ ...work, attemptId: newId("att", at) });

  it("is unknown while it is made, since only a finished task shows its prompt, and is found then", async () => {
    const work = await lose(wanWork("Waves. script: accept-then-drop duration=300"));
    expect(await find(work)).toBe("unknown");
    const found = await until(async () => (await find(work)) !== "unknown" && find(work), { ms: 5_000 });
    expect(found).toEqual({ accepted: { task: [...at.standIn.jobs.keys()][0] } });
    expect(at.standIn.jobs.size).toBe(1);
  });

  it("is found by an attempt's id alone after a restart, and by the time in it", async () => {
    const work = named(wanWork("Waves. script: duration=0"), Date.now());
    await elsewhere(work);
    expect(await find(work)).toEqual({ accepted: { task: [...at.standIn.jobs.keys()][0] } });
    const earlier = named(work, Date.now() - 3_600_000);
    const another = await openKind(eager, { baseUrl: at.standIn.url, key: DASHSCOPE_KEY });
    expect(await another.find?.(earlier.attemptId, earlier)).toBe("unknown");
    await another.close?.();
  });

  it("is not the one of another attempt with the same prompt, whose answer came", async () => {
    await at.provider.submit(wanWork("Waves. script: duration=0"), NEVER);
    const work = wanWork("Waves. script: duration=0");
    expect(at.standIn.jobs.size).toBe(1);
    expect(await find(work)).toBe("unknown");
  });

  it("is not the one of another attempt that an earlier process handed over, once that is asked about", async () => {
    const work = named(wanWork("Waves. script: duration=0"), Date.now());
    await elsewhere(work);
    await at.provider.check({ task: [...at.standIn.jobs.keys()][0] ?? "" }, NEVER);
    expect(await find(work)).toBe("unknown");
  });

  it("is unknown where two of the same prompt could be it", async () => {
    await elsewhere(wanWork("Waves. script: duration=0"));
    const work = named(wanWork("Waves. script: duration=0"), Date.now());
    await elsewhere(work);
    expect(await find(work)).toBe("unknown");
  });

  it("is unknown while another task of the model and time is not done, for it may be of the same prompt", async () => {
    const work = await lose(wanWork("Waves. script: accept-then-drop duration=0"));
    await elsewhere(wanWork("Rain. script: stuck"));
    expect(await find(work)).toBe("unknown");
  });

  it("is unknown where another of the same prompt is lost, too, and one task is there", async () => {
    const arrived = await lose(wanWork("Waves. script: accept-then-drop duration=0 times=1"));
    const twin = wanWork("Waves. script: accept-then-drop duration=0 times=1");
    expect(await find(twin)).toBe("unknown");
    expect(await find(arrived)).toBe("unknown");
  });

  it("is not somebody's whose prompt is another, or whose task failed", async () => {
    await elsewhere(wanWork("Rain. script: duration=0"));
    await elsewhere(wanWork("Waves. script: duration=0 fail=melted"));
    expect(await find(named(wanWork("Waves. script: duration=0"), Date.now()))).toBe("unknown");
  });

  it("is unknown without a prompt, and where the work is not described; and nothing is asked", async () => {
    expect(await find(wanWork(null))).toBe("unknown");
    const bare = { ...wanWork("Waves."), endpoint: "", params: {}, media: {} };
    expect(await find(bare)).toBe("unknown");
    expect(at.standIn.asks).toEqual([]);
  });

  it("is looked for on every page of the list", async () => {
    await at.open({ pageSize: 2 });
    const work = await lose(wanWork("Waves. script: accept-then-drop duration=0"));
    for (let other = 0; other < 4; other++) await elsewhere(wanWork(`Rain ${other}. script: duration=0`));
    expect(await find(work)).toEqual({ accepted: { task: [...at.standIn.jobs.keys()][0] } });
    const lists = at.standIn.asks.filter(({ url }) => url.pathname === "/api/v1/tasks/");
    expect(lists.map(({ url }) => url.searchParams.get("page_no"))).toEqual(["1", "2", "3"]);
  });

  it("is not looked for on pages that are older than it", async () => {
    const later = (): number => Date.now() + 600_000;
    await at.open({ pageSize: 2 }, { now: later });
    for (let other = 0; other < 4; other++) await elsewhere(wanWork(`Rain ${other}. script: duration=0`));
    expect(await find(named(wanWork("Waves."), later()))).toBe("unknown");
    const lists = at.standIn.asks.filter(({ url }) => url.pathname === "/api/v1/tasks/");
    expect(lists.map(({ url }) => url.searchParams.get("page_no"))).toEqual(["1"]);
  });

  it("waits after a start until earlier tickets are asked about, and is not asked about more often than tasks", async () => {
    let now = Date.now();
    await at.open({}, { pollEveryMs: 15_000, now: () => now });
    const work = await lose(wanWork("Waves. script: accept-then-drop duration=0 find=later"));
    const asks = (): number => at.standIn.asks.filter(({ method }) => method === "GET").length;
    expect([await find(work), asks()]).toEqual(["unknown", 0]);
    now += 15_000;
    expect([await find(work), asks()]).toEqual(["unknown", 1]);
    expect([await find(work), asks()]).toEqual(["unknown", 1]);
    now += 15_000;
    expect([await find(work), asks()]).toEqual(["unknown", 2]);
    now += 15_000;
    expect(await find(work)).toEqual({ accepted: { task: expect.any(String) } });
  });
});
