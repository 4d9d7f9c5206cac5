import { describe, expect, it } from "vitest";
import type { WebhookCall } from "../../src/core/provider.ts";
import { accepted, type Current, type Lacks } from "./provider-samples.ts";

export function describeWebhook(under: Current, { webhook: none, signature: unsigned }: Lacks): void {
  it.runIf(none)("takes no calls, and says so by having no readWebhook", () => {
    expect(under().provider.readWebhook).toBe(undefined);
  });

  describe.skipIf(none)("a call of the provider", () => {
    const heard = (call: WebhookCall) => under().provider.readWebhook?.(call);
    const calling = async () => {
      const work = await under().work("work");
      const ticket = await accepted(under(), work);
      return { ticket, call: await under().told(ticket, work) };
    };

    it("tells the ticket of the work", async () => {
      const { ticket, call } = await calling();
      expect(await heard(call)).toEqual({ ticket });
    });

    it("with a body of nonsense tells nothing, or is forged, and never throws", async () => {
      const { call } = await calling();
      for (const body of ["", "null", "1", "[]", "{}", '"job"', "{", '{"id":{"id":1}}', "\u0000"]) {
        const said = await heard({ ...call, body: Buffer.from(body) });
        expect(said === "forged" || said?.ticket === undefined).toBe(true);
      }
    });

    it.skipIf(unsigned)("is forged where any byte of it is another, or a header is", async () => {
      const { call } = await calling();
      for (let index = 0; index < call.body.length; index++) {
        const body = Uint8Array.from(call.body);
        body[index] = (body[index] ?? 0) ^ 1;
        expect([index, await heard({ ...call, body })]).toEqual([index, "forged"]);
      }
      for (const [name, value] of Object.entries(call.headers)) {
        if (!/signature|timestamp|nonce|-id$/.test(name) || value === undefined) continue;
        const other = value.startsWith("1") ? `2${value.slice(1)}` : `1${value.slice(1)}`;
        expect([name, await heard({ ...call, headers: { ...call.headers, [name]: other } })]).toEqual([
          name,
          "forged",
        ]);
        expect([name, await heard({ ...call, headers: { ...call.headers, [name]: undefined } })]).toEqual([
          name,
          "forged",
        ]);
      }
    });
  });
}
