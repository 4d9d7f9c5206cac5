/** Compiles the kernels: `node animatic/kernels/build.ts` writes kernels.wasm beside this file. */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

/** The bytes that the sources in assembly/ compile to; throws with the compiler's own words where they do not. */
export async function buildKernels(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await main(
    [
      "assembly/axis.ts",
      "assembly/warp.ts",
      "assembly/mesh.ts",
      "--baseDir",
      fileURLToPath(new URL(".", import.meta.url)),
      "--outFile",
      "kernels.wasm",
      "-O3",
      "--enable",
      "simd",
      "--enable",
      "relaxed-simd",
      "--runtime",
      "stub",
      "--noAssert",
      "--use",
      "abort=",
    ],
    {
      writeFile: (_name: string, contents: string | Uint8Array) => {
        if (typeof contents !== "string") binary = contents;
      },
    },
  );
  if (error || !binary) throw new Error(`the kernels do not compile: ${stderr.toString()}`, { cause: error });
  return binary;
}

if (import.meta.main) {
  await writeFile(new URL("kernels.wasm", import.meta.url), await buildKernels());
}
