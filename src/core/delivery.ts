/** A delivery: one webhook that is to be told the end of one task, with its tries. */
export type DeliveryState = "waiting" | "delivered" | "dead";

export interface DeliveryRecord {
  /** Sent as `webhook-id`: the same for every try. */
  readonly id: string;
  readonly taskId: string;
  readonly keyId: string;
  readonly url: string;
  readonly state: DeliveryState;
  readonly tries: number;
  readonly createdAt: number;
  /** When the next try is due; null once it is delivered or dead. */
  readonly dueAt: number | null;
}

export interface DeliveryTry {
  readonly at: number;
  /** Milliseconds until the answer or the failure. */
  readonly ms: number;
  /** HTTP status; null where none came. */
  readonly status: number | null;
  /** The first 1,000 characters of the answer, or why there was none. */
  readonly detail: string;
}

/** Signs the webhooks of one key. Two may be live at once, so that a receiver can change over. */
export interface WebhookSecret {
  readonly keyId: string;
  /** `whsec_` and base64 of 32 random bytes. */
  readonly secret: string;
  readonly createdAt: number;
  /** null: until it is rotated. */
  readonly expiresAt: number | null;
}
