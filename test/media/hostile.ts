/** Files that want to do harm, made here and now: nothing of them is kept in the repository. */
import { deflateSync } from "node:zlib";
import {
  be,
  box,
  exif,
  ftyp,
  id3,
  join,
  jpeg,
  jpegSegment,
  le,
  moov,
  mp3Frame,
  mp4,
  png,
  pngChunk,
  repeat,
  riff,
  times,
  tkhd,
  trak,
  vp8x,
  wav,
  wavFormat,
  zeros,
} from "./samples.ts";

export type Corpus = Readonly<Record<string, Uint8Array>>;

const many = (count: number, part: Uint8Array) => Uint8Array.from(Buffer.alloc(count * part.length, part));
const text = (value: string) => join(value);

/** One bit a pixel, all the same: a hundred kilobytes that unpack to as many megapixels as are said. */
function flood(side: number): Uint8Array {
  const rows = deflateSync(Buffer.alloc(side * (1 + Math.ceil(side / 8))), { level: 9 });
  const header = pngChunk("IHDR", [...be(side, 4), ...be(side, 4), 1, 0, 0, 0, 0]);
  return join("\x89PNG\r\n\x1a\n", header, pngChunk("IDAT", rows), pngChunk("IEND", []));
}

/** A picture that can be looked at, with chunks before its pixels and bytes behind its end. */
function goodPng(before: readonly Uint8Array[], behind: Uint8Array | string = ""): Uint8Array {
  const plain = flood(400);
  return join(plain.subarray(0, 33), ...before, plain.subarray(33), behind);
}

const bomb = (megabytes: number) => deflateSync(Buffer.alloc(megabytes * 1_000_000), { level: 9 });

const pictures = (): Corpus => ({
  "a PNG of 30,000 x 30,000 by its header": png({ width: 30_000, height: 30_000 }),
  "a PNG of 900 megapixels of one bit": flood(30_000),
  "a PNG of 2^31 columns": png({ width: 0x7fffffff, height: 1 }),
  "a PNG whose profile unpacks to 100 MB": goodPng([pngChunk("iCCP", join("x\0\0", bomb(100)))]),
  "a PNG whose comment unpacks to 100 MB": goodPng([pngChunk("zTXt", join("Comment\0\0", bomb(100)))]),
  "a PNG whose text unpacks to 100 MB": goodPng([pngChunk("iTXt", join("Comment\0\x01\0\0\0", bomb(100)))]),
  "a PNG of a hundred comments that unpack to 10 MB each": goodPng(
    Array.from({ length: 100 }, (_, i) => pngChunk("zTXt", join(`c${i}\0\0`, bomb(10)))),
  ),
  "a PNG whose pixels unpack to more than it says": join(
    goodPng([]).subarray(0, 33),
    pngChunk("IDAT", bomb(100)),
    pngChunk("IEND", []),
  ),
  "a PNG of a thousand comments": goodPng(
    Array.from({ length: 1000 }, (_, i) => pngChunk("tEXt", `k\0${i}`)),
  ),
  "a PNG whose chunk is longer than the file": join(png(), be(0x7fffffff, 4), "IDAT"),
  "a JPEG of 65,535 x 65,535": jpeg({ width: 65_535, height: 65_535 }),
  "a JPEG of no rows": jpeg({ height: 0 }),
  "a JPEG of a thousand scans": join(
    jpeg({ marker: 0xc2 }).subarray(0, -2),
    ...Array.from({ length: 1000 }, () => join(jpegSegment(0xda, zeros(10)), zeros(8))),
  ),
  "a JPEG whose EXIF points at itself": jpeg({
    before: [
      jpegSegment(
        0xe1,
        join("Exif\0\0MM\0*", be(8, 4), be(1, 2), be(0x8769, 2), be(4, 2), be(1, 4), be(8, 4)),
      ),
    ],
  }),
  "a JPEG turned by 9": jpeg({ before: [jpegSegment(0xe1, join("Exif\0\0", exif(9)))] }),
  "a WebP of 16,384 x 16,384": riff("WEBP", vp8x(16_384, 16_384), join("VP8 ", le(8, 4), zeros(8))),
  "a GIF of ten thousand frames": join(
    "GIF89a\x10\0\x10\0\0\0\0",
    repeat(10_000, join("\x21\xf9\x04\0\0\0\0\0,\0\0\0\0\x10\0\x10\0\0\x02\x02L\x01\0")),
    ";",
  ),
  "an ImageMagick script": text(
    "push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://127.0.0.1/x|ls)'\npop",
  ),
  "a PostScript program": text(
    "%!PS\nuserdict /setpagedevice undef\nlegal mark /OutputFile (%pipe%id) currentdevice",
  ),
  "laughter a billion times": text(
    `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, i) => `<!ENTITY ${"bcdefghij"[i]} "${`&${"abcdefghi"[i]};`.repeat(10)}">`).join("")}]><svg xmlns="http://www.w3.org/2000/svg">&j;</svg>`,
  ),
});

/** Tables of an MP4 that say they have more than there is. */
const table = (name: string, ...more: readonly number[]) => box(name, zeros(4), be(0xffffffff, 4), more);

const trackWith = (...tables: readonly Uint8Array[]) => {
  const hdlr = box("hdlr", zeros(8), "vide", zeros(13));
  return box(
    "trak",
    tkhd(),
    box("mdia", times("mdhd", 600, 1200), hdlr, box("minf", box("stbl", ...tables))),
  );
};

function nested(depth: number): Uint8Array {
  let inner = box("moov");
  for (let i = 0; i < depth; i++) inner = box("moov", inner);
  return inner;
}

const clips = (): Corpus => ({
  "an MP4 whose box has the length 0": join(ftyp("isom"), be(0, 4), "moov", zeros(64)),
  "an MP4 whose box has the length 1": join(ftyp("isom"), be(1, 4), "moov", be(8, 8), zeros(64)),
  "an MP4 whose box is 2^63 long": join(ftyp("isom"), be(1, 4), "moov", [0x7f, ...zeros(7)], zeros(64)),
  "an MP4 of a million empty boxes": join(ftyp("isom"), many(1_000_000, box("free"))),
  "an MP4 of boxes in boxes, 5,000 deep": join(ftyp("isom"), nested(5_000), box("mdat", zeros(64))),
  "an MP4 whose tables say 2^32": mp4(
    moov(trackWith(table("stsd"), table("stts"), table("stsz"), table("stsc"), table("stco"), table("ctts"))),
  ),
  "an MP4 of 2^32 equal samples": mp4(
    moov(
      trackWith(
        box("stsz", zeros(4), be(1, 4), be(0xffffffff, 4)),
        box("stts", zeros(4), be(1, 4), be(0xffffffff, 4), be(1, 4)),
      ),
    ),
  ),
  "an MP4 without a unit of time": mp4(moov(trak({ media: times("mdhd", 0, 1200) }))),
  "an MP4 that lasts for ever": mp4(
    moov(trak({ media: times("mdhd", 1, 0xffffffff), durations: [[1, 0xffffffff]] })),
  ),
  "an MP4 of 65,535 x 65,535": mp4(
    moov(trak({ coded: [65_535, 65_535], header: tkhd({ width: 65_535, height: 65_535 }) })),
  ),
  "an MP4 whose index unpacks to 100 MB": mp4(
    box("moov", box("cmov", box("dcom", "zlib"), box("cmvd", be(100_000_000, 4), bomb(100)))),
  ),
  "an MP4 of ten thousand tracks": mp4(
    moov(...Array.from({ length: 10_000 }, (_, i) => trak({ header: tkhd({ id: i + 1 }) }))),
  ),
  "a fragment without a beginning": join(
    ftyp("iso5"),
    box("moof", box("traf", table("trun"))),
    box("mdat", zeros(64)),
  ),
});

const sounds = (): Corpus => ({
  "a WAV of 65,535 channels": wav({ format: wavFormat({ channels: 65_535 }) }),
  "a WAV of no channel": wav({ format: wavFormat({ channels: 0 }) }),
  "a WAV of no rate": wav({ format: wavFormat({ rate: 0 }) }),
  "a WAV of 4 GB by its header": wav({ length: 0xfffffff0 }),
  "a WAV of ten thousand empty chunks": wav({
    before: Array.from({ length: 10_000 }, () => join("JUNK", zeros(4))),
  }),
  "an MP3 behind 256 MB of tags": join("ID3\x04\0\0", [0x7f, 0x7f, 0x7f, 0x7f], repeat(20, mp3Frame())),
  "an MP3 of tags in tags": join(...Array.from({ length: 2000 }, () => id3(10)), repeat(4, mp3Frame())),
  "an MP3 that says it has 2^32 frames": join(
    mp3Frame({ mark: "Xing\0\0\0\x0f\xff\xff\xff\xff\xff\xff\xff\xff" }),
    repeat(4, mp3Frame()),
  ),
});

/** Two things at once. */
const polyglots = (): Corpus => ({
  "a PNG with a page behind it": goodPng([], "<script>alert(1)</script>"),
  "a PNG with an archive behind it": goodPng([], join("PK\x03\x04", zeros(64), "PK\x05\x06", zeros(18))),
  "a JPEG with a program in its comment": jpeg({ before: [jpegSegment(0xfe, "<?php system($_GET[0]); ?>")] }),
  "a GIF that is a script": text("GIF89a/*\x01\0\x01\0*/=1;alert(1)"),
  "an MP4 in a free box of which lies a playlist": join(
    ftyp("isom"),
    box("free", "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd"),
    mp4(),
  ),
  "a PDF that is an MP4": join(box("free", "%PDF-1.7"), mp4()),
  "a WAV that is an AVI": riff("AVI ", riff("WAVE", wavFormat())),
});

/** What leads elsewhere: to this port of this machine, or to a file. */
export function references(port: number): Corpus {
  const url = `http://127.0.0.1:${port}/secret`;
  const dref = (kind: string, target: string) =>
    box("dinf", box("dref", zeros(4), be(1, 4), box(kind, zeros(4), target)));
  const refers = (kind: string, target: string) => {
    const entry = box("avc1", zeros(24), be(64, 2), be(48, 2), zeros(50));
    const stbl = [
      box("stsd", zeros(4), be(1, 4), entry),
      box("stts", zeros(4), be(1, 4), be(1, 4), be(600, 4)),
      box("stsc", zeros(4), be(1, 4), be(1, 4), be(1, 4), be(1, 4)),
      box("stsz", zeros(4), be(64, 4), be(1, 4)),
      box("stco", zeros(4), be(1, 4), be(40, 4)),
    ];
    const hdlr = box("hdlr", zeros(8), "vide", zeros(13));
    const minf = box("minf", dref(kind, target), box("stbl", ...stbl));
    return mp4(moov(box("trak", tkhd(), box("mdia", times("mdhd", 600, 600), hdlr, minf))));
  };
  const playlist = `#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\n${url}\n#EXT-X-ENDLIST\n`;
  return {
    "a playlist": text(playlist),
    "a playlist of a file": text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"),
    "a playlist in a playlist": text(
      `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nconcat:${url}|file:///etc/passwd\n`,
    ),
    "a list of clips": text(`ffconcat version 1.0\nfile '${url}'\n`),
    "a DASH manifest": text(
      `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>${url}</BaseURL></MPD>`,
    ),
    "a session description": text(
      `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video ${port} RTP/AVP 96\n`,
    ),
    "an SVG with a picture": text(
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="400" height="300"><image xlink:href="${url}.png" width="400" height="300"/></svg>`,
    ),
    "an SVG with an entity": text(
      `<!DOCTYPE s [<!ENTITY x SYSTEM "${url}">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>`,
    ),
    "an MP4 whose frames are elsewhere": refers("url ", `${url}\0`),
    "a MOV whose frames are in a file": refers("alis", `${"\0".repeat(150)}/etc/passwd`),
    "an AVI with a playlist in it": join("RIFF", le(1000, 4), "AVI LIST", le(200, 4), "hdrl", playlist),
    "a WAV with a playlist in it": riff("WAVE", wavFormat(), join("LIST", le(playlist.length, 4), playlist)),
    "a PNG with a playlist behind it": goodPng([], playlist),
  };
}

export const hostile = (): Corpus => ({ ...pictures(), ...clips(), ...sounds(), ...polyglots() });
