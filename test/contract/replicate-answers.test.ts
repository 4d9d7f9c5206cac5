import { beforeEach, describe, expect, it } from "vitest";
import { replicate } from "../../src/providers/replicate.ts";
import { REPLICATE_KEY } from "../standins/replicate.ts";
import { until } from "../support/until.ts";
import { allOf, NEVER } from "./provider-samples.ts";
import { foxWork, openBoth } from "./replicate-under.ts";
import { openKind, useBoth } from "./under.ts";

const at = useBoth(openBoth);

describe("an answer of Replicate", () => {
  beforeEach(() => at.open());

  const submit = async (script: string) => at.provider.submit(foxWork(`A fox. script: ${script}`), NEVER);
  const ticketOf = async (script: string) => {
    const submitted = await submit(script);
    if (!("accepted" in submitted)) throw new Error("not accepted");
    return submitted.accepted;
  };

  it.each([
    [400, "provider_refused", /The request was refused\. You sent Bearer \[key\]/],
    [401, "provider_account", /its operator has to set a right one\.$/],
    [402, "provider_balance", /its operator has to add some\.$/],
    [403, "provider_account", /may not use this model\.$/],
    [404, "provider_account", /does not know this model\.$/],
    [413, "provider_refused", /too large/],
    [422, "provider_refused", /input\.duration: it is wrong\./],
  ])("%i to a submit is refused for good as %s", async (status, code, message) => {
    const submitted = await submit(`status=${status} echo-key`);
    expect(submitted).toMatchObject({
      refused: { code, message: expect.stringMatching(message) },
      again: false,
    });
    expect(allOf("refused" in submitted && submitted.refused)).not.toContain(REPLICATE_KEY);
  });

  it.each([
    ["", 30_000],
    ["retry-after=2", 2_000],
  ])("429 (%s) to a submit may be sent again when its sentence or its header says", async (more, afterMs) => {
    expect(await submit(`status=429 ${more}`)).toMatchObject({
      refused: { code: "provider_busy" },
      again: { afterMs },
    });
  });

  it.each([408, 409, 425, 500, 502, 503, 504])(
    "%i to a submit does not say that nothing was ordered",
    async (status) => {
      expect(await submit(`status=${status}`)).toEqual({ unknown: expect.any(String) });
    },
  );

  it.each([
    ["content_policy", "content_refused", /flagged as sensitive/],
    ["capacity", "provider_busy", /high demand/],
    ["melted", "provider_failed", /Prediction interrupted: melted/],
    ["canceled", "provider_failed", /cancelled at the provider/],
    ["aborted", "provider_failed", /before it began/],
    ["data_removed", "provider_lost", /removed the video/],
  ])("that a prediction ended with %s is the end as %s", async (end, code, message) => {
    const ticket = await ticketOf(`duration=0 fail=${end}`);
    expect(await at.provider.check(ticket, NEVER)).toMatchObject({
      state: "failed",
      error: { code, message: expect.stringMatching(message) },
    });
  });

  it("of success without an output is no end: it is asked again", async () => {
    const ticket = await ticketOf("duration=0 fail=no_output");
    await expect(at.provider.check(ticket, NEVER)).rejects.toThrow(/names no file/);
  });

  it.each(["duration=0", "duration=0 fail=list"])(
    "of success names the file, alone or in a list (%s)",
    async (end) => {
      const output = {
        from: { url: expect.stringMatching(`^${at.standIn.url}/files/`) },
        meta: {},
        ignored: {},
      };
      expect(await at.provider.check(await ticketOf(end), NEVER)).toEqual({ state: "done", output });
    },
  );

  it("that it starts is pending, and the last percentage that a model printed is its progress", async () => {
    expect(await at.provider.check(await ticketOf("queued=60000"), NEVER)).toEqual({ state: "pending" });
    const stuck = await ticketOf("duration=10 stuck");
    const percent = async (): Promise<number | false> => {
      const progress = await at.provider.check(stuck, NEVER);
      return progress.state === "processing" && progress.progress > 1 && progress.progress;
    };
    expect(await until(percent, { ms: 5_000 })).toBeGreaterThan(3);
  });

  it("to a cancel is believed as it stands", async () => {
    expect(await at.provider.cancel?.(await ticketOf("duration=60000"))).toBe("cancelled");
    expect(await at.provider.cancel?.(await ticketOf("cancel=ignored duration=60000"))).toBe("requested");
    for (const end of ["", "fail=melted", "fail=aborted"]) {
      expect(await at.provider.cancel?.(await ticketOf(`duration=0 ${end}`))).toBe("too-late");
    }
  });

  it("to a wrong key says so to the operator", async () => {
    const other = await openKind(replicate, { baseUrl: at.standIn.url, key: "r8_other" });
    await expect(other.ping?.(NEVER)).rejects.toMatchObject({ code: "provider_account" });
    await other.close?.();
  });
});
