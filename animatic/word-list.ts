/**
 * Phrases parted by commas or lines. How each is written: words parted by a space (a hyphen in a prompt is one too),
 * `a|b` for either of two words, `…` for up to four words, or six Chinese characters, that may stand between.
 */
export function list(text: string): readonly string[] {
  return text
    .split(/[,\n]/)
    .map((phrase) => phrase.trim())
    .filter(Boolean);
}
