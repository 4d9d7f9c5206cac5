/** Markdown of parts that are made by code: what comes from elsewhere (an operator's model) is text, and never markup. */

/** `text` as it is, whatever it holds. An underscore inside of a word is no markup, and is left readable. */
export function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\`*{}[\]<>#|!~&]/g, "\\$&")
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replaceAll(/^[-+=]/g, "\\$&")
    .replaceAll(/^(\d+)([.)])/g, "$1\\$2");
}

/** A text of ours that may have code spans, and no other markup. */
export function prose(text: string): string {
  return text.replaceAll(/`([^`]+)`|([^`]+|`)/g, (_all, span: string | undefined, rest: string) =>
    span === undefined ? plain(rest) : code(span),
  );
}

/** A code span; also inside of a table's cell, where a bar needs a backslash even there. */
export function code(text: string): string {
  const inside = text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...inside.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = "`".repeat(longest + 1);
  return longest === 0 ? `${ticks}${inside}${ticks}` : `${ticks} ${inside} ${ticks}`;
}

export function codes(values: readonly unknown[]): string {
  return values.map((value) => code(JSON.stringify(value))).join(" ");
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

export function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

/** `info` is the language, and a title behind it where the block is to be folded. */
export function fence(info: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/^`+/gm)].map(([ticks]) => ticks.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${info}\n${text}\n${ticks}`;
}

export function paragraphs(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n\n");
}
