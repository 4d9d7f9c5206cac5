/**
 * What we need of a codec library, kept by two backends (`codec-ffmpeg.ts`: the command line tools, `codec-av.ts`:
 * node-av) and held by one suite. A backend is loaded in media children only, never in the server: both parse
 * hostile bytes with native code. Pictures are BT.709 limited range, 4:2:0, 8 bits.
 */

/** Planar luma and interleaved chroma (NV12). `y` is width*height bytes, `uv` width*height/2. Sides are even. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly y: Uint8Array;
  readonly uv: Uint8Array;
}

type Quality = "full" | "preview";

export interface EncodeOptions {
  /** The MP4 to write; overwritten. */
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frames: number;
  /** Whether `sound` will be called before the first frame. */
  readonly sound: boolean;
  /** Written as the file's comment. */
  readonly comment: string;
  /** `preview`: small before good. Left out: `full`. */
  readonly quality?: Quality;
}

export interface Encoder {
  /** Stereo, 48 kHz, -1 to 1, interleaved left and right: the whole track at once, before the first frame. */
  sound(samples: Float32Array): Promise<void>;
  /** The planes may be reused by the caller once the promise resolves. */
  frame(frame: Frame): Promise<void>;
  /** Resolves once a complete file with its index at the front stands at `path`. */
  close(): Promise<void>;
  /** Gives up and removes what was written. Safe after any error, and twice. */
  abort(): Promise<void>;
}

/** What a file measures when its streams are read, not when its header is believed. */
export interface Measured {
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frames: number;
  readonly videoCodec: string;
  readonly pixelFormat: string;
  readonly profile: string;
  readonly colour: string;
  readonly sound: null | {
    readonly codec: string;
    readonly rate: number;
    readonly channels: number;
    readonly seconds: number;
  };
  /** Index before data: plays while it loads. */
  readonly faststart: boolean;
}

export interface Codec {
  readonly id: "ffmpeg" | "node-av";
  /** For people, for example "ffmpeg 5.1.9". */
  readonly version: string;
  openEncoder(options: EncodeOptions): Promise<Encoder>;
  /** Rejects with `input_unreadable` where there is no decodable video in it. */
  measure(path: string): Promise<Measured>;
  /** Every frame in order of display. One buffer is reused: copy to keep. */
  frames(path: string, options?: { readonly fromSeconds?: number }): AsyncIterable<Frame>;
  lastFrame(path: string): Promise<Frame>;
  /** Decoded, mixed to stereo 48 kHz interleaved; at most `seconds` from the start. */
  decodeSound(path: string, seconds: number): Promise<Float32Array>;
}
