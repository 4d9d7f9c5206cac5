import { describe, expect, it } from "vitest";
import { pixverse } from "../../src/providers/pixverse.ts";
import { openKind } from "./under.ts";

describe("a call of PixVerse's", () => {
  const TIMESTAMP = "1763660000";
  const NOW = 1_763_660_000_000;
  const NONCE = "abcdefghijklmnopqrstuvwxyz012345";
  const BODY =
    '{"id":"401769244895246","status":1,"url":"https://media.pixverse.ai/a b(1).mp4?x=1&y=2","size":10.50,"has_audio":true,"credits":100}';

  async function heard(
    headers: Readonly<Record<string, string>>,
    { body = BODY, now = NOW, settings = { webhook_secret: "whsec-golden" } as Record<string, string> } = {},
  ) {
    const given = { baseUrl: "http://127.0.0.1:9", key: "pv-key", now: () => now, settings };
    const provider = await openKind(pixverse, given);
    const said = await provider.readWebhook?.({ headers, body: Buffer.from(body) });
    await provider.close?.();
    return said;
  }
  const signed = (signature: string, timestamp = TIMESTAMP) => ({
    "webhook-timestamp": timestamp,
    "webhook-nonce": NONCE,
    "webhook-signature": signature,
    "ai-trace-id": "fac07796-0e19-56df-b731-92d69e10b239",
  });
  /** All of them made with openssl. */
  const OWN = "Z1NBUG9WWpD3bEy1YsZqqSVC4I3qXrFXyrHS0ZgMXBQ=";
  const MILLISECONDS = "g+Yxr+/lhmrnIeoWCq0ZXR3aOOVqZ9cKZTN6CQa714M=";
  const TICKET = { ticket: { video_id: "401769244895246" } };

  it.each([
    ["in the body's own order", OWN],
    ["by name", "nSkAYL2ohnikXpUsrTxVRJ8FT0FaHdXIMVowTz9YkKI="],
    ["in the body's own order, with +", "XqPG7sCIj7vnh6hzom605IfRpCuzgk6oAM0F0bvV+Ys="],
    ["by name, with +", "dmugUx5os4o4EdSssMOV4WLutdnoLcyNg82oVRARWOg="],
  ])("is taken where its payload is written %s", async (_name, signature) => {
    expect(await heard(signed(signature))).toEqual(TICKET);
  });

  it("is taken with a timestamp in seconds or in milliseconds, for five minutes either way", async () => {
    const inMs = signed(MILLISECONDS, "1763660000123");
    for (const offset of [-299_000, 0, 299_000]) {
      expect(await heard(signed(OWN), { now: NOW + offset })).toEqual(TICKET);
      expect(await heard(inMs, { now: NOW + offset })).toEqual(TICKET);
    }
    for (const offset of [-301_000, 301_000]) {
      expect(await heard(signed(OWN), { now: NOW + offset })).toBe("forged");
      expect(await heard(inMs, { now: NOW + offset })).toBe("forged");
    }
  });

  it.each([
    ["another secret", signed(OWN), { settings: { webhook_secret: "whsec-other" } }],
    ["another video", signed(OWN), { body: BODY.replace("401769244895246", "401769244895247") }],
    ["no headers", {}, {}],
    ["a signature of nothing", signed(""), {}],
    ["half a signature", signed(OWN.slice(0, 20)), {}],
    ["a timestamp that is no number", signed(OWN, "now"), {}],
    ["a body that is no object", signed(OWN), { body: "[]" }],
  ])("with %s is forged", async (_name, headers, options) => {
    expect(await heard(headers, options)).toBe("forged");
  });

  it("is a hint that anybody could send where no secret is set, and nonsense is not even that", async () => {
    expect(await heard({}, { settings: {} })).toEqual(TICKET);
    expect(await heard(signed("forged"), { settings: { webhook_secret: "" } })).toEqual(TICKET);
    expect(await heard({}, { settings: {}, body: '{"id":9007199254740993,"status":1}' })).toEqual({
      ticket: { video_id: "9007199254740993" },
    });
    for (const body of ["", "{}", '{"id":{}}', '{"id":""}', '{"id":null}', "[]"]) {
      expect(await heard({}, { settings: {}, body })).toEqual({ ticket: undefined });
    }
  });
});
