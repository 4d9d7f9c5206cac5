/**
 * What must hold of all attempts of a task together, read from what the providers were asked and took on: it knows
 * nothing of how the server remembers any of it.
 */
import type { ErrorCode } from "../../src/core/errors.ts";
import type { Entry, Of } from "./witness.ts";

/** What the operator has set, in words of its own. */
export interface Rules {
  /** Codes of failed work that may be followed by another attempt. */
  readonly follows: readonly ErrorCode[];
  /** Attempts of one task that may be accepted. */
  readonly most: number;
  readonly providers: ReadonlyMap<string, { readonly kind: string; readonly concurrency: number }>;
}

type Reason = "capacity" | "failure" | "lost" | "timeout";
const CODES: Readonly<Record<Reason, readonly ErrorCode[]>> = {
  capacity: ["provider_busy", "provider_balance", "provider_account"],
  failure: ["provider_failed"],
  lost: ["provider_lost"],
  timeout: ["deadline_exceeded"],
};

/** The first attempt costs all of the price, and is always made. */
export function toRules(
  policy: { readonly reasons: readonly Reason[]; readonly attempts: number; readonly costPercent: number },
  providers: Rules["providers"],
): Rules {
  return {
    follows: policy.reasons.flatMap((reason) => CODES[reason]),
    most: Math.max(1, Math.min(policy.attempts, Math.floor(policy.costPercent / 100))),
    providers,
  };
}

/** Nobody else would take another view of it. */
const FINAL: readonly ErrorCode[] = ["content_refused", "invalid_parameters"];

interface Attempt {
  readonly id: string;
  readonly provider: string;
  readonly task: string;
  /** `open`: it may be under way, or done. `clear`: the provider surely has nothing of it. */
  state: "open" | "clear" | "failed";
  /** What it failed with, or was refused with for good. */
  code?: ErrorCode;
  accepts: number;
}

interface TaskSeen {
  readonly attempts: Attempt[];
  /** Who said that nobody is to do it, of which attempt; of none where it only had to be prepared. */
  final?: { readonly by: string; readonly attempt: string | undefined };
  ended: boolean;
}

/** Everything seen so far. */
interface Book {
  readonly rules: Rules;
  readonly tasks: Map<string, TaskSeen>;
  readonly attempts: Map<string, Attempt>;
  /** By provider and name. */
  readonly jobs: Map<string, Attempt>;
  readonly fault: (sentence: string) => void;
}

/** One sentence for each promise that was broken. */
export function findBrokenAttempts(entries: readonly Entry[], rules: Rules): readonly string[] {
  const faults: string[] = [];
  const fault = (sentence: string): void => void faults.push(sentence);
  const book: Book = { rules, tasks: new Map(), attempts: new Map(), jobs: new Map(), fault };
  for (const entry of entries) (READ[entry.event] as (book: Book, entry: Entry) => void)(book, entry);
  return faults;
}

const READ: { readonly [E in Entry["event"]]: (book: Book, entry: Of<E>) => void } = {
  submit(book, entry) {
    const { provider, attempt: id, task: name, preparedBy } = entry;
    const task = taskOf(book, name);
    const known = book.attempts.get(id);
    if (known && (known.provider !== provider || known.task !== name))
      book.fault(`${id} was handed to ${known.provider} for ${known.task} and to ${provider} for ${name}.`);
    if (known && known.state !== "clear")
      book.fault(`${id} of ${name} was sent again to ${provider}, which may have had it.`);
    const { final } = task;
    // Killed before it was remembered, the server asks the same provider for the same once more.
    if (final && (final.by !== provider || (final.attempt ?? id) !== id))
      book.fault(`${name} was refused for its content by ${final.by} and handed to ${provider} as ${id}.`);
    if (preparedBy !== null && preparedBy !== provider)
      book.fault(`${id} of ${name} was prepared by ${preparedBy} and handed to ${provider}.`);
    for (const other of task.attempts) {
      if (other.id !== id && other.state === "open")
        book.fault(
          `${name} was handed to ${provider} as ${id} while ${other.provider} may have ${other.id}.`,
        );
      if (other.state === "failed" && other.code && !book.rules.follows.includes(other.code))
        book.fault(`${name} was handed to ${provider} although it had failed with ${other.code}.`);
      if (other.id !== id && isClosed(book, provider, other))
        book.fault(`${name} was handed to ${provider} after ${other.provider} had said ${other.code}.`);
    }
    const attempt = known ?? { id, provider, task: name, state: "open", accepts: 0 };
    attempt.state = "open";
    delete attempt.code;
    if (!known) task.attempts.push(attempt);
    book.attempts.set(id, attempt);
    checkCrowd(book, provider);
  },

  accepted(book, { provider, attempt: id, job, task: name }) {
    const attempt = book.attempts.get(id);
    if (!attempt) return book.fault(`${provider} accepted ${id}, which nobody handed over.`);
    attempt.accepts++;
    book.jobs.set(`${provider}/${job}`, attempt);
    if (attempt.accepts > 1) book.fault(`${id} was accepted ${attempt.accepts} times.`);
    const accepted = taskOf(book, name).attempts.filter(({ accepts }) => accepts > 0);
    if (accepted.length > book.rules.most)
      book.fault(`${name} was accepted ${accepted.length} times, and ${book.rules.most} are allowed.`);
    for (const { id: other, provider: by, state } of accepted)
      if (other !== id && state !== "failed")
        book.fault(`${name} was accepted by ${provider} as ${id} before ${by} said that ${other} failed.`);
  },

  answered(book, { provider, attempt: id, said, code, again }) {
    const attempt = book.attempts.get(id);
    if (!attempt) return;
    if (said === "refused" || said === "unsent") attempt.state = "clear";
    if (code && !again) attempt.code = code;
    judge(taskOf(book, attempt.task), { by: provider, attempt: id }, code);
  },

  unprepared: (book, { provider, task, code }) =>
    judge(taskOf(book, task), { by: provider, attempt: undefined }, code),

  looked(book, { provider, attempt: id, said }) {
    const attempt = book.attempts.get(id);
    if (attempt && attempt.provider !== provider)
      book.fault(`${provider} was asked about ${id}, which ${attempt.provider} has.`);
    if (attempt && said === "absent") attempt.state = "clear";
  },

  asked(book, { provider, by, act, job }) {
    if (by !== provider) book.fault(`${provider} got a ${act} of ${job}, which ${by} has.`);
  },

  failed(book, { provider, job, code }) {
    const attempt = book.jobs.get(`${provider}/${job}`);
    if (!attempt) return;
    attempt.state = "failed";
    attempt.code = code;
    judge(taskOf(book, attempt.task), { by: provider, attempt: attempt.id }, code);
  },

  ended(book, { task }) {
    taskOf(book, task).ended = true;
  },
};

function taskOf({ tasks }: Book, name: string): TaskSeen {
  const task = tasks.get(name) ?? { attempts: [], ended: false };
  tasks.set(name, task);
  return task;
}

/** Whether what became of another attempt leaves nothing to ask of a provider. */
function isClosed({ rules }: Book, provider: string, { provider: by, code }: Attempt): boolean {
  // What it does not like about the request, it does not like with another key either.
  const alike = code === "provider_refused" && kindOf(rules, by) === kindOf(rules, provider);
  return code !== undefined && (by === provider || alike);
}

const kindOf = ({ providers }: Rules, id: string): string | undefined => providers.get(id)?.kind;

function judge(task: TaskSeen, final: TaskSeen["final"], code: ErrorCode | undefined): void {
  if (final && code && FINAL.includes(code)) task.final = final;
}

/** Of tasks that are open: what a provider goes on with after our deadline is nothing that we wait for. */
function checkCrowd({ tasks, rules, fault }: Book, provider: string): void {
  const busy = [...tasks].filter(
    ([, { attempts, ended }]) =>
      !ended && attempts.some(({ provider: by, state }) => by === provider && state === "open"),
  );
  const limit = rules.providers.get(provider)?.concurrency ?? Number.POSITIVE_INFINITY;
  if (busy.length > limit)
    fault(`${provider} takes ${limit} at once and was handed ${busy.map(([name]) => name).join(", ")}.`);
}
