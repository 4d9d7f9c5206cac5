import type { ClipFacts, ClipType } from "../../core/media.ts";
import { type Box, readHead, walkBoxes } from "./boxes.ts";
import { type Fragments, newFragments } from "./mp4-fragments.ts";
import { newTrack, readTimes, readTrackBox, type Track } from "./mp4-track.ts";
import { notAccepted } from "./sniff.ts";
import { latin, printable, type Source, unreadable } from "./source.ts";

/** Any of these among a file's brands says that it is laid out as an MP4. */
const MP4_BRANDS = new Set([
  ...["isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "mp41", "mp42", "mp71"],
  ...["avc1", "M4V ", "M4VH", "M4VP", "MSNV", "XAVC", "dash"],
]);
const MOV_BRAND = "qt  ";
/** Other things in the same boxes, by the first letters of their brand. */
const OTHER_BRANDS: Readonly<Record<string, string>> = {
  avi: "an AVIF picture",
  hei: "a HEIC picture",
  hev: "a HEIC picture",
  mif: "a HEIC or AVIF picture",
  msf: "a HEIC or AVIF picture",
  crx: "a camera's raw picture",
  M4A: "an M4A sound",
  M4B: "an M4A sound",
  F4A: "an M4A sound",
};
const MOST_BRANDS = 64;
const MOST_SECONDS = 1_000_000;
const MOST_FPS = 1_000;

interface Movie {
  readonly tracks: Track[];
  readonly fragments: Fragments;
  /** Seconds as the movie header has it. */
  seconds: number;
  found: boolean;
}

/** Follows the index; the samples themselves are never looked at. Sides are turned as the track's matrix says. */
export async function readMp4(source: Source): Promise<ClipFacts> {
  let type: ClipType = "mov";
  const movie: Movie = { tracks: [], fragments: newFragments(), seconds: 0, found: false };
  for await (const box of walkBoxes(source)) {
    if (box.path === "/ftyp" && box.start === 8) type = await readBrands(source, box);
    if (box.path === "/moov") {
      if (movie.found) throw unreadable("This file has two indexes (moov).");
      movie.found = true;
    }
    await readMovieBox(source, box, movie);
  }
  const label = type.toUpperCase();
  if (!movie.found) throw unreadable(`This ${label} has no index (moov): it was cut off or not finished.`);
  return { kind: "clip", type, ...clipFacts(movie, label), bytes: source.size };
}

async function readMovieBox(source: Source, box: Box, movie: Movie): Promise<void> {
  if (box.path === "moov/trak") movie.tracks.push(newTrack());
  if (box.path === "moov/mvhd") {
    const { timescale, duration } = await readTimes(source, box);
    movie.seconds = (duration ?? 0) / timescale;
  }
  const track = movie.tracks.at(-1);
  if (track) await readTrackBox(source, box, track);
  await movie.fragments.read(source, box);
}

async function readBrands(source: Source, box: Box): Promise<ClipType> {
  const view = await readHead(source, box, 8 + 4 * MOST_BRANDS);
  if (view.byteLength < 8) throw unreadable('The "ftyp" box is too short.');
  const brands: string[] = [];
  for (let at = 0; at + 4 <= view.byteLength; at += 4) if (at !== 4) brands.push(latin(view, at, 4));
  const major = brands[0] ?? "";
  if (major === MOV_BRAND) return "mov";
  const other = OTHER_BRANDS[major.slice(0, 3)];
  if (other) throw notAccepted(other);
  if (brands.some((brand) => MP4_BRANDS.has(brand))) return "mp4";
  throw notAccepted(`a relative of MP4 with the brand "${printable(major)}"`);
}

function clipFacts(movie: Movie, label: string) {
  const track = largestPicture(movie.tracks);
  if (!track) throw unreadable(`This ${label} has no video track.`);
  const width = track.codedWidth || track.shownWidth;
  const height = track.codedHeight || track.shownHeight;
  if (!width || !height) throw unreadable(`This ${label} says it is ${width} x ${height} pixels.`);

  const later = movie.fragments.of(track.id);
  const samples = track.samples + later.samples;
  const ticks = track.ticks + later.ticks;
  const timescale = track.timescale || 1;
  // With fragments the headers cover the first piece at most. Without, the movie's header is right where an
  // edit list trims the track.
  const whole = movie.seconds || (track.duration ?? ticks) / timescale;
  const seconds = later.samples ? Math.max(whole, ticks / timescale) : whole;
  if (!(seconds > 0 && seconds < MOST_SECONDS)) {
    throw unreadable(`This ${label} says it is ${seconds} seconds long.`);
  }
  const fps = ticks > 0 ? (samples * timescale) / ticks : 0;
  return {
    ...(track.quarterTurn ? { width: height, height: width } : { width, height }),
    seconds,
    fps: fps > 0 && fps <= MOST_FPS ? Math.round(fps * 1000) / 1000 : null,
    sound: movie.tracks.some(({ handler }) => handler === "soun"),
  };
}

/** Cover pictures and previews are video tracks too; the clip is the largest, as players choose. */
function largestPicture(tracks: readonly Track[]): Track | undefined {
  const area = (track: Track) =>
    (track.codedWidth || track.shownWidth) * (track.codedHeight || track.shownHeight);
  return tracks.filter(({ handler }) => handler === "vide").sort((a, b) => area(b) - area(a))[0];
}
