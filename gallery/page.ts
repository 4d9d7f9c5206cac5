/** The gallery as one page: clips that play when pointed at, and below each five of its frames. */
import type { Case } from "./cases.ts";

/** What was made of a case. */
export interface Made {
  readonly case: Case;
  readonly clip: string;
  readonly sheet: string;
  /** Its first frame: until it plays, a clip that is not loaded would be a black hole. */
  readonly poster: string;
  readonly motion: string;
  readonly scene: string | null;
  readonly took: number;
  /** The message, where it failed. */
  readonly error: string | null;
}

const STYLE = `
body { margin: 0 auto; max-width: 1500px; padding: 24px; background: #16181d; color: #e8e8ea; font: 15px/1.45 system-ui, sans-serif; }
h1, h2 { font-weight: 600; } nav a { color: #9cc4ff; margin-right: 14px; }
.cases { display: grid; grid-template-columns: repeat(auto-fill, minmax(340px, 1fr)); gap: 18px; }
figure { margin: 0; background: #1f2228; border-radius: 8px; overflow: hidden; }
video { display: block; width: 100%; max-height: 300px; background: #000; object-fit: contain; }
img { display: block; width: 100%; } figcaption { padding: 8px 12px 10px; } small { color: #9a9ea8; }
.failed { outline: 2px solid #e0564a; }`;

export function pageOf(all: readonly Made[], told: string): string {
  const groups = [...new Set(all.map(({ case: { group } }) => group))];
  const sections = groups.map((group) => {
    const figures = all.filter((made) => made.case.group === group).map(figure);
    return `<h2 id="${slug(group)}">${escaped(group)}</h2><div class="cases">${figures.join("")}</div>`;
  });
  const links = groups.map((group) => `<a href="#${slug(group)}">${escaped(group)}</a>`).join("");
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Reelay animatic gallery</title><style>${STYLE}</style>
<h1>Reelay animatic gallery</h1><p>${escaped(told)}</p><nav>${links}</nav>
${sections.join("\n")}
<script>for (const v of document.querySelectorAll("video")) { v.onpointerenter = () => v.play(); v.onpointerleave = () => v.pause(); }</script></html>`;
}

function figure(made: Made): string {
  const { title, order } = made.case;
  const seen = [made.scene, made.motion].filter(Boolean).join("; ");
  const told = made.error ?? `${seen} (${made.took.toFixed(1)} s)`;
  return `<figure${made.error ? ' class="failed"' : ""}><video src="${made.clip}" poster="${made.poster}" preload="none" loop ${order.sound ? "controls" : "muted"} playsinline></video><img src="${made.sheet}" alt="five frames of ${escaped(title)}" loading="lazy"><figcaption>${escaped(title)}<br><small>${escaped(told)}</small></figcaption></figure>`;
}

const slug = (text: string) => text.replaceAll(" ", "-");

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
