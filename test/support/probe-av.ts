/** The child of `probe.ts` where there is no ffmpeg: decodes a whole MP4 with node-av and prints what it found. */
import {
  AV_PIX_FMT_YUV420P,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  type AVPixelFormat,
} from "node-av/constants";
import {
  avGetCodecName,
  avGetPixFmtName,
  Codec,
  CodecContext,
  FormatContext,
  Frame,
  Packet,
  type Stream,
} from "node-av/lib";

const path = process.argv[2] ?? "";
const format = new FormatContext();
format.allocContext();
check(format.openInputSync(path, null, null));
check(format.findStreamInfoSync(null));
const video = format.streams.find((one) => one.codecpar.codecType === AVMEDIA_TYPE_VIDEO);
const sound = format.streams.find((one) => one.codecpar.codecType === AVMEDIA_TYPE_AUDIO);
if (!video) throw new Error(`${path} has no video`);
const { frames, first, last } = decode(video);
process.stdout.write(
  JSON.stringify({
    ...describeVideo(video, frames),
    sound: sound ? describeSound(sound) : null,
    first,
    last,
  }),
);

function describeVideo({ codecpar, duration, timeBase, avgFrameRate }: Stream, count: number): object {
  const name = (value: number): string => (value === 1 ? "bt709" : String(value));
  return {
    seconds: (Number(duration) * timeBase.num) / timeBase.den,
    width: codecpar.width,
    height: codecpar.height,
    fps: avgFrameRate.num / avgFrameRate.den,
    frames: count,
    codec: avGetCodecName(codecpar.codecId),
    profile: Codec.findDecoder(codecpar.codecId)?.profiles?.find((one) => one.profile === codecpar.profile)
      ?.name,
    pixelFormat: avGetPixFmtName(codecpar.format as AVPixelFormat),
    colour: [
      name(codecpar.colorSpace),
      name(codecpar.colorTrc),
      name(codecpar.colorPrimaries),
      codecpar.colorRange === 1 ? "tv" : "other",
    ],
  };
}

function describeSound({ codecpar, duration, timeBase }: Stream): object {
  return {
    codec: avGetCodecName(codecpar.codecId),
    rate: codecpar.sampleRate,
    channels: codecpar.channels,
    seconds: (Number(duration) * timeBase.num) / timeBase.den,
  };
}

/** Every frame of a stream: how many, and the bytes of the first and the last. */
function decode(stream: Stream): { frames: number; first: string; last: string } {
  const decoder = Codec.findDecoder(stream.codecpar.codecId);
  if (!decoder) throw new Error("no decoder");
  const context = new CodecContext();
  context.allocContext3(decoder);
  check(context.parametersToContext(stream.codecpar));
  check(context.open2Sync(decoder, null));
  const [packet, frame] = [new Packet(), new Frame()];
  packet.alloc();
  frame.alloc();
  let count = 0;
  let first = "";
  let last: Buffer | undefined;
  const drain = (): void => {
    for (;;) {
      const code = context.receiveFrameSync(frame);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return;
      check(code);
      if (frame.format !== AV_PIX_FMT_YUV420P) throw new Error(`pixel format ${frame.format}`);
      last = frame.toBuffer();
      count += 1;
      first ||= last.toString("base64");
    }
  };
  while (format.readFrameSync(packet) >= 0) {
    if (packet.streamIndex === stream.index) check(context.sendPacketSync(packet));
    drain();
    packet.unref();
  }
  check(context.sendPacketSync(null));
  drain();
  return { frames: count, first, last: last?.toString("base64") ?? "" };
}

function check(code: number): void {
  if (code < 0) throw new Error(`libav answered ${code}`);
}
