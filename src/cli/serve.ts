/** `reelay serve`: prints where it listens, a first key (once), and a request that works when pasted. */

import { loadCatalog } from "../catalog/catalog.ts";
import { type Config, readConfig } from "../config/config.ts";
import { openReelay, type Reelay } from "../main.ts";
import { textOnlyExample } from "./examples.ts";

/** In-flight requests get this long to end before the process leaves; open tasks resume at the next start. */
const DRAIN_MS = 25_000;

export async function run(): Promise<number> {
  const config = readConfig();
  const reelay = await openReelay(config);
  process.stdout.write(await greeting(config, reelay));
  return new Promise((resolve) => {
    let draining = false;
    const drain = (): void => {
      // The second signal means now.
      if (draining) process.exit(1);
      draining = true;
      const overdue = setTimeout(() => process.exit(1), DRAIN_MS).unref();
      reelay.close().then(
        () => {
          clearTimeout(overdue);
          resolve(0);
        },
        (error: unknown) => {
          process.stderr.write(`The server did not stop cleanly: ${String(error)}\n`);
          resolve(1);
        },
      );
    };
    process.on("SIGTERM", drain);
    process.on("SIGINT", drain);
  });
}

async function greeting(config: Config, { url, firstKey }: Reelay): Promise<string> {
  const example = JSON.stringify(textOnlyExample(await loadCatalog()));
  const key = firstKey ?? "YOUR_KEY";
  const about = firstKey
    ? `Your first key, shown this once:\n\n  ${firstKey}\n`
    : "Make another key with: reelay keys create NAME\n";
  return `Reelay listens on ${url} and keeps its data in ${config.dataDir}

${about}
Ask for a video:

  curl ${url}/v1/videos/generations -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" -d '${example}'

Then read it, with the id from the answer:

  curl ${url}/v1/tasks/TASK_ID -H "Authorization: Bearer ${key}"

`;
}
