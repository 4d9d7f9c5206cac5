import { rm } from "node:fs/promises";
import { AVFMT_FLAG_BITEXACT } from "node-av/constants";
import { Dictionary, FormatContext, Packet } from "node-av/lib";
import type { EncodeOptions, Encoder } from "../codec.ts";
import { checkEncodeOptions, movieTimescale } from "../encoding.ts";
import { check, need, receivePacket, turn } from "./native.ts";
import { openSoundEncoder, type SoundEncoder } from "./sound-encoder.ts";
import type { Send } from "./track.ts";
import { openVideoEncoder, type VideoEncoder } from "./video-encoder.ts";

export function openAvEncoder(options: EncodeOptions): Encoder {
  checkEncodeOptions(options);
  const output = new FormatContext();
  const packet = new Packet();
  const opened: { freeContext(): void }[] = [];
  let state: "open" | "closed" = "open";

  const send: Send = (track, frame) => {
    check(track.context.sendFrameSync(frame), "encode");
    while (receivePacket(track.context, packet)) {
      const stream = need(output.streams[track.index], "stream");
      packet.streamIndex = track.index;
      packet.rescaleTs(track.context.timeBase, stream.timeBase);
      check(output.interleavedWriteFrameSync(packet), "write");
    }
  };
  const free = () => {
    state = "closed";
    for (const context of opened) context.freeContext();
    packet.free();
    output.closeOutputSync();
    output.freeContext();
  };

  let video: VideoEncoder;
  let sound: SoundEncoder | null = null;
  try {
    check(output.allocOutputContext2(null, "mp4", options.path), "open the MP4 writer");
    output.setFlags(AVFMT_FLAG_BITEXACT);
    packet.alloc();
    video = openVideoEncoder(output, options);
    opened.push(video.context);
    if (options.sound) {
      sound = openSoundEncoder(output, options);
      opened.push(sound.context);
    }
    writeHeader(output, options);
  } catch (error) {
    free();
    throw error;
  }

  let sent = 0;
  return {
    async sound(samples) {
      if (!sound || sent > 0)
        throw new Error("sound comes before the first frame, and only where it was asked for");
      sound.give(samples);
    },
    async frame(picture) {
      if (sent === options.frames) throw new Error(`all ${options.frames} frames are already there`);
      video.fill(picture, sent++);
      send(video, video.frame);
      // Kept in step with the pictures: the writer holds back at most 10 s of one stream to interleave the other.
      sound?.sendUntil(sent / options.fps, send);
      await turn();
    },
    async close() {
      if (sent !== options.frames) throw new Error(`${sent} frames came, ${options.frames} were promised`);
      send(video, null);
      sound?.finish(send);
      check(output.writeTrailerSync(), "finish the MP4");
      free();
    },
    async abort() {
      if (state === "open") free();
      await rm(options.path, { force: true });
    },
  };
}

function writeHeader(output: FormatContext, options: EncodeOptions): void {
  output.metadata = Dictionary.fromObject({ comment: options.comment });
  check(output.openOutputSync(), `open ${options.path}`);
  const settings = { movflags: "+faststart", movie_timescale: movieTimescale(options.fps) };
  check(output.writeHeaderSync(Dictionary.fromObject(settings)), "start the MP4");
}
