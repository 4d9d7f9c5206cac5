/** Streams arrive in pieces that know nothing of lines, letters or events. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEvents, type ServerEvent } from "../../client/src/sse.ts";

function streamOf(chunks: readonly Uint8Array[], end = true): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      if (end) controller.close();
    },
  });
}

async function eventsOf(chunks: readonly Uint8Array[]): Promise<readonly ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readEvents(streamOf(chunks), { silence: () => 10_000 })) events.push(event);
  return events;
}

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

const TEXT = [
  "\uFEFFevent: state",
  "id: 1",
  'data: {"prompt":"海の波 🌊"}',
  "",
  ": a beat",
  "",
  "event:progress",
  "data: one",
  "data: two",
  "",
  "data",
  "retry: 5",
  "",
  "event: nothing",
  "",
  "id: 7",
  "data:  spaced",
  "",
  "data: never finished",
];
const EVENTS: readonly ServerEvent[] = [
  { name: "state", id: "1", data: '{"prompt":"海の波 🌊"}' },
  { name: "progress", id: "1", data: "one\ntwo" },
  { name: "message", id: "1", data: "" },
  { name: "message", id: "7", data: " spaced" },
];

describe.each([
  ["LF", "\n"],
  ["CRLF", "\r\n"],
  ["CR", "\r"],
])("events with lines that end in %s", (_name, end) => {
  const bytes = encoded(TEXT.join(end));

  test("are the same however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 40 }), async (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((to, index) => bytes.slice(at[index], to));
        expect(await eventsOf(chunks)).toEqual(EVENTS);
      }),
      { numRuns: 100 },
    );
  });

  test("are the same byte by byte", async () => {
    expect(await eventsOf(Array.from(bytes, (_byte, index) => bytes.slice(index, index + 1)))).toEqual(
      EVENTS,
    );
  });
});

test("a stream that falls silent is an error and not a wait for ever", async () => {
  const reading = async (): Promise<void> => {
    for await (const _event of readEvents(streamOf([encoded(": beat\n\n")], false), {
      silence: (chunks) => (chunks === 0 ? 10_000 : 50),
    }));
  };
  await expect(reading()).rejects.toThrow("silent for 50 ms");
});
