/** A bar on a terminal; elsewhere a plain line each time something has changed enough to be worth one. */
import type { WriteStream } from "node:tty";

export interface Progress {
  show(percent: number, word: string): void;
  end(): void;
}

const WIDTH = 30;
const STEP = 25;

export function openProgress(name: string, out: WriteStream): Progress {
  let last = "";
  const bar = (percent: number): string => "#".repeat(Math.round((percent / 100) * WIDTH)).padEnd(WIDTH, "-");
  return {
    show(percent, word) {
      if (out.isTTY) {
        out.write(`\r${name}  [${bar(percent)}] ${String(percent).padStart(3)}% ${word.padEnd(10)}`);
        return;
      }
      const line = `${name}  ${Math.floor(percent / STEP) * STEP}% ${word}`;
      if (line !== last) out.write(`${line}\n`);
      last = line;
    },
    end() {
      if (out.isTTY) out.write("\n");
    },
  };
}
