import { type Quarters, quartersOf } from "../turn.ts";
import { unreadable } from "../unreadable.ts";
import { CLOSED_INPUT, OUR_FORMATS, readTool, type Tools } from "./tool.ts";

/** One stream as ffprobe describes it; what it does not know is missing. */
export interface ProbedStream {
  readonly index: number;
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly profile?: string;
  readonly width?: number;
  readonly height?: number;
  readonly pix_fmt?: string;
  readonly color_range?: string;
  readonly color_space?: string;
  readonly color_transfer?: string;
  readonly color_primaries?: string;
  readonly sample_rate?: string;
  readonly channels?: number;
  readonly time_base?: string;
  readonly duration?: string;
  readonly disposition?: { readonly attached_pic?: number };
  /** Of what kind, and for a display matrix its degrees counter-clockwise. */
  readonly side_data_list?: readonly { readonly rotation?: number }[];
}

export interface ProbedPacket {
  readonly stream_index: number;
  readonly pts?: number;
  readonly dts?: number;
  readonly duration?: number;
  /** "K" key, "D" hidden by an edit list, "C" damaged. */
  readonly flags?: string;
}

export interface Probed {
  readonly streams?: readonly ProbedStream[];
  readonly packets?: readonly ProbedPacket[];
}

const STREAM =
  "stream=index,codec_type,codec_name,profile,width,height,pix_fmt,color_range,color_space,color_transfer," +
  "color_primaries,sample_rate,channels,time_base,duration:stream_disposition=attached_pic:stream_side_data=rotation";
const PACKET = "packet=stream_index,pts,dts,duration,flags";

/** Rejects with `input_unreadable` where ffprobe cannot open the file. */
export async function probe(tools: Tools, path: string, kind: "video" | "sound"): Promise<Probed> {
  return await ask(tools, path, { kind, entries: STREAM, show: ["-show_streams"] });
}

/** The same with every packet read. */
export async function probePackets(tools: Tools, path: string): Promise<Probed> {
  const show = ["-show_streams", "-show_packets"];
  return await ask(tools, path, { kind: "video", entries: `${STREAM}:${PACKET}`, show });
}

interface Question {
  readonly kind: "video" | "sound";
  readonly entries: string;
  readonly show: readonly string[];
}

async function ask({ ffprobe }: Tools, path: string, { kind, entries, show }: Question): Promise<Probed> {
  const input = [...CLOSED_INPUT, ...OUR_FORMATS, "-i", `file:${path}`];
  try {
    const args = ["-v", "error", "-of", "json=compact=1", ...show, "-show_entries", entries, ...input];
    return JSON.parse(await readTool(ffprobe, args));
  } catch (error) {
    throw unreadable(kind, `there is no ${kind} in it that can be decoded`, error);
  }
}

/** The first stream of its kind that is no cover picture; what node-av's side chooses as well. */
export function firstStream({ streams = [] }: Probed, kind: "video" | "audio"): ProbedStream | undefined {
  return streams.find((each) => each.codec_type === kind && each.disposition?.attached_pic !== 1);
}

/** How far the pictures have to be turned to be seen as they were taken. */
export function quartersOfStream({ side_data_list = [] }: ProbedStream): Quarters {
  const counterClockwise = side_data_list.find((each) => each.rotation !== undefined)?.rotation ?? 0;
  return quartersOf(-Math.round(counterClockwise));
}
