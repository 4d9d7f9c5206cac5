/** `reelay doctor`: every setting, and what this machine has and lacks. Exits 1 where the server could not work. */
import { access, constants, mkdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import { describeSettings, readConfig } from "../config/config.ts";
import { describeCodecs } from "../media/codecs.ts";
import { assertEgressGuard } from "../net/self-test.ts";
import { checkProviders } from "./doctor-providers.ts";

export interface Finding {
  readonly ok: boolean | "warning";
  readonly text: string;
}

/** The first 24 with the fixes of 21 October 2026 (decoder and TLS bugs that a remote side can reach). */
const SAFE_NODE = [24, 22, 1] as const;
const LOW_DISK_BYTES = 2 * 1024 ** 3;

export async function run(): Promise<number> {
  const config = readConfig();
  process.stdout.write("Settings (* set here)\n");
  for (const { name, value, set, about } of describeSettings()) {
    process.stdout.write(`  ${set ? "*" : " "} ${name}=${value}\n      ${about}\n`);
  }
  process.stdout.write("\nThis machine\n");
  const findings = [
    checkNode(),
    ...(await checkCodecs(config.ffmpegDir)),
    await checkGuard(),
    await checkFolder(config.dataDir),
  ];
  print(findings);
  process.stdout.write("\nProviders\n");
  const providers = await checkProviders(config);
  print(providers);
  return [...findings, ...providers].some((one) => one.ok === false) ? 1 : 0;
}

function print(findings: readonly Finding[]): void {
  for (const { ok, text } of findings) {
    const word = ok === true ? "ok     " : ok === "warning" ? "warning" : "MISSING";
    process.stdout.write(`  ${word}  ${text}\n`);
  }
}

function checkNode(): Finding {
  const found = process.versions.node.split(".").map(Number);
  const order =
    SAFE_NODE.map((part, i) => (found[i] ?? 0) - part).find((difference) => difference !== 0) ?? 0;
  if (order >= 0) return { ok: true, text: `Node ${process.versions.node}` };
  return {
    ok: "warning",
    text: `Node ${process.versions.node} works, but lacks security fixes; run ${SAFE_NODE.join(".")} or newer in production`,
  };
}

async function checkCodecs(folder: string): Promise<readonly Finding[]> {
  const found = await describeCodecs(folder === "" ? {} : { ffmpegPath: join(folder, "ffmpeg") });
  const any = found.some((one) => one.version !== null);
  return found.map(({ id, version, problem }) => ({
    // One of the two is enough.
    ok: version !== null || (any ? "warning" : false),
    text: version === null ? `codec ${id}: ${problem}` : `codec ${version}`,
  }));
}

async function checkGuard(): Promise<Finding> {
  try {
    await assertEgressGuard();
    return {
      ok: true,
      text: "egress guard: a connection to this machine's own address was refused, as it must be",
    };
  } catch (error) {
    return { ok: false, text: `egress guard: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function checkFolder(dataDir: string): Promise<Finding> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.W_OK);
    const disk = await statfs(dataDir);
    const free = disk.bavail * disk.bsize;
    const text = `data folder ${dataDir}: writable, ${Math.floor(free / 1024 ** 3)} GiB free`;
    return { ok: free < LOW_DISK_BYTES ? "warning" : true, text };
  } catch (error) {
    return {
      ok: false,
      text: `data folder ${dataDir}: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
