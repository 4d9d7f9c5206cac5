/** The secret behind our links: made once, kept in the data folder, readable by its owner only. */
import { randomBytes } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";

const BYTES = 32;

export async function readSecret(dataDir: string): Promise<Uint8Array> {
  const path = join(dataDir, "secret");
  try {
    const secret = Buffer.from((await readFile(path, "utf8")).trim(), "hex");
    if (secret.length === BYTES) return secret;
    throw new Error(
      `${path} is damaged. Remove it to make a new one; links given out until now will stop working.`,
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const secret = randomBytes(BYTES);
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(`${secret.toString("hex")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return secret;
}
