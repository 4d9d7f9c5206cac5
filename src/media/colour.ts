/** The colour tags of a video, in the names that ffprobe uses. */
export interface ColourTags {
  readonly matrix: string;
  readonly primaries: string;
  readonly transfer: string;
  readonly range: string;
}

/** "bt709 limited" where matrix, primaries and transfer agree, else all three: "bt470bg/bt709/unknown full". */
export function colourName({ matrix, primaries, transfer, range }: ColourTags): string {
  const same = matrix === primaries && matrix === transfer;
  const names = same ? matrix : [matrix, primaries, transfer].join("/");
  if (range === "tv") return `${names} limited`;
  return range === "pc" ? `${names} full` : names;
}

/** For swscale. Without these its way through RGB is off by up to 3 levels of 255. */
export const CONVERSION_FLAGS = "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp";
