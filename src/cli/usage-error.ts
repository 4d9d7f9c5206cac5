/** A mistake in how a command was called: shown as it is, exit code 2. */
export class UsageError extends Error {}
