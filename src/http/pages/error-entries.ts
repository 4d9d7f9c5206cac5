/** `{{errors}}`: an entry for every error there is; and `{{test-failures}}`, those that a test key can ask for. */
import { ERRORS, type ErrorCode } from "../../core/errors.ts";
import { TEST_FAILURES } from "../../core/test-plan.ts";
import type { DialectFacts } from "./facts.ts";
import { code, list, paragraphs, table } from "./markdown.ts";
import type { Words } from "./words.ts";
import type { ErrorText } from "./written.ts";

/** Ends of a task that the provider may not have heard of: it may go on, and charge the operator. */
const LEFT_AT_WORK: readonly ErrorCode[] = ["outcome_unknown", "deadline_exceeded", "cancelled"];

/** A request that fails so has made no task. */
const ANSWERS_ONLY: readonly ErrorCode[] = [
  "malformed_request",
  "idempotency_mismatch",
  "unauthenticated",
  "storage_full",
  "not_found",
  "task_not_found",
  "task_not_cancellable",
  "unknown_model",
  "rate_limited",
];

type Texts = Readonly<Record<ErrorCode, ErrorText>>;

export function errorEntries(dialects: readonly DialectFacts[], texts: Texts, words: Words): string {
  return paragraphs(
    (Object.keys(ERRORS) as ErrorCode[]).map((one) => entry(one, dialects, texts[one], words)),
  );
}

function entry(
  error: ErrorCode,
  dialects: readonly DialectFacts[],
  { cause, remedy }: ErrorText,
  words: Words,
): string {
  const { fault, retry } = ERRORS[error];
  const told = (head: string, text: string): string => `**${head}**${words.colon}${text}`;
  const billed = LEFT_AT_WORK.includes(error) ? words.billedUnknown : words.billedNo;
  const lines = [
    told(words.cause, cause),
    told(words.fault, words.faults[fault]),
    told(words.remedy, remedy),
    told(words.retry, retry ? words.retryYes : words.retryNo),
    told(words.billed, billed),
    ...dialects.map(({ id, spell }) => {
      const { answer, task } = spell(error);
      const ends = task === null || ANSWERS_ONLY.includes(error) ? "" : `; ${words.asTaskEnd} ${code(task)}`;
      return told(`${words.dialect} ${code(id)}`, `${words.atOnce} ${code(answer)}${ends}`);
    }),
  ];
  return `### ${error}\n\n${list(lines)}`;
}

export function testFailures(dialects: readonly DialectFacts[], texts: Texts, words: Words): string {
  const rows = TEST_FAILURES.map((error) => [
    code(`[test fail=${error}]`),
    texts[error].cause,
    ...dialects.map(({ spell }) => code(spell(error).task ?? "")),
  ]);
  return table([words.inThePrompt, words.whatHappens, ...dialects.map(({ id }) => code(id))], rows);
}
