/** Whose money it is: every key belongs to one account, and both have a balance, found by the id of its owner. */
export const DEFAULT_ACCOUNT = "default";

/** No key's id begins so. */
const PREFIX = "account:";

export function isAccountName(name: string): boolean {
  return /^[a-z0-9-]{1,40}$/.test(name);
}

/** The owner id of an account's balance; that of a key's balance is the key's id. */
export function accountOwner(account: string): string {
  return `${PREFIX}${account}`;
}

/** The account that an owner id names; undefined where it is a key's. */
export function accountOf(owner: string): string | undefined {
  return owner.startsWith(PREFIX) ? owner.slice(PREFIX.length) : undefined;
}
