/** What accepted work may fail of on its provider's side, so that it may succeed at another. */
export const FAILOVER_REASONS = ["capacity", "failure", "lost", "timeout"] as const;

export type FailoverReason = (typeof FAILOVER_REASONS)[number];
