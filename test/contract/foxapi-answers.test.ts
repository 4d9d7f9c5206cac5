import { describe, expect, it } from "vitest";
import { TINY_MP4 } from "../support/fake-file.ts";
import { until } from "../support/until.ts";
import { KEY, ticketOf, useFoxapi, work } from "./foxapi-under.ts";
import { allOf, NEVER } from "./provider-samples.ts";
import { readOutput } from "./under.ts";

const { standIn, start, open, openBehind } = useFoxapi();

describe("a refused create", () => {
  const refusalOf = async (script: string, settings = {}) => {
    const provider = await open(settings);
    return provider.submit(work(`${script} echo-key`), NEVER);
  };

  it.each([
    [400, "malformed_request", "provider_refused"],
    [401, undefined, "provider_account"],
    [402, undefined, "provider_balance"],
    [403, undefined, "provider_account"],
    [404, undefined, "provider_account"],
    [413, undefined, "provider_refused"],
    [422, undefined, "provider_refused"],
    [422, "a_code_of_tomorrow", "provider_refused"],
    [422, "constructor", "provider_refused"],
    [422, "unsupported_advanced_options", "provider_refused"],
    [422, "model_not_found", "provider_account"],
    [422, "invalid_image_url", "input_unreadable"],
    [422, "invalid_file_type", "input_type_rejected"],
    [422, "no_available_model", "provider_account"],
    [422, "model_not_support_capability", "provider_refused"],
    [422, "model_rule_violation", "provider_refused"],
    [422, "invalid_param", "provider_refused"],
    [422, "model_not_supported", "provider_account"],
    [422, "unsupported_content_type", "provider_refused"],
    [422, "invalid_parameters", "provider_refused"],
    [422, "image_dimension_mismatch", "input_out_of_limits"],
    [422, "image_processing_error", "input_unreadable"],
    [422, "content_policy_violation", "content_refused"],
  ])("with %s %s is final, as %s", async (status, code, ours) => {
    const submitted = await refusalOf(`status=${status}${code === undefined ? "" : ` code=${code}`}`);
    expect(submitted).toMatchObject({ refused: { code: ours }, again: false });
    const said = allOf("refused" in submitted && submitted.refused);
    expect(said).not.toContain(KEY);
    // What the provider says of our account is nobody's affair.
    expect(said.includes("You sent")).toBe(ours !== "provider_account" && ours !== "provider_balance");
  });

  it.each([
    ["status=429 retry-after=9", 9_000],
    ["status=422 code=no_compatible_channel", 1_000],
    ["status=422 code=service_unavailable_error", 1_000],
  ])("for want of room (%s) may be sent again later", async (script, afterMs) => {
    expect(await refusalOf(script)).toMatchObject({ refused: { code: "provider_busy" }, again: { afterMs } });
  });

  it.each(["status=500", "status=502", "status=503 code=service_unavailable", "status=504", "status=418"])(
    "cannot be told from one that was taken where FoxAPI says %s",
    async (script) => expect(await refusalOf(script)).toEqual({ unknown: expect.any(String) }),
  );

  it.each<[script: string, submitted: object]>([
    [
      "status=503 code=service_unavailable",
      { refused: { code: "provider_busy" }, again: { afterMs: 1_000 } },
    ],
    ["status=503", { unknown: expect.any(String) }],
    ["status=500 code=server_error", { unknown: expect.any(String) }],
    ["status=422 code=no_compatible_channel", { refused: { code: "provider_account" }, again: false }],
    ["status=422 code=idempotency_mismatch", { unknown: expect.any(String) }],
  ])("of a Reelay, which makes no task when it says %s", async (script, submitted) => {
    await start({ reelay: true });
    expect(await refusalOf(script, { reelay: "yes" })).toMatchObject(submitted);
  });
});

describe("a task that failed", () => {
  it.each([
    ["content_policy_violation", "content_refused"],
    ["invalid_parameters", "provider_refused"],
    ["image_processing_error", "input_unreadable"],
    ["image_dimension_mismatch", "input_out_of_limits"],
    ["request_cancelled", "provider_failed"],
    ["generation_failed_no_content", "no_content"],
    ["service_error", "provider_failed"],
    ["generation_timeout", "deadline_exceeded"],
    ["resource_exhausted", "provider_busy"],
    ["quota_exceeded", "provider_balance"],
    ["service_unavailable", "provider_busy"],
    ["resource_not_found", "provider_lost"],
    ["unknown_error", "provider_failed"],
    ["model_unavailable", "provider_busy"],
    ["upstream_error", "provider_failed"],
    ["rate_limited", "provider_busy"],
    ["generation_failed", "provider_failed"],
    ["upstream_outcome_unknown", "provider_failed"],
    ["a_code_of_tomorrow", "provider_failed"],
  ])("with %s ends with %s", async (fail, code) => {
    const provider = await open();
    const seen = await provider.check(await ticketOf(provider, `duration=0 fail=${fail}`), NEVER);
    expect(seen).toMatchObject({ state: "failed", error: { code } });
    const words = code === "provider_balance" ? "operator" : `It failed with ${fail}`;
    expect(seen.state === "failed" && seen.error.message).toContain(words);
  });
});

describe("a task", () => {
  it("that is completed but has no results yet goes on, until it has them", async () => {
    const provider = await open();
    const ticket = await ticketOf(provider, "word=completed duration=150");
    expect(await provider.check(ticket, NEVER)).toMatchObject({ state: "processing" });
    const done = async () => {
      const seen = await provider.check(ticket, NEVER);
      return seen.state === "done" && seen;
    };
    const seen = await until(done, { ms: 5_000, what: "the results" });
    expect(Buffer.from(await readOutput(seen.output))).toEqual(TINY_MP4);
  });

  it.each([
    ["null", null],
    ["an empty list", []],
    ["a list of texts, as EvoLink's", ["https://media.example/a.mp4"]],
    ["one without a URL", [{ content_type: "video/mp4" }]],
    ["an object", { url: "https://media.example/a.mp4" }],
  ])("whose results are %s is no end", async (_name, results) => {
    const provider = await openBehind(200, { id: "t", status: "completed", progress: 100, results });
    expect(await provider.check({ id: "t" }, NEVER)).toEqual({ state: "processing", progress: 99 });
  });

  it("that is done tells its seed and what does not show, and leaves what we measure ourselves", async () => {
    const provider = await open();
    expect(await provider.check(await ticketOf(provider, "duration=0"), NEVER)).toMatchObject({
      state: "done",
      output: { meta: { seed: 42 }, ignored: { negative_prompt: "It does not show." } },
    });
  });

  it.each([
    ["pending", 0, { state: "pending" }],
    ["processing", 57.9, { state: "processing", progress: 57 }],
    ["processing", 0, { state: "processing", progress: 1 }],
    ["processing", 100, { state: "processing", progress: 99 }],
    ["processing", null, { state: "pending" }],
    ["cancelled", 5, { state: "failed", error: { code: "provider_failed" } }],
  ])("that is %s at %s", async (status, progress, seen) => {
    const provider = await openBehind(200, { id: "t", status, progress, results: null, error: null });
    expect(await provider.check({ id: "t" }, NEVER)).toMatchObject(seen);
  });

  it("is lost only by the provider's own word, not where a proxy knows no such page", async () => {
    const lost = await openBehind(404, { error: { message: "no", type: "not_found" } });
    expect(await lost.check({ id: "t" }, NEVER)).toMatchObject({ error: { code: "provider_lost" } });
    const proxy = await openBehind(404, "<html>");
    await expect(proxy.check({ id: "t" }, NEVER)).rejects.toMatchObject({ code: "provider_failed" });
  });

  it("is asked about at our own base URL, whatever its id looks like", async () => {
    const provider = await openBehind(200, { id: "../../v1/x?y", status: "pending" });
    await provider.check({ id: "../../v1/x?y" }, NEVER);
    expect(standIn().asks.at(-1)?.path).toBe("/v1/tasks/..%2F..%2Fv1%2Fx%3Fy");
  });

  it.each([{}, { id: "" }, { id: 7 }, [], null, "accepted"])(
    "of an answer like %j has no id: nobody knows",
    async (body) => {
      const provider = await openBehind(200, body);
      expect(await provider.submit(work(""), NEVER)).toEqual({ unknown: expect.any(String) });
    },
  );
});
