/** What passed between the living server and its providers, and what they really took on, in order. */
import type { ErrorCode } from "../../src/core/errors.ts";
import type { Json } from "../../src/core/json.ts";
import type { Cancelled, Found, Progress, Provider, Submission, Submitted } from "../../src/core/provider.ts";

export type Entry =
  /** The server hands work over. `task` is what it says of itself: its prompt. */
  | {
      readonly event: "submit";
      readonly provider: string;
      readonly task: string;
      readonly attempt: string;
      /** Who prepared it; null: nobody. */
      readonly preparedBy: string | null;
    }
  /** The provider takes it on, whether anybody hears of it or not. */
  | {
      readonly event: "accepted";
      readonly provider: string;
      readonly task: string;
      readonly attempt: string;
      readonly job: string;
    }
  /** What the server heard of a submit, before it was killed. `unsent`: nothing had left. */
  | {
      readonly event: "answered";
      readonly provider: string;
      readonly attempt: string;
      readonly said: "accepted" | "refused" | "unknown" | "unsent";
      readonly code?: ErrorCode;
      /** Of a refusal: it may be asked once more. */
      readonly again?: boolean;
    }
  | {
      readonly event: "unprepared";
      readonly provider: string;
      readonly task: string;
      readonly code: ErrorCode;
    }
  | {
      readonly event: "looked";
      readonly provider: string;
      readonly attempt: string;
      readonly said: "found" | "absent" | "unknown";
    }
  | {
      readonly event: "asked";
      readonly act: "check" | "cancel" | "forget";
      readonly provider: string;
      /** Who made the ticket. */
      readonly by: string;
      readonly job: string;
    }
  /** A check was answered: it is over, and nothing came of it. */
  | { readonly event: "failed"; readonly provider: string; readonly job: string; readonly code: ErrorCode }
  /** Or is about to: why is remembered, and nobody wants its work any more. */
  | { readonly event: "ended"; readonly task: string };

export type Of<E extends Entry["event"]> = Extract<Entry, { readonly event: E }>;

export interface Witness {
  readonly entries: readonly Entry[];
  write(entry: Entry): void;
}

export function openWitness(): Witness {
  const entries: Entry[] = [];
  return { entries, write: (entry) => void entries.push(entry) };
}

/** Of both, who made it is a secret of ours: a provider that is asked about another's job may have one of that name. */
export interface Ticket {
  readonly by: string;
  readonly job: string;
}
interface Prepared {
  readonly by: string;
}

/** The provider, with everything written down that the server asks of it and hears from it. */
export function witnessed(provider: Provider, { write }: Witness): Provider {
  const { id, prepare, find, cancel, forget } = provider;
  const asked = (act: "check" | "cancel" | "forget", ticket: Json): Ticket => {
    const { by, job } = ticket as unknown as Ticket;
    write({ event: "asked", act, provider: id, by, job });
    return { by, job };
  };
  return {
    ...provider,
    async submit(work, signal): Promise<Submitted> {
      const { attemptId: attempt, params, prepared } = work;
      const preparedBy = (prepared as unknown as Prepared | null)?.by ?? null;
      write({ event: "submit", provider: id, task: String(params.prompt), attempt, preparedBy });
      const heard = (said: Of<"answered">["said"], why: Pick<Of<"answered">, "code" | "again"> = {}): void =>
        write({ event: "answered", provider: id, attempt, said, ...why });
      try {
        const answer = await provider.submit(work, signal);
        if ("refused" in answer)
          heard("refused", { code: answer.refused.code, again: answer.again !== false });
        else heard("accepted" in answer ? "accepted" : "unknown");
        return answer;
      } catch (error) {
        heard("unsent");
        throw error;
      }
    },
    async check(ticket, signal): Promise<Progress> {
      const { job } = asked("check", ticket);
      const progress = await provider.check(ticket, signal);
      if (progress.state === "failed")
        write({ event: "failed", provider: id, job, code: progress.error.code });
      return progress;
    },
    ...(prepare && {
      async prepare(work: Parameters<typeof prepare>[0], signal: AbortSignal): Promise<Json> {
        try {
          return await prepare(work, signal);
        } catch (error) {
          const { code } = error as { code: ErrorCode };
          write({ event: "unprepared", provider: id, task: String(work.params.prompt), code });
          throw error;
        }
      },
    }),
    ...(find && {
      async find(attempt: string, work: Submission): Promise<Found> {
        const found = await find(attempt, work);
        const said = typeof found === "object" ? "found" : found;
        write({ event: "looked", provider: id, attempt, said });
        return found;
      },
    }),
    ...(cancel && {
      async cancel(ticket: Json): Promise<Cancelled> {
        asked("cancel", ticket);
        return cancel(ticket);
      },
    }),
    ...(forget && {
      async forget(ticket: Json): Promise<void> {
        asked("forget", ticket);
        await forget(ticket);
      },
    }),
  };
}
