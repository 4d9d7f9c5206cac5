/** What a run has found, for people: a table, and for each failure how to ask the same again. */
import type { Sent } from "./request.ts";
import type { Failure, Summary } from "./summary.ts";

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** One line; the key is in the variable OURS, REFUSED, STRANGER or REVOKED. */
export function curlOf({ method, path, who, authorization, headers, body }: Sent, url: string): string {
  const parts = ["curl -sS --path-as-is", `-X ${method}`];
  if (authorization !== undefined) parts.push(`-H ${quoted(`Authorization: ${authorization}`)}`);
  else if (who !== "none") parts.push(`-H "Authorization: Bearer $${who.toUpperCase()}"`);
  for (const [name, value] of Object.entries(headers)) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (typeof body === "string" && !body.includes("\0")) parts.push(`--data-binary ${quoted(body)}`);
  const raw =
    body === undefined || (typeof body === "string" && !body.includes("\0"))
      ? ""
      : `base64 -d <<< ${Buffer.from(body).toString("base64")} | `;
  if (raw !== "") parts.push("--data-binary @-");
  return `${raw}${parts.join(" ")} ${quoted(url + path)}`;
}

export function tableOf({ requests, answers, slowest, failures, seconds }: Summary): string {
  const kinds = [...new Set([...answers.keys()].map((name) => name.split("\t")[0] ?? ""))].sort();
  const classes = ["2xx", "3xx", "4xx", "5xx"];
  const row = (cells: readonly (string | number)[]): string =>
    cells.map((cell, at) => (at === 0 ? String(cell).padEnd(16) : String(cell).padStart(9))).join("");
  return [
    row(["requests", ...classes]),
    ...kinds.map((kind) => row([kind, ...classes.map((one) => answers.get(`${kind}\t${one}`) ?? 0)])),
    "",
    `${requests} requests in ${seconds.toFixed(1)} s (${Math.round(requests / seconds)}/s); the slowest took ${Math.round(slowest.ms)} ms (${slowest.what}).`,
    `${failures.length} failures.`,
  ].join("\n");
}

export function failureText({ at, faults, status, curl }: Failure, seed: number): string {
  const lines = [`request ${at} of seed ${seed}: ${status}: ${faults.join("; ")}`];
  if (curl !== "")
    lines.push(
      `  ${curl.length > 900 ? `${curl.slice(0, 500)}...${curl.slice(-200)} (${curl.length} characters)` : curl}`,
    );
  if (at >= 0) lines.push(`  again: npm run fuzz -- --seed ${seed} --only ${at}`);
  return lines.join("\n");
}
