/**
 * Links to the files we hold. A link is the permission: whoever has it may read that one file until it
 * expires, so it can be given to a browser or a provider. `v1` HMAC-SHA256 over method, path and expiry;
 * HEAD may use a link for GET. Nothing is looked up before the signature has been checked.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { ReelayError } from "../core/errors.ts";
import type { FileRecord } from "../core/task.ts";

export interface Links {
  /** `expiresAt` in milliseconds; a link carries whole seconds, rounded down. `base`: where the reader
   * reaches us, if not at the public address. */
  sign(file: Pick<FileRecord, "id" | "name">, expiresAt: number, base?: string): string;
  /** The file's id, where the link is right and had not expired `at` (milliseconds; now by default). Throws `link_refused` or `link_expired`. */
  verify(url: URL, at?: number): string;
  /** Whether a URL that a client sent leads to this server. */
  isOurs(url: URL): boolean;
}

export interface LinksOptions {
  /** Base of every link, without a slash at its end. Asked for on each use: it may hold the port that the system gave us. */
  readonly publicUrl: () => string;
  readonly secret: Uint8Array;
  readonly now: () => number;
}

const PREFIX = "/files/";

export function openLinks({ publicUrl, secret, now }: LinksOptions): Links {
  const root = (): string => new URL(publicUrl()).pathname.replace(/\/$/, "") + PREFIX;
  // The host part of a link is not signed: a proxy may serve us under several names.
  const mac = (path: string, expires: string): string =>
    createHmac("sha256", secret).update(`v1\nGET\n${path}\n${expires}`).digest("base64url");

  return {
    sign(file, expiresAt, base = publicUrl()) {
      const path = `${PREFIX}${file.id}/${encodeURIComponent(file.name)}`;
      const expires = String(Math.floor(expiresAt / 1000));
      return `${base}${path}?expires=${expires}&signature=${mac(path, expires)}`;
    },
    verify(url, at = now()) {
      const path = url.pathname.startsWith(root())
        ? PREFIX + url.pathname.slice(root().length)
        : url.pathname;
      const expires = url.searchParams.get("expires") ?? "";
      // Compared as text: a lenient decoder would take several texts for one signature.
      const given = Buffer.from(url.searchParams.get("signature") ?? "");
      const right = Buffer.from(mac(path, expires));
      if (given.length !== right.length || !timingSafeEqual(given, right)) {
        throw new ReelayError(
          "link_refused",
          "This link's signature is wrong. Use the link exactly as it was given.",
        );
      }
      if (Number(expires) * 1000 <= at) {
        const when = new Date(Number(expires) * 1000).toISOString();
        throw new ReelayError(
          "link_expired",
          `This link expired at ${when}. Read the task again for a new one.`,
        );
      }
      return path.slice(PREFIX.length).split("/")[0] ?? "";
    },
    isOurs(url) {
      return url.origin === new URL(publicUrl()).origin && url.pathname.startsWith(root());
    },
  };
}
