/** Reads a stream of server-sent events as any client would, until it ends or enough has come. */
import type { Server } from "./server.ts";

interface ServerEvent {
  readonly name: string;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
}

interface Watched {
  readonly status: number;
  readonly headers: Headers;
  readonly events: readonly ServerEvent[];
  /** The server has said all that it had to say. */
  readonly ended: boolean;
}

interface WatchOptions {
  readonly key?: string;
  readonly lastEventId?: string;
  /** Leaves once this is true of what has come so far. */
  readonly enough?: (events: readonly ServerEvent[]) => boolean;
}

export async function watchEvents(
  server: Pick<Server, "url" | "key">,
  id: string,
  { key = server.key, lastEventId, enough = () => false }: WatchOptions = {},
): Promise<Watched> {
  const answer = await fetch(`${server.url}/v1/tasks/${id}/events`, {
    headers: {
      authorization: `Bearer ${key}`,
      ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
    },
  });
  const events: ServerEvent[] = [];
  const told = (ended: boolean): Watched => ({
    status: answer.status,
    headers: answer.headers,
    events,
    ended,
  });
  let rest = "";
  const decoder = new TextDecoder();
  for await (const piece of answer.body ?? []) {
    const blocks = (rest + decoder.decode(piece, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    events.push(...blocks.flatMap(parse));
    // Leaving the loop closes the connection.
    if (enough(events)) return told(false);
  }
  return told(true);
}

/** Nothing for a comment. */
function parse(block: string): readonly ServerEvent[] {
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
  const data = field("data");
  if (data === undefined) return [];
  return [{ name: field("event") ?? "message", id: field("id"), data: JSON.parse(data) }];
}
