/** `/llms.txt`: what there is to read, one line a page, for programs that read before they act. */
import { LANGUAGES } from "./language.ts";
import type { Page, Section, Site } from "./site.ts";
import { WORDS } from "./words.ts";

export function llmsText(site: Site, url: string): string {
  const link = ({ language, name, title, about }: Page): string =>
    `- [${title}](${url}/docs/${language}/${name}.md): ${about}`;
  const lines = ({ pages }: Section): string => pages.map(link).join("\n");
  const [first, ...others] = LANGUAGES;
  const about = site.pages[first].get("index")?.about ?? "";
  return [
    "# Reelay",
    `> ${about}`,
    `Requests go to ${url} with a key as bearer token. Every page is Markdown at its address with \`.md\`.`,
    ...site.sections[first].map((section) => `## ${section.title}\n\n${lines(section)}`),
    `## OpenAPI\n\n- [openapi.json](${url}/openapi.json): ${WORDS[first].openapi}`,
    ...others.map(
      (language) => `## ${WORDS[language].language}\n\n${site.sections[language].map(lines).join("\n")}`,
    ),
  ]
    .join("\n\n")
    .concat("\n");
}
