import { AV_CODEC_FLAG_BITEXACT, AV_CODEC_FLAG_GLOBAL_HEADER, AV_SAMPLE_FMT_FLTP } from "node-av/constants";
import { Codec, CodecContext, type FormatContext, Frame, Rational } from "node-av/lib";
import type { EncodeOptions } from "../codec.ts";
import { SOUND_FRAME, SOUND_RATE, soundBitsFor, soundSamples } from "../encoding.ts";
import { check, need, planesOf } from "./native.ts";
import { addStream, type Send, type Track } from "./track.ts";

/** `order: 1` is the native channel order, mask 3 front left and front right. */
export const STEREO = { nbChannels: 2, order: 1 as never, mask: 3n };

export interface SoundEncoder extends Track {
  give(samples: Float32Array): void;
  /** Encodes up to `seconds` of the track; silence where fewer samples were given. */
  sendUntil(seconds: number, send: Send): void;
  finish(send: Send): void;
}

export function openSoundEncoder(output: FormatContext, options: EncodeOptions): SoundEncoder {
  const codec = need(Codec.findEncoderByName("aac" as never), "AAC encoder");
  const context = new CodecContext();
  context.allocContext3(codec);
  context.sampleRate = SOUND_RATE;
  context.sampleFormat = AV_SAMPLE_FMT_FLTP;
  context.channelLayout = STEREO;
  context.bitRate = BigInt(soundBitsFor(options));
  context.timeBase = new Rational(1, SOUND_RATE);
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER, AV_CODEC_FLAG_BITEXACT);
  check(context.open2Sync(codec, null), "open the AAC encoder");
  const index = addStream(output, context);

  const frame = new Frame();
  frame.alloc();
  frame.nbSamples = SOUND_FRAME;
  frame.format = AV_SAMPLE_FMT_FLTP;
  frame.sampleRate = SOUND_RATE;
  frame.channelLayout = STEREO;
  check(frame.getBuffer(0), "reserve a sound frame");
  const channels = planesOf(frame).map(
    (plane) => new Float32Array(plane.buffer, plane.byteOffset, SOUND_FRAME),
  );

  const total = soundSamples(options.frames, options.fps);
  let given: Float32Array | null = null;
  let at = 0;
  const sendNext = (send: Send) => {
    const samples = need(given, "sound");
    if (!frame.isWritable) throw new Error("the encoder still holds the last sound frame");
    for (const [channel, plane] of channels.entries()) {
      for (let i = 0; i < SOUND_FRAME; i++) plane[i] = samples[2 * (at + i) + channel] ?? 0;
    }
    frame.pts = BigInt(at);
    send({ context, index }, frame);
    at += SOUND_FRAME;
  };
  return {
    context,
    index,
    give(samples) {
      given = samples;
    },
    sendUntil(seconds, send) {
      const end = Math.min(total, seconds * SOUND_RATE);
      while (at < end) sendNext(send);
    },
    finish(send) {
      while (at < total) sendNext(send);
      send({ context, index }, null);
    },
  };
}
