/**
 * `node docs/prompts.ts` writes pages/en/prompts.md and pages/zh/prompts.md: what the animatic renderer understands of a
 * prompt. Written and not derived while serving, because the server does not load its renderer.
 */
import { writeFile } from "node:fs/promises";
import { type Entry, VOCABULARY } from "../animatic/vocabulary.ts";
import { EN, type PromptsText, ZH } from "./prompts-text.ts";

const PAGES: Readonly<Record<string, PromptsText>> = { en: EN, zh: ZH };

/** The whole page as Markdown, by language. A test holds the written files to it. */
export function promptsPage(language: string): string {
  const text = PAGES[language];
  if (!text) throw new Error(`there is no text in "${language}"`);
  const groups = Object.entries(VOCABULARY) as [keyof typeof VOCABULARY, readonly Entry[]][];
  return [...text.introduction, ...groups.flatMap(([group, entries]) => section(group, entries, text))]
    .join("\n\n")
    .concat("\n");
}

function section(
  group: keyof typeof VOCABULARY,
  entries: readonly Entry[],
  { groups, heads, other }: PromptsText,
): readonly string[] {
  const [title, about] = groups[group];
  const rows = entries.map(({ kind, value, phrases }) => {
    const chinese = phrases.filter((phrase) => /\p{Script=Han}/u.test(phrase));
    const english = phrases.filter((phrase) => !chinese.includes(phrase));
    const name = kind === "other" ? other : `${kind} ${value}`;
    return `| ${name} | ${cell(english)} | ${cell(chinese)} |`;
  });
  return [`### ${title}`, about, [`| ${heads.join(" | ")} |`, "|---|---|---|", ...rows].join("\n")];
}

const cell = (phrases: readonly string[]): string =>
  phrases.map((one) => one.replaceAll("|", "/")).join(", ");

if (import.meta.main) {
  for (const language of Object.keys(PAGES))
    await writeFile(new URL(`./pages/${language}/prompts.md`, import.meta.url), promptsPage(language));
}
