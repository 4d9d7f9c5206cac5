export interface Row {
  readonly what: string;
  readonly value: string;
  /** What we set out to reach; empty where the row only explains another. */
  readonly bar?: string;
  readonly reached?: boolean;
}

export function printTable(rows: readonly Row[]): void {
  const widths = [
    Math.max(...rows.map((row) => row.what.length)),
    Math.max(...rows.map((row) => row.value.length)),
    Math.max(...rows.map((row) => row.bar?.length ?? 0)),
  ] as const;
  for (const { what, value, bar = "", reached } of rows) {
    const verdict = reached === undefined ? "" : reached ? "reached" : "MISSED";
    console.log(
      `${what.padEnd(widths[0])}  ${value.padStart(widths[1])}  ${bar.padEnd(widths[2])}  ${verdict}`.trimEnd(),
    );
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
