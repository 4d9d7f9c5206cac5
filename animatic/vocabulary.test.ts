import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { promptsPage } from "../docs/prompts.ts";
import { hear, hearNegative } from "./hear.ts";
import { phrasesOf } from "./phrases.ts";
import { type Entry, type Group, VOCABULARY } from "./vocabulary.ts";

const GROUPS = Object.entries(VOCABULARY) as [Group, readonly Entry[]][];

/** A phrase as somebody would write it, with something in its gap. */
function spoken(phrase: readonly (string | null)[]): string {
  const han = /\p{Script=Han}/u.test(phrase.join(""));
  return phrase.map((word) => word ?? (han ? "慢慢" : "very slowly")).join(han ? "" : " ");
}

const spokenOf = ({ phrases }: Entry) => phrases.flatMap(phrasesOf).map(spoken);

test.each(["en", "zh"])(
  "docs/pages/%s/prompts.md says something else than the tables (run: npm run docs)",
  (language) => {
    const page = readFileSync(new URL(`../docs/pages/${language}/prompts.md`, import.meta.url), "utf8");
    expect(page).toBe(promptsPage(language));
  },
);

const MEANT = GROUPS.flatMap(([, entries]) => entries).filter(
  ({ kind }) => kind !== "other" && kind !== "deny",
);

test.each(MEANT.map((entry) => [`${entry.kind} ${entry.value}`, entry] as const))(
  "a word listed for %s is not understood as it",
  (_name, entry) => {
    const missed = spokenOf(entry).flatMap((said) =>
      [said, `Lovely, ${said}, ok`, `好，${said}。`].filter((text) => {
        const { said: heard } = hearNegative(text);
        return !heard.some(({ kind, value }) => kind === entry.kind && value === entry.value);
      }),
    );
    expect(missed).toEqual([]);
  },
);

test("a word that denies does not, or one that only looks like it does", () => {
  for (const entry of VOCABULARY.denial)
    for (const said of spokenOf(entry)) {
      const han = /\p{Script=Han}/u.test(said);
      const { denied } = hear(han ? `${said}霓虹灯` : `${said} neon lights`);
      expect([said, denied.map(({ value }) => value)]).toEqual([
        said,
        entry.value === "nothing" ? [] : ["neon"],
      ]);
    }
});

test("a word that parts sentences does not: a calm in one part is of the other", () => {
  for (const said of VOCABULARY.joint.flatMap(spokenOf)) {
    const parts = new Set(hear(`snow ${said} neon`).said.map(({ part }) => part));
    expect([said, parts.size]).toEqual([said, 2]);
  }
});

test("a word that means something else is taken for what is in it", () => {
  for (const [group, entries] of GROUPS) {
    const kinds = new Set<string>(entries.map(({ kind }) => kind));
    if (group === "joint") continue;
    for (const entry of entries.filter(({ kind }) => kind === "other"))
      for (const said of spokenOf(entry))
        expect([said, hear(said).said.filter(({ kind }) => kinds.has(kind))]).toEqual([said, []]);
  }
});

test("a phrase of the tables means two things of one kind", () => {
  for (const [group, entries] of GROUPS) {
    const owners = new Map<string, string>();
    for (const entry of entries)
      for (const phrase of entry.phrases.flatMap(phrasesOf)) {
        const key = `${entry.kind} ${phrase.map((word) => word ?? "…").join(" ")}`;
        const owner = owners.get(key);
        expect([group, key, owner ?? entry.value]).toEqual([group, key, entry.value]);
        owners.set(key, entry.value);
      }
  }
});
