/** `Prefer: wait=N` (RFC 7240): how long the client would like us to hold the answer back for a result. */
const MOST_SECONDS = 60;

/** Quoted values of other preferences, which may look like anything. */
const QUOTED = /"(?:[^"\\]|\\.)*"/g;
const WAIT = /(?:^|,)\s*wait\s*=\s*(\d{1,9})\s*(?=$|[;,])/i;

/**
 * Whole seconds, at most 60; undefined where nothing of the kind is asked. A preference is a wish: one that is
 * malformed is passed over, and `Preference-Applied` tells what was granted.
 */
export function readWait(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  const plain = String(header).replace(QUOTED, (text) => (/^"\d+"$/.test(text) ? text.slice(1, -1) : ""));
  const seconds = WAIT.exec(plain)?.[1];
  return seconds === undefined ? undefined : Math.min(MOST_SECONDS, Number(seconds));
}
