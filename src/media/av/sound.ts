import { AV_SAMPLE_FMT_FLT, type AVSampleFormat } from "node-av/constants";
import { avChannelLayoutDefault, Frame, SoftwareResampleContext } from "node-av/lib";
import { doubled, SOUND_RATE } from "../encoding.ts";
import { unreadable } from "../unreadable.ts";
import { openInput } from "./input.ts";
import { check, need, planesOf } from "./native.ts";
import { STEREO } from "./sound-encoder.ts";

/** Samples (of each channel) that the resampler may hand out at once; what is over waits in it. */
const ROOM = 65_536;

export async function avDecodeSound(path: string, seconds: number): Promise<Float32Array> {
  const input = openInput(path, "sound");
  const result = new Collector(Math.floor(seconds * SOUND_RATE));
  let resampler: Resampler | undefined;
  try {
    for await (const frame of input.frames()) {
      resampler ??= openResampler(frame);
      resampler.convert(frame, result);
      if (result.full) break;
    }
    if (!resampler) throw unreadable("sound", "not one of its samples can be decoded");
    if (!result.full) resampler.convert(null, result);
    return result.samples();
  } finally {
    resampler?.close();
    input.close();
  }
}

interface Resampler {
  /** null: no more comes, hand out the rest. */
  convert(frame: Frame | null, to: Collector): void;
  close(): void;
}

/** `order: 1` is the native channel order, mask 4 the front centre. */
const MONO = { nbChannels: 1, order: 1 as never, mask: 4n };

function openResampler(first: Frame): Resampler {
  const { channels, sampleRate } = first;
  const format = first.format as AVSampleFormat;
  // A WAV file often does not say which speaker its channel is; the frame and the resampler have to be told
  // the same, or the first conversion fails with "input changed".
  const layout = first.channelLayout.order === 0 ? nativeLayout(channels) : first.channelLayout;
  // Mixed to stereo by the resampler, one channel comes out 3 dB quieter than any player plays it.
  const into = channels === 1 ? MONO : STEREO;
  const context = new SoftwareResampleContext();
  const target = new Frame();
  const close = () => {
    context.free();
    target.free();
  };
  let samples: Float32Array;
  try {
    check(context.allocSetOpts2(into, AV_SAMPLE_FMT_FLT, SOUND_RATE, layout, format, sampleRate), "set up");
    check(context.init(), "start the resampler");
    samples = reserve(target, into);
  } catch (error) {
    close();
    throw unreadable("sound", `${channels} channels at ${sampleRate} Hz cannot be mixed to stereo`, error);
  }
  return {
    convert(frame, to) {
      if (frame) frame.channelLayout = layout;
      target.nbSamples = ROOM;
      const code = context.convertFrame(target, frame);
      if (code < 0) throw unreadable("sound", "its format changes on the way");
      const made = samples.subarray(0, into.nbChannels * target.nbSamples);
      to.add(into === MONO ? doubled(made) : made);
    },
    close,
  };
}

/** Gives `target` room for samples and returns it. */
function reserve(target: Frame, layout: typeof STEREO): Float32Array {
  target.alloc();
  target.nbSamples = ROOM;
  target.format = AV_SAMPLE_FMT_FLT;
  target.sampleRate = SOUND_RATE;
  target.channelLayout = layout;
  check(target.getBuffer(0), "reserve a sound frame");
  const plane = need(planesOf(target)[0], "a plane of sound");
  return new Float32Array(plane.buffer, plane.byteOffset, layout.nbChannels * ROOM);
}

function nativeLayout(channels: number) {
  if (channels === 1) return MONO;
  return channels === 2 ? STEREO : avChannelLayoutDefault(channels);
}

/** Interleaved stereo, at most `limit` samples of each channel. */
class Collector {
  #samples = new Float32Array(2 * SOUND_RATE);
  #length = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = 2 * limit;
  }

  get full(): boolean {
    return this.#length >= this.#limit;
  }

  add(samples: Float32Array): void {
    const fits = samples.subarray(0, this.#limit - this.#length);
    const length = this.#length + fits.length;
    if (length > this.#samples.length) {
      const larger = new Float32Array(Math.max(length, 2 * this.#samples.length));
      larger.set(this.#samples.subarray(0, this.#length));
      this.#samples = larger;
    }
    this.#samples.set(fits, this.#length);
    this.#length = length;
  }

  samples(): Float32Array {
    return this.#samples.slice(0, this.#length);
  }
}
