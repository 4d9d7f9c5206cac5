/**
 * What providers call when something has changed. The URL carries our task and attempt, signed, so a call heals an
 * attempt whose answer was lost by itself. A call is a reason to look, never an end: the ticket it names is believed
 * only for an attempt whose own answer was lost and whose provider cannot say better.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { ReelayError } from "../core/errors.ts";
import type { Provider, WebhookCall } from "../core/provider.ts";
import type { Store } from "../core/store.ts";
import { isTerminal } from "../core/task.ts";
import { hintStep } from "./attempt.ts";

export interface Hooks {
  /** null where we have no address that a provider could reach. */
  url(taskId: string, attemptId: string): string | null;
  /** Throws `link_refused` where the signature is not ours. */
  take(call: {
    readonly taskId: string;
    readonly attemptId: string;
    readonly signature: string;
    readonly call: WebhookCall;
  }): Promise<void>;
}

export interface HooksParts {
  readonly store: Pick<Store, "readTask" | "readSteps" | "saveStep">;
  readonly providers: ReadonlyMap<string, Provider>;
  /** Base of the URLs; null where the operator has told us none that others can reach. */
  readonly publicUrl: () => string | null;
  readonly secret: Uint8Array;
  readonly nudge: (taskId: string) => void;
}

export function openHooks({ store, providers, publicUrl, secret, nudge }: HooksParts): Hooks {
  const sign = (taskId: string, attemptId: string): string =>
    createHmac("sha256", secret).update(`hook\n${taskId}\n${attemptId}`).digest("base64url");

  return {
    url(taskId, attemptId) {
      const base = publicUrl();
      return base === null ? null : `${base}/hooks/${taskId}/${attemptId}/${sign(taskId, attemptId)}`;
    },
    async take({ taskId, attemptId, signature, call }) {
      const given = Buffer.from(signature);
      const right = Buffer.from(sign(taskId, attemptId));
      if (given.length !== right.length || !timingSafeEqual(given, right)) {
        throw new ReelayError("link_refused", "This address is not one that we gave to a provider.");
      }
      const task = await store.readTask(taskId);
      if (!task || isTerminal(task.state)) return;
      const heard = await providers.get(task.provider)?.readWebhook?.(call);
      if (heard === "forged") {
        throw new ReelayError(
          "link_refused",
          "This call does not have the signature of the provider that it is for.",
        );
      }
      const ticket = heard?.ticket;
      const known = (await store.readSteps(taskId)).has(hintStep(attemptId));
      if (ticket !== undefined && !known) await store.saveStep(taskId, hintStep(attemptId), ticket);
      nudge(taskId);
    },
  };
}
