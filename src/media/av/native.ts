/**
 * The few calls of node-av that every part of this backend makes. Discipline, each point bought with a crash of
 * 6.1.1: options one by one as strings and never as a Dictionary to open2Sync (double free); frames from
 * getBuffer and never from a JS buffer (aliased without a reference); every return value checked (wrong
 * arguments return below 0 and throw nothing).
 */
import { AVERROR_EAGAIN, AVERROR_EOF } from "node-av/constants";
import { type CodecContext, FFmpegError, type Frame, type Packet } from "node-av/lib";

/** Passes on what is not below zero; throws with what was tried. */
export function check(code: number, what: string): number {
  if (code < 0) throw new Error(`${what}: ${new FFmpegError(code).message}`);
  return code;
}

export function need<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`${what}: not available in node-av`);
  return value;
}

interface Configurable {
  setOption(name: string, value: string): number;
}

export function setOptions(target: Configurable, options: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(options)) {
    check(target.setOption(name, String(value)), `set ${name}=${value}`);
  }
}

/** False where the codec wants input first or has no more to give. */
export function receivePacket(context: CodecContext, packet: Packet): boolean {
  const code = context.receivePacketSync(packet);
  if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return false;
  check(code, "encode");
  return true;
}

/** The planes of a frame, which live as long as the frame does. */
export function planesOf(frame: Frame): Buffer[] {
  return need(frame.data, "planes of a frame");
}

/**
 * Lets the event loop turn. The calls above block: without this a child would hear neither "stop" nor that its
 * parent is gone until its whole job is done.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
