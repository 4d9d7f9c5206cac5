/** Webhooks that were lost, doubled, changed or forged are found. */
import { describeFaults, hook, SOUND, told } from "./sound.ts";

describeFaults([
  [
    "every ended task with a callback was delivered at least once, with one id",
    [
      ["never", { hooks: [] }],
      ["tried and never received", { hooks: [{ ...hook("msg_1", told), answered: 500 }] }],
      ["under two ids", { hooks: [...SOUND.hooks, hook("msg_2", told)] }],
      ["with another end", { hooks: [hook("msg_1", { ...told, status: "failed" })] }],
      ["before its end", { hooks: [hook("msg_1", { ...told, status: "processing" }), ...SOUND.hooks] }],
      [
        "though it asked for none",
        { hooks: [...SOUND.hooks, hook("msg_2", { id: "t2", status: "failed", error: null })] },
      ],
    ],
  ],
  [
    "every delivery's signature is valid",
    [
      [
        "of another secret",
        { hooks: [hook("msg_1", told, `whsec_${Buffer.from("another").toString("base64")}`)] },
      ],
      ["of other bytes", { hooks: [{ ...hook("msg_1", told), body: JSON.stringify({ ...told, more: 1 }) }] }],
      [
        "of a time that was changed",
        {
          hooks: SOUND.hooks.map((one) => ({
            ...one,
            headers: { ...one.headers, "webhook-timestamp": "1" },
          })),
        },
      ],
    ],
  ],
]);
