/**
 * What a task of a test key is to go through, written into its prompt: `[test fail=content_refused after=3]`. A live
 * key's prompt may say so too, and it means nothing there.
 */
import { type ErrorCode, ReelayError } from "./errors.ts";

export interface TestPlan {
  /** It ends with this error instead of a video. */
  readonly fail?: ErrorCode;
  /** Seconds that the work takes at least. */
  readonly after?: number;
  /** It stays at 80 percent until it is cancelled, or its time is up. */
  readonly stall?: true;
  /** Its webhook is sent once more after it was delivered, with the same id. */
  readonly webhook?: "twice";
}

/** Errors that a task can really end with, once it was accepted. */
export const TEST_FAILURES = [
  "content_refused",
  "no_content",
  "input_unreadable",
  "input_out_of_limits",
  "provider_refused",
  "provider_busy",
  "provider_failed",
  "provider_lost",
  "provider_balance",
  "provider_account",
  "deadline_exceeded",
  "outcome_unknown",
] as const satisfies readonly ErrorCode[];

const MOST_SECONDS = 3_600;
const PLAN = /\[test\b([^\]]*)\]/gi;

/** Throws `invalid_parameters` for a word that means nothing: a test that does not test would be worse than none. */
export function readTestPlan(prompt: unknown): TestPlan | null {
  const found = typeof prompt === "string" ? [...prompt.matchAll(PLAN)] : [];
  if (found.length === 0) return null;
  const plan: Record<string, unknown> = {};
  // Two plans are one that is written in two places.
  const words = found.map(([, inside]) => inside).join(" ");
  for (const word of words.split(/[\s,;]+/).filter((part) => part !== "")) {
    const [, name = word, value] = /^([^=]+)=(.*)$/.exec(word) ?? [];
    plan[name] = meaningOf(name, value) ?? refuse(word);
  }
  return plan as TestPlan;
}

/** The prompt as it would be without its plan. */
export function withoutTestPlan(prompt: string): string {
  return prompt.replaceAll(PLAN, "").trim();
}

function meaningOf(name: string, value: string | undefined): TestPlan[keyof TestPlan] {
  if (name === "stall" && value === undefined) return true;
  if (name === "webhook" && value === "twice") return value;
  if (name === "fail") return TEST_FAILURES.find((code) => code === value);
  if (name !== "after" || value === undefined || !/^\d+(\.\d+)?$/.test(value)) return undefined;
  return Number(value) <= MOST_SECONDS ? Number(value) : undefined;
}

function refuse(word: string): never {
  const allowed = [
    ...TEST_FAILURES.map((code) => `fail=${code}`),
    `after=SECONDS (at most ${MOST_SECONDS})`,
    "stall",
    "webhook=twice",
  ];
  const message = `"prompt" has [test ...] in it, of which "${word.slice(0, 60)}" means nothing. There are ${allowed.join(", ")}.`;
  throw new ReelayError("invalid_parameters", message, {
    problems: [{ field: "prompt", message, received: word.slice(0, 60), allowed }],
  });
}
