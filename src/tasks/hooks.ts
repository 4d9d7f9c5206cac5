/**
 * What providers call when something has changed. The URL carries our task and attempt, signed, so a call heals an
 * attempt whose answer was lost by itself. A call is a reason to look, never an end: the ticket it names is believed
 * only for an attempt whose own answer was lost and whose provider cannot say better.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { ReelayError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { Provider, WebhookCall } from "../core/provider.ts";
import type { Store } from "../core/store.ts";
import { isTerminal } from "../core/task.ts";
import { hintStep } from "./attempt.ts";
import { attemptsOf } from "./history.ts";

export interface Hooks {
  /** null where we have no address that a provider could reach. */
  url(of: { readonly taskId: string; readonly attemptId: string; readonly provider: string }): string | null;
  /** Throws `link_refused` where the signature is not ours. */
  take(call: {
    readonly taskId: string;
    readonly attemptId: string;
    readonly signature: string;
    readonly call: WebhookCall;
  }): Promise<void>;
  /** A call to the one address that a provider was told once, for all of its work. Throws as `take` does. */
  takeFixed(call: { readonly provider: string; readonly call: WebhookCall }): Promise<void>;
}

export interface HooksParts {
  readonly store: Pick<Store, "readTask" | "readSteps" | "saveStep">;
  readonly providers: ReadonlyMap<string, Provider>;
  /** Base of the URLs that this provider can reach; null where there is none. */
  readonly reachableUrl: (provider: string) => string | null;
  readonly secret: Uint8Array;
  readonly nudge: (taskId: string) => void;
  /** Whether it signs its calls with a secret that we know: without one anybody could make us look, again and again. */
  readonly signsCalls: (provider: string) => boolean;
  /** The task whose work at this provider has this ticket. */
  readonly holderOf: (provider: string, ticket: Json) => string | undefined;
}

export function openHooks(parts: HooksParts): Hooks {
  const { store, providers, reachableUrl, secret, nudge } = parts;
  const sign = (taskId: string, attemptId: string): string =>
    createHmac("sha256", secret).update(`hook\n${taskId}\n${attemptId}`).digest("base64url");

  return {
    url({ taskId, attemptId, provider }) {
      const base = reachableUrl(provider);
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
      const steps = await store.readSteps(taskId);
      const attempt = attemptsOf(steps).find((one) => one.attemptId === attemptId);
      const provider = providers.get(attempt?.placing?.provider ?? task.provider);
      const heard = await provider?.readWebhook?.(call);
      if (heard === "forged") throw forged();
      const ticket = heard?.ticket;
      const known = steps.has(hintStep(attemptId));
      if (ticket !== undefined && !known) await store.saveStep(taskId, hintStep(attemptId), ticket);
      nudge(taskId);
    },
    async takeFixed({ provider, call }) {
      const heard = parts.signsCalls(provider)
        ? await providers.get(provider)?.readWebhook?.(call)
        : undefined;
      if (heard === undefined || heard === "forged") throw forged();
      const taskId = heard.ticket === undefined ? undefined : parts.holderOf(provider, heard.ticket);
      if (taskId !== undefined) nudge(taskId);
    },
  };
}

function forged(): ReelayError {
  return new ReelayError(
    "link_refused",
    "This call does not have the signature of the provider that it is for.",
  );
}
