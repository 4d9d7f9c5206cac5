/** Who is asking: `Authorization: Bearer <key>`. Unknown and revoked keys get one and the same answer. */
import { isWellFormedKey, keyDigest } from "../core/api-key.ts";
import { ReelayError } from "../core/errors.ts";
import type { KeyRecord, Store } from "../core/store.ts";

export type Authenticate = (authorization: string | undefined) => Promise<KeyRecord>;

export function openAuthenticate(store: Pick<Store, "findKey">): Authenticate {
  return async (authorization) => {
    if (authorization === undefined || authorization === "") {
      throw new ReelayError(
        "unauthenticated",
        "No API key was sent. Send the header Authorization: Bearer <key>.",
      );
    }
    const key = /^bearer +(\S+)$/i.exec(authorization)?.[1];
    if (key === undefined) {
      throw new ReelayError("unauthenticated", "The Authorization header is not of the form Bearer <key>.");
    }
    if (!isWellFormedKey(key)) {
      throw new ReelayError(
        "unauthenticated",
        "This is not a key of this server: its checksum is wrong. Check for a missing or changed character.",
      );
    }
    const record = await store.findKey(keyDigest(key));
    if (!record || record.revokedAt !== null) {
      throw new ReelayError("unauthenticated", "This key is unknown to this server or has been revoked.");
    }
    return record;
  };
}
