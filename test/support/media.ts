/** Sample pictures and sounds, and a web server of ours on loopback that hands them out, or fails to. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import sharp from "sharp";

export interface PictureOptions {
  readonly width: number;
  readonly height: number;
  readonly format?: "png" | "jpeg" | "webp";
  /** Two pictures with different tints are far apart in every measure. */
  readonly tint?: string;
}

/** Soft shapes and a few edges, different in each corner: a flip, a shift or a wrong picture shows in its PSNR. */
export async function picture({
  width,
  height,
  format = "png",
  tint = "#2b6ca3",
}: PictureOptions): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 160 90"
    preserveAspectRatio="none"><defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0"
    stop-color="#f2e6c9"/><stop offset="1" stop-color="${tint}"/></linearGradient></defs>
    <rect width="160" height="90" fill="url(#g)"/><circle cx="42" cy="30" r="14" fill="#d8674a"/>
    <rect x="96" y="44" width="36" height="28" fill="#35523f"/><path d="M10 80 L40 58 L70 80 Z" fill="#4a3f5c"/></svg>`;
  return sharp(Buffer.from(svg)).toFormat(format, { quality: 90 }).toBuffer();
}

/** A grey picture of random dots: as good as incompressible, so its file has about width*height bytes. */
export async function noise(width: number, height: number): Promise<Buffer> {
  let state = 1;
  const dots = Buffer.alloc(width * height);
  for (let i = 0; i < dots.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    dots[i] = state >>> 24;
  }
  return sharp(dots, { raw: { width, height, channels: 1 } })
    .toColourspace("b-w")
    .png()
    .toBuffer();
}

/** A 440 Hz tone at half of full scale, mono, 16 bits. */
export function wav(seconds: number, rate = 16_000): Buffer {
  const samples = Math.round(seconds * rate);
  const file = Buffer.alloc(44 + samples * 2);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(36 + samples * 2, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36, "latin1");
  file.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i++) {
    file.writeInt16LE(Math.round(16_384 * Math.sin((2 * Math.PI * 440 * i) / rate)), 44 + i * 2);
  }
  return file;
}

/** How one path is answered. */
interface Page {
  readonly bytes?: Uint8Array;
  readonly type?: string;
  readonly status?: number;
  readonly location?: string;
  /** Head and first bytes are sent, the rest never comes. */
  readonly hangs?: boolean;
}

export interface Samples {
  /** Puts a page at `/name` and returns its URL. */
  add(name: string, page: Page): string;
  /** Paths asked for so far, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export async function openSamples(): Promise<Samples> {
  const pages = new Map<string, Page>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://any.invalid").pathname;
    asked.push(path);
    answer(response, pages.get(path) ?? { status: 404 });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    add(name, page) {
      pages.set(`/${name}`, page);
      return `${base}/${name}`;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function answer(response: ServerResponse, page: Page): void {
  const { bytes = Buffer.from("nothing here"), type = "application/octet-stream", status = 200 } = page;
  if (page.location !== undefined) {
    response.writeHead(302, { location: page.location }).end();
    return;
  }
  response.writeHead(status, { "content-type": type, "content-length": bytes.length });
  if (page.hangs) response.write(bytes.subarray(0, 16));
  else response.end(bytes);
}
