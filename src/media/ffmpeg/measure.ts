import { readBoxes } from "../boxes.ts";
import type { Measured } from "../codec.ts";
import { colourName } from "../colour.ts";
import { turnedSize } from "../turn.ts";
import { unreadable } from "../unreadable.ts";
import { checkDecodable } from "./decode.ts";
import {
  firstStream,
  type ProbedPacket,
  type ProbedStream,
  probePackets,
  quartersOfStream,
} from "./probe.ts";
import type { Tools } from "./tool.ts";

export async function ffmpegMeasure(tools: Tools, path: string): Promise<Measured> {
  const { faststart } = await readBoxes(path);
  const probed = await probePackets(tools, path);
  const { packets = [] } = probed;
  if (packets.some((each) => each.flags?.includes("C"))) throw unreadable("video", "it is cut off");
  const video = firstStream(probed, "video");
  const sound = firstStream(probed, "audio");
  if (!video) throw unreadable("video", "there is no video in it");
  await checkDecodable(tools, path, video);
  const { count: frames, seconds } = spanOf(video, packets);
  if (frames === 0 || seconds <= 0) throw unreadable("video", "there is no frame in it");
  const track = sound && spanOf(sound, packets);
  return {
    ...describeVideo(video),
    seconds,
    frames,
    fps: Math.round((1000 * frames) / seconds) / 1000,
    sound: sound && track && track.count > 0 ? describeSound(sound, track.seconds) : null,
    faststart,
  };
}

/** From when to when the packets of one stream show, without those that an edit list hides. */
function spanOf(stream: ProbedStream, packets: readonly ProbedPacket[]): { count: number; seconds: number } {
  let count = 0;
  let first = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const { stream_index, pts, dts, duration = 0, flags } of packets) {
    if (stream_index !== stream.index || flags?.includes("D")) continue;
    count += 1;
    const time = pts ?? dts;
    if (time === undefined) continue;
    // What stands before 0 is the encoder's run-up, which is not played.
    first = Math.min(first, Math.max(0, time));
    end = Math.max(end, time + duration);
  }
  const [num = 0, den = 1] = (stream.time_base ?? "0/1").split("/").map(Number);
  return { count, seconds: end > first ? ((end - first) * num) / den : 0 };
}

function describeVideo(stream: ProbedStream) {
  return {
    ...turnedSize(stream.width ?? 0, stream.height ?? 0, quartersOfStream(stream)),
    videoCodec: stream.codec_name ?? "unknown",
    pixelFormat: stream.pix_fmt ?? "unknown",
    profile: stream.profile ?? "unknown",
    colour: colourName({
      matrix: stream.color_space ?? "unknown",
      primaries: stream.color_primaries ?? "unknown",
      transfer: stream.color_transfer ?? "unknown",
      range: stream.color_range ?? "unknown",
    }),
  };
}

function describeSound(stream: ProbedStream, seconds: number) {
  const { codec_name: codec = "unknown", sample_rate: rate, channels = 0 } = stream;
  return { codec, rate: Number(rate ?? 0), channels, seconds };
}
