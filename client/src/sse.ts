/** Server-sent events (WHATWG HTML, 9.2) out of a stream of bytes. */

export interface ServerEvent {
  readonly name: string;
  /** The last id that was sent, which may have been with an earlier event. */
  readonly id: string;
  readonly data: string;
}

export interface ReadOptions {
  /** Milliseconds without a byte after which the stream counts as lost, by how many chunks there were. */
  readonly silence: (chunks: number) => number;
  /** Called for every chunk: comments too are a sign of life. */
  readonly onChunk?: () => void;
}

/** Ends where the stream ends; an event that was not finished by then is none. Throws where it falls silent. */
export async function* readEvents(
  stream: ReadableStream<Uint8Array>,
  { silence, onChunk }: ReadOptions,
): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const lines = openLines();
  const events = openEvents();
  try {
    for (let chunks = 0; ; chunks++) {
      const { done, value } = await within(reader.read(), silence(chunks));
      if (done) return;
      onChunk?.();
      for (const line of lines(decoder.decode(value, { stream: true }))) {
        const event = events(line);
        if (event) yield event;
      }
    }
  } finally {
    // Whoever leaves early closes the connection; a stream that broke has nothing left to cancel.
    await reader.cancel().catch(() => undefined);
  }
}

/** Cuts text at CR, LF or CRLF, which may lie in two chunks. */
function openLines(): (text: string) => readonly string[] {
  let rest = "";
  return (text) => {
    const all = rest + text;
    // A CR at the very end may be half of a CRLF.
    const usable = all.endsWith("\r") ? all.slice(0, -1) : all;
    const lines = usable.split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? "") + all.slice(usable.length);
    return lines;
  };
}

function openEvents(): (line: string) => ServerEvent | undefined {
  let name = "";
  let id = "";
  let data: string[] = [];
  return (line) => {
    if (line === "") {
      const event = data.length === 0 ? undefined : { name: name || "message", id, data: data.join("\n") };
      name = "";
      data = [];
      return event;
    }
    const [, field = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "event") name = value;
    if (field === "data") data.push(value);
    if (field === "id" && !value.includes("\0")) id = value;
    return undefined;
  };
}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The stream was silent for ${ms} ms.`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
