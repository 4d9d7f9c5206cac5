/** The client as it would be installed: built by its own script's compiler, in a folder of its own. */
import { spawn } from "node:child_process";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { resolve as from, join } from "node:path";
import { ROOT, temporaryFolder } from "../support/run.ts";

interface Ran {
  readonly code: number | null;
  /** stdout and stderr together. */
  readonly output: string;
}

export interface Built {
  /** A project in which `@reelay/client` is installed, and what a program beside it may use. */
  readonly project: string;
  readonly packed: string;
  /** A tool of ours, by its name, or `node`, or a program by its whole path; in `cwd`, the project by default. */
  run(
    tool: string,
    args: readonly string[],
    options?: { env?: Record<string, string>; cwd?: string },
  ): Promise<Ran>;
}

export async function buildClient(): Promise<Built> {
  const project = await temporaryFolder();
  const modules = join(project, "node_modules");
  const packed = join(modules, "@reelay", "client");
  await mkdir(packed, { recursive: true });
  for (const name of ["package.json", "README.md", "src"]) {
    await cp(join(ROOT, "client", name), join(packed, name), { recursive: true });
  }
  for (const name of ["@types", "undici-types", "ai"]) {
    await symlink(join(ROOT, "node_modules", name), join(modules, name));
  }
  await writeFile(join(project, "package.json"), JSON.stringify({ type: "module", private: true }));

  const run: Built["run"] = (tool, args, { env = {}, cwd = project } = {}) =>
    new Promise((resolve, reject) => {
      const bin = join(ROOT, "node_modules", ".bin");
      const path = `${bin}:${process.env.PATH}`;
      const child = spawn(from(bin, tool), args, { cwd, env: { ...process.env, PATH: path, ...env } });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (more: string) => {
          output += more;
        });
      }
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, output }));
    });

  const built = await run("tsc", ["-p", "client/tsconfig.json", "--outDir", join(packed, "dist")], {
    cwd: ROOT,
  });
  if (built.code !== 0) throw new Error(built.output);
  return { project, packed, run };
}
