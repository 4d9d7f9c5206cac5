/**
 * Keys of providers that are kept for the operator: one file beside the database, each key sealed with AES-256-GCM. The
 * sealing key comes of the data folder's own secret and of REELAY_MASTER_KEY where there is one; without the latter, whoever
 * has a copy of the whole data folder has the keys.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";

export interface StoredKey {
  readonly id: string;
  readonly kind: string;
  readonly key: string;
}

export interface Vault {
  /** Rejects with a sentence where a key cannot be unsealed. */
  list(): Promise<readonly StoredKey[]>;
  /** Replaces what is stored under the id. */
  put(stored: StoredKey): Promise<void>;
  /** Resolves false where there is none. */
  remove(id: string): Promise<boolean>;
}

export interface VaultOptions {
  readonly dataDir: string;
  readonly secret: Uint8Array;
  /** Empty: none. */
  readonly masterKey: string;
}

interface Sealed {
  readonly kind: string;
  /** `v1:` and base64 of nonce (12 bytes), tag (16) and ciphertext. */
  readonly sealed: string;
}

type File = Readonly<Record<string, Sealed>>;

const VERSION = "v1:";
const NONCE = 12;
const TAG = 16;

export function openVault({ dataDir, secret, masterKey }: VaultOptions): Vault {
  const path = join(dataDir, "provider-keys.json");
  const sealingKey = Buffer.from(hkdfSync("sha256", secret, masterKey, "reelay provider keys v1", 32));

  const read = async (): Promise<File> => {
    try {
      return JSON.parse(await readFile(path, "utf8")) as File;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
      throw new Error(
        `${path} is damaged or cannot be read. Put it right, or remove it and store the keys again.`,
      );
    }
  };

  const write = async (file: File): Promise<void> => {
    const temporary = `${path}.new`;
    const handle = await open(temporary, "w", 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(file, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  };

  return {
    async list() {
      return Object.entries(await read()).map(([id, { kind, sealed }]) => {
        return { id, kind, key: unseal(sealingKey, id, sealed) };
      });
    },
    async put({ id, kind, key }) {
      await write({ ...(await read()), [id]: { kind, sealed: seal(sealingKey, id, key) } });
    },
    async remove(id) {
      const { [id]: removed, ...others } = await read();
      if (removed) await write(others);
      return removed !== undefined;
    },
  };
}

/** The id is sealed in, so that nobody can swap two keys. */
function seal(sealingKey: Uint8Array, id: string, key: string): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", sealingKey, nonce).setAAD(Buffer.from(id));
  const text = Buffer.concat([cipher.update(key, "utf8"), cipher.final()]);
  return VERSION + Buffer.concat([nonce, cipher.getAuthTag(), text]).toString("base64");
}

function unseal(sealingKey: Uint8Array, id: string, sealed: string): string {
  const bytes = Buffer.from(sealed.slice(VERSION.length), "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", sealingKey, bytes.subarray(0, NONCE))
      .setAAD(Buffer.from(id))
      .setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString("utf8");
  } catch {
    throw new Error(
      `The stored key of the provider "${id}" cannot be unsealed: REELAY_MASTER_KEY or the data folder's secret is another than when it was stored. Store it again: reelay providers add ${id}`,
    );
  }
}
