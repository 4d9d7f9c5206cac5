/** Mistakes that a server could have, made on purpose between it and what it stands on: each must be found. */
import { ReelayError } from "../../src/core/errors.ts";
import type { Provider, Submitted } from "../../src/core/provider.ts";
import type { Store } from "../../src/core/store.ts";
import type { FailoverPolicy } from "../../src/tasks/failover.ts";

export interface Sabotage {
  store(store: Store): Store;
  providers(providers: readonly Provider[]): readonly Provider[];
  failover(policy: FailoverPolicy): FailoverPolicy;
}

export const NOTHING: Sabotage = {
  store: (store) => store,
  providers: (providers) => providers,
  failover: (policy) => policy,
};

const each = (change: (provider: Provider, all: readonly Provider[]) => Partial<Provider>): Sabotage => ({
  ...NOTHING,
  providers: (all) => all.map((one) => ({ ...one, ...change(one, all) })),
});

const answering = (change: (answer: Submitted) => Submitted): Sabotage =>
  each(({ submit }) => ({ submit: async (work, signal) => change(await submit(work, signal)) }));

const busy = (): Submitted => {
  return { refused: new ReelayError("provider_busy", "so it is believed"), again: { afterMs: 1_000 } };
};

/** Of two, the next one; of one, itself. */
const nextOf = (one: Provider, all: readonly Provider[]): Provider =>
  all[(all.indexOf(one) + 1) % all.length] ?? one;

/** Calls that are made on the store, some of them by another. */
const instead = (store: Store, calls: Partial<Store>): Store =>
  new Proxy(store, {
    get: (whole, name) => Reflect.get(name in calls ? calls : whole, name) as unknown,
  });

/** The task is moved for as long as this life lasts, and nothing of it is written. */
function movesInMemoryOnly(store: Store): Store {
  const moved = new Map<string, string>();
  return instead(store, {
    moveTask: async (id, provider) => void moved.set(id, provider),
    readTask: async (id) => {
      const task = await store.readTask(id);
      return task && { ...task, provider: moved.get(id) ?? task.provider };
    },
  });
}

/** Beside each mistake what is said of it. */
export const MISTAKES: readonly (readonly [what: string, says: RegExp, sabotage: Sabotage])[] = [
  [
    "what cannot be found yet is taken to be absent",
    /^att_\d+ was accepted \d times/,
    each(({ find }) => (find ? { find: async () => "absent" as const } : {})),
  ],
  [
    "a lost answer is taken for a refusal",
    /was handed to \w+ as att_\d+ while \w+ may have att_\d+/,
    answering((answer) => ("unknown" in answer ? busy() : answer)),
  ],
  [
    "intents are not written down before they are acted on",
    /was handed to \w+ as att_\d+ while \w+ may have att_\d+/,
    {
      ...NOTHING,
      store: (store) =>
        instead(store, {
          saveStep: async (id, name, value) => {
            const early = name.startsWith("attempt-") && !("done" in (value as object));
            if (!early) await store.saveStep(id, name, value);
          },
        }),
    },
  ],
  [
    "work that goes on is taken to have failed",
    /was accepted by \w+ as att_\d+ before \w+ said that att_\d+ failed/,
    each(({ check }) => ({
      check: async (ticket, signal) => {
        const progress = await check(ticket, signal);
        if (progress.state !== "processing") return progress;
        return { state: "failed", error: new ReelayError("provider_failed", "so it is believed") };
      },
    })),
  ],
  [
    "neither policy nor cap is asked",
    /was accepted \d times, and \d are allowed/,
    {
      ...NOTHING,
      failover: ({ reasons }) => ({ reasons, attempts: 100, costPercent: 100_000 }),
    },
  ],
  [
    "every failure is followed",
    /although it had failed with/,
    {
      ...NOTHING,
      failover: (policy) => ({ ...policy, reasons: ["capacity", "failure", "lost", "timeout"] }),
    },
  ],
  [
    "a refusal of the content is one like any other",
    /was refused for its content by \w+ and handed to/,
    answering((answer) =>
      "refused" in answer && answer.refused.code === "content_refused" ? busy() : answer,
    ),
  ],
  [
    "a check goes to whoever comes next",
    /got a check of job_\d+, which \w+ has/,
    each((one, all) => ({ check: nextOf(one, all).check })),
  ],
  [
    "a cancel goes to whoever comes next",
    /got a cancel of job_\d+, which \w+ has/,
    each((one, all) => {
      const { cancel } = nextOf(one, all);
      return one.cancel && cancel ? { cancel } : {};
    }),
  ],
  [
    "the record of who has a task is not written",
    /says \w+, and \w+ had it last/,
    { ...NOTHING, store: movesInMemoryOnly },
  ],
  ["a provider's limit is not kept", /takes \d at once and was handed/, each(() => ({ concurrency: 100 }))],
];
