/** The secret behind our links: made once, kept in the data folder, readable by its owner only. */
import { randomBytes } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
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
  // Whole or not at all: a start that was killed here must not leave an empty file for the next one.
  const temporary = `${path}.new`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(`${secret.toString("hex")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  return secret;
}
