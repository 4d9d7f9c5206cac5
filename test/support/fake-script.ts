/**
 * How the fake upstream treats one submit and the job that comes of it. A script is words behind `script:` in the
 * prompt ("A fox. script: accept-then-drop duration=500"), or `params.script`: the same words, or JSON with
 * them as names. Times are milliseconds, but `retry-after` and `poll-after` are seconds as on the wire.
 *
 *   The submit    drop-before-accept, reset-before-accept   the socket ends and there is no job
 *                 accept-then-drop, accept-then-reset       the socket ends and there is a job
 *                 status=N [code=WORD] [retry-after=S]      refused with N, no job
 *                 accepted-status=N                         a proxy's page with N, and there is a job
 *                 garbage, late-answer=MS                   a job, and 202 with no JSON; or 202 after MS
 *                 times=N                                   these faults for the first N submits of the same
 *                                                           params only; without it for every one
 *                 echo-key                                  a refusal quotes our key, as some providers do
 *   The work      queued=MS duration=MS steps=N, stuck      80 percent for ever
 *                 word=WORD                                 a status word that nobody knows, while it works
 *                 fail=CODE                                 content_policy, capacity, internal, or any other
 *   A check       poll-after=S                              asks to be left alone for S
 *                 check-drop, check-status=N [check-times=N]
 *   The file      file=lost|slow|cut|long|short [file-times=N]  404; slow-ms to the last byte; half of it; a
 *                                                           content-length too long; one too short
 *   Telling       webhook=once|twice|out-of-order|before-answer|never
 *   Cancel        cancel=works|ignored|too-late
 *   Looking up    find=now|later|nothing                    the truth; after two look-ups; an open question for ever
 *   mixed=SEED    one of MIXED, drawn by the seed and the attempt's id
 */
import { createHash } from "node:crypto";

// biome-ignore-start format: a table of words reads better by topic than one a line
const NUMBERS = [
  "status",
  "accepted-status",
  "retry-after",
  "late-answer",
  "times",
  "queued",
  "duration",
  "steps",
  "poll-after",
  "check-status",
  "check-times",
  "file-times",
  "slow-ms",
  "mixed",
] as const;
const FLAGS = [
  "drop-before-accept",
  "reset-before-accept",
  "accept-then-drop",
  "accept-then-reset",
  "garbage",
  "echo-key",
  "stuck",
  "check-drop",
] as const;
// biome-ignore-end format: as above
const TEXTS = ["code", "word", "fail"] as const;
const CHOICES = {
  file: ["lost", "slow", "cut", "long", "short"],
  webhook: ["once", "twice", "out-of-order", "before-answer", "never"],
  cancel: ["works", "ignored", "too-late"],
  find: ["now", "later", "nothing"],
} as const;

export type Script = { readonly [N in (typeof NUMBERS)[number]]?: number } & {
  readonly [F in (typeof FLAGS)[number]]?: true;
} & { readonly [T in (typeof TEXTS)[number]]?: string } & {
  readonly [C in keyof typeof CHOICES]?: (typeof CHOICES)[C][number];
};

/** What `mixed` draws from: every way a submit, a job and its file can go, in about the proportion of a bad day. */
export const MIXED = [
  ...["", "", "", "", "queued=100", "duration=1500", "steps=4 duration=600"],
  ...[
    "accept-then-drop",
    "accept-then-drop find=later",
    "accept-then-reset",
    "accept-then-drop find=nothing",
  ],
  ...["drop-before-accept times=1", "reset-before-accept times=1", "late-answer=400", "garbage"],
  ...["status=429 retry-after=1 times=1", "status=503 times=1", "status=500 times=1", "status=422"],
  ...["accepted-status=500", "accepted-status=502 find=later", "accepted-status=504"],
  ...["status=422 code=content_policy", "fail=internal", "fail=content_policy", "fail=capacity"],
  ...["word=baking", "check-drop check-times=2", "check-status=500 check-times=2", "poll-after=1"],
  ...["file=cut file-times=1", "file=lost", "webhook=twice", "webhook=out-of-order", "webhook=before-answer"],
];

/** Throws with the word that it does not know. */
export function scriptOf(params: Readonly<Record<string, unknown>>, attempt: string): Script {
  const script = readScript(
    params.script ?? /\bscript:\s*(.+)$/is.exec(String(params.prompt ?? ""))?.[1] ?? "",
  );
  if (script.mixed === undefined) return script;
  const drawn = createHash("sha256").update(`${script.mixed}:${attempt}`).digest().readUInt32BE();
  return { ...readScript(MIXED[drawn % MIXED.length]), mixed: script.mixed };
}

function readScript(source: unknown): Script {
  const script: Record<string, unknown> = {};
  for (const [name, value] of wordsOf(source)) script[name] = readWord(name, value);
  return script;
}

function wordsOf(source: unknown): readonly (readonly [string, unknown])[] {
  if (typeof source === "object" && source !== null) return Object.entries(source);
  const text = String(source).trim();
  if (text.startsWith("{")) return Object.entries(JSON.parse(text) as object);
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  return words.map((word) => {
    const [, name = word, value = true] = /^([^=]+)=(.*)$/.exec(word) ?? [];
    return [name, value];
  });
}

function readWord(name: string, value: unknown): unknown {
  const has = (list: readonly string[], what: string): boolean => list.includes(what);
  const choices: readonly string[] = Object.hasOwn(CHOICES, name)
    ? CHOICES[name as keyof typeof CHOICES]
    : [];
  if (has(NUMBERS, name) && value !== true && Number(value) >= 0) return Number(value);
  if (has(FLAGS, name) && value === true) return true;
  if (has(TEXTS, name) && typeof value === "string") return value;
  if (has(choices, String(value))) return value;
  throw new Error(`The script says ${name}=${String(value)}, which means nothing here.`);
}
