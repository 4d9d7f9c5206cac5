/**
 * Whether a Reelay has a task of an attempt whose answer was lost. It takes the attempt's id as `Idempotency-Key`: with
 * one key it makes one task, however often it is asked, and another request under a used key is refused as
 * `idempotency_mismatch` before its parameters are looked at.
 */
import type { JsonObject } from "../core/json.ts";
import type { Found, Provider, Submission } from "../core/provider.ts";
import { preparedOf } from "./foxapi-order.ts";
import { toTicket } from "./foxapi-words.ts";
import { answered } from "./upstream-answer.ts";
import { textAt } from "./upstream-body.ts";
import type { Called } from "./upstream-call.ts";

/** A create, under the attempt's name. */
export type Send = (
  body: JsonObject,
  about: { readonly attemptId: string; readonly signal?: AbortSignal },
) => Promise<Called>;

interface FindParts {
  readonly send: Send;
  /** The body that the submit had. */
  readonly order: (work: Submission) => Promise<JsonObject>;
  readonly now: () => number;
}

/** A Reelay remembers a key for a week, but no longer than its task, which its operator may keep for a day only. */
const KEY_LIVES_MS = 23 * 3_600_000;
/** The submit itself may still be on its way, and who hears "absent" submits again at once. */
const ABSENT_MS = 10_000;
const MOST_LOOKS = 1_000;

/**
 * First it sends what no model takes, which is refused in any case and orders nothing: the refusal tells whether the key
 * has been used. Only where it has, the submit is repeated as it was, which is answered with the task that is there. That
 * is the one place where a submit may be sent again, and only while the key is surely remembered. Where the key has not
 * been used the work is `absent`, although the first submit could still arrive: the next one has the same key, so there
 * will be one task whichever comes first.
 */
export function openFind({ send, order, now }: FindParts): NonNullable<Provider["find"]> {
  /** When the look for an attempt began. */
  const looks = new Map<string, number>();

  const unused = (attemptId: string): Found => {
    const since = looks.get(attemptId) ?? now();
    if (looks.size > MOST_LOOKS) looks.clear();
    looks.set(attemptId, since);
    if (now() - since < ABSENT_MS) return "unknown";
    looks.delete(attemptId);
    return "absent";
  };

  return async (attemptId, work) => {
    const prepared = preparedOf(work);
    // Nothing to ask with where the work is not described, and no telling where the key may have been forgotten.
    if (work.endpoint === "" || prepared === null || now() - prepared.at > KEY_LIVES_MS) return "unknown";
    const nothing = { model: work.endpoint, prompt: 0, duration: -1 };
    const probe = answered(await send(nothing, { attemptId }), [422]);
    const said = probe.status === 422 ? textAt(probe.body, "error", "code") : undefined;
    if (said === "invalid_parameters") return unused(attemptId);
    looks.delete(attemptId);
    if (said !== "idempotency_mismatch") return "unknown";
    const again = answered(await send(await order(work), { attemptId }), [422]);
    // Refused as well where our own address or a setting has changed since, and with it the body.
    const ticket = again.status === 422 ? undefined : toTicket(again.body);
    return ticket ? { accepted: ticket } : "unknown";
  };
}
