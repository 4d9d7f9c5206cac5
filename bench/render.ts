/** `npm run bench`'s line on renders: 720p, five seconds. The whole table is `npm run bench:render`. */
import { measureFilm } from "./film.ts";
import { median, type Row } from "./table.ts";

const BAR = 1.15;

export async function benchRender(): Promise<readonly Row[]> {
  const task = { width: 1280, height: 720, frames: 120, prompt: "push in slowly", rounds: 5 };
  const { codec, rounds } = await measureFilm(task);
  const ratio = median(rounds.map(({ film, encode }) => film.wall / encode.wall));
  const zoompans = rounds.flatMap(({ film, zoompan }) => (zoompan ? [film.wall / zoompan.wall] : []));
  return [
    {
      what: `720p 5 s render, seconds (${codec})`,
      value: median(rounds.map(({ film }) => film.wall)).toFixed(2),
    },
    {
      what: "720p 5 s, the same frames encoded alone, seconds",
      value: median(rounds.map(({ encode }) => encode.wall)).toFixed(2),
    },
    { what: "render / encode alone", value: ratio.toFixed(2), bar: `at most ${BAR}`, reached: ratio <= BAR },
    {
      what: "render / ffmpeg zoompan",
      value: zoompans.length > 0 ? median(zoompans).toFixed(2) : "not measured: no ffmpeg on this machine",
    },
  ];
}
