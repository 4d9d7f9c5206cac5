/** `node docs/prompts.ts` writes prompts.md beside this file: what the animatic renderer understands of a prompt. */
import { writeFile } from "node:fs/promises";
import { type Entry, VOCABULARY } from "../animatic/vocabulary.ts";

const ABOUT: Readonly<Record<keyof typeof VOCABULARY, readonly [title: string, about: string]>> = {
  camera: [
    "Camera",
    "Push and pull scale the picture; a dolly, an orbit and a crane go through the space in it, so that near things " +
      "move more than far ones. `undirected` words count only where no directed move is said. Of two opposite moves in " +
      "one take the one said first stays, and the plan notes the other; with several shots they follow one another. " +
      "`static` wins over every move. Without any word here the camera pushes in gently.",
  ],
  speed: [
    "Speed",
    "Of a camera move in the same part of a sentence: 0.35, 0.6, 1.7 and 2.4 times the usual way.",
  ],
  place: [
    "Place",
    "The place named first is drawn, where no picture is given. A `subject` is no place but usually found in one; it " +
      "counts where no place is named, and never with the rewrite `disabled`.",
  ],
  light: [
    "Time, weather and light",
    "Of several times sunset, dawn, night and day are taken in this order, of several weathers snow, rain and fog. " +
      "What is not said is chosen by the seed among what suits the place.",
  ],
  life: [
    "What moves by itself",
    "Sway is to and fro, rooted below; ripple is of water and heat; drift is slow and one way. A word of force in the " +
      "same part of a sentence makes it more or less. Places and weathers bring a little of their own.",
  ],
  sound: [
    "Mood and sound",
    "The mood named first colours the music of the ambience; named sounds are added to those of the place.",
  ],
  unwanted: [
    "Only in negative prompts",
    "`all` keeps out several things at once. What a scene never has is answered in the plan's notes.",
  ],
  denial: [
    "Not wanted",
    "What follows one of these, in the same part of a sentence and before a word like *in*, is kept out as if the " +
      "negative prompt named it. The words of `nothing` only look like these.",
  ],
  joint: ["Parts of a sentence", "Punctuation parts a sentence, and so do these."],
};

const KIND_NAMES: Readonly<Record<string, string>> = { other: "something else" };

/** The whole page as Markdown. A test holds the written file to it. */
export function promptsPage(): string {
  return [
    "# Prompts",
    "Written by `node docs/prompts.ts` from the tables in `animatic/`: change a table, then run it again.",
    ...INTRODUCTION,
    ...Object.entries(VOCABULARY).flatMap(([group, entries]) =>
      section(group as keyof typeof VOCABULARY, entries),
    ),
  ]
    .join("\n\n")
    .concat("\n");
}

const INTRODUCTION = [
  "This is the grammar of Reelay's own animatic renderer. Other providers get the prompt as it is. " +
    '`reelay plan "..."` prints the plan that a prompt becomes, without a server or a network; the same plan is stored ' +
    "with the result as `plan`, so that one can see why a shot looks as it does.",
  "```sh\n" +
    'reelay plan "A lighthouse by the sea at dusk, the camera glides slowly to the right" --seed 7\n' +
    'reelay plan "雨夜的城市，霓虹灯，镜头缓慢推近" --negative "行人, 抖动" --seconds 8 --shots\n' +
    "```",
  "## What becomes of it",
  [
    "- **Words** count as whole words, in any case; a hyphen is a space; traditional characters count as the simplified " +
      "ones. Of all phrases that begin at a word the longest is taken. What is not in the tables has no effect.",
    "- **A negative prompt** (and a *no* in the prompt) takes away what it names: places, times, weathers, moves, neon, " +
      "life, moods and sounds, also those that would have been chosen unasked. The plan lists them as `removed`. What a " +
      "scene never has, such as people, is in its `notes`; what is not understood, and what a given picture shows " +
      "anyway, is told to the client as not shown.",
    "- **Rewriting** (`thinking_type`, `enable_prompt_expansion`, `enhance_prompt`): phrases of this grammar are added " +
      "to a thin prompt, chosen by the seed to fit, and the plan follows from the longer text; both texts and the " +
      "reason are in the plan as `rewritten`. `enabled` (true) fills up what says fewer than four of place, time, " +
      "weather, camera, life and mood; `auto` (null) what says fewer than two; `disabled` (false) takes the prompt " +
      "literally: what is not said is plain, and the camera stands.",
    "- **Several shots** (`generate_multi_clip`): two from 3 seconds, three from 5, four from 8, each at least 1.5 " +
      "seconds long, with hard cuts and other framings. The first shows the whole picture; of a first and a last " +
      "picture the last shot ends on the last. Moves said in different parts of a sentence follow one another.",
    "- **A seed** decides everything that is chosen: same request and seed, same plan, same frames.",
  ].join("\n"),
  "## Words",
  "`/` stands for either of two words, `…` for up to four words, or six Chinese characters, that may stand between.",
];

function section(group: keyof typeof VOCABULARY, entries: readonly Entry[]): readonly string[] {
  const [title, about] = ABOUT[group];
  const rows = entries.map(({ kind, value, phrases }) => {
    const chinese = phrases.filter((phrase) => /\p{Script=Han}/u.test(phrase));
    const english = phrases.filter((phrase) => !chinese.includes(phrase));
    const name = kind === "other" ? (KIND_NAMES[kind] ?? kind) : `${kind} ${value}`;
    return `| ${name} | ${cell(english)} | ${cell(chinese)} |`;
  });
  return [`### ${title}`, about, ["| means | English | Chinese |", "|---|---|---|", ...rows].join("\n")];
}

const cell = (phrases: readonly string[]): string =>
  phrases.map((one) => one.replaceAll("|", "/")).join(", ");

if (import.meta.main) {
  await writeFile(new URL("./prompts.md", import.meta.url), promptsPage());
}
