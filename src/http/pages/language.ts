/** The languages that pages are written in, and which of them a browser would rather have. */
export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

/** By `Accept-Language` (RFC 9110, 12.5.4); the first language where nothing fits. */
export function chooseLanguage(header: string | undefined): Language {
  let best: { readonly language: Language; readonly weight: number } = { language: "en", weight: 0 };
  for (const part of (header ?? "").split(",").slice(0, 20)) {
    const [range = "", ...options] = part.split(";").map((one) => one.trim().toLowerCase());
    const language = LANGUAGES.find((one) => range === one || range.startsWith(`${one}-`));
    const weight = weightOf(options);
    if (language && weight > best.weight) best = { language, weight };
  }
  return best.language;
}

function weightOf(options: readonly string[]): number {
  const given = options.find((one) => one.startsWith("q="));
  const weight = given === undefined ? 1 : Number(given.slice(2));
  return weight >= 0 && weight <= 1 ? weight : 0;
}
