/** A started server with a paid provider that is none, keys of several kinds, and samples to be used as inputs. */
import { type FakeUpstream, startFakeUpstream } from "../support/fake-upstream.ts";
import { openSamples, picture, type Samples } from "../support/media.ts";
import { tellOperator } from "../support/operator.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import type { Keys } from "./send.ts";

export interface World {
  readonly server: Server;
  readonly keys: Keys;
  readonly urls: readonly string[];
  readonly file: Buffer;
  /** What the key has spent or set aside, whose every request is to be refused. Credits. */
  spent(): Promise<number>;
  close(): Promise<void>;
}

const GRANT = 1_000_000;

/** Nobody is slowed down: what is looked for is in the answers. */
const OPEN = {
  REELAY_CREATES_PER_MINUTE: "0",
  REELAY_AUTH_FAILURES_PER_MINUTE: "0",
  REELAY_MAX_OPEN_TASKS: "1000000",
  REELAY_MAX_WAITING_PER_KEY: "1000000",
};

/** So little that uploads have to make room for others. */
const STORAGE = 2 * 1024 * 1024;
/** Tests asked for in a request's own words go to the renderer, which does not run here: what they need stays needed. */
const STORAGE_PER_REQUEST = 128;

export async function openWorld(requests: number): Promise<World> {
  const upstream: FakeUpstream = await startFakeUpstream({ script: "duration=200 steps=2" });
  const samples: Samples = await openSamples();
  const server = await startServer({
    ...NO_RENDER,
    ...OPEN,
    REELAY_FAKE_URL: upstream.url,
    REELAY_UPLOAD_STORAGE_BYTES: String(Math.max(STORAGE, requests * STORAGE_PER_REQUEST)),
  });
  const file = await picture({ width: 640, height: 640 });
  const keys = {
    ours: server.key,
    refused: await newKey(server, "refused"),
    stranger: await newKey(server, "stranger"),
    revoked: await revokedKey(server),
  };
  return {
    server,
    keys,
    urls: [samples.add("a.png", { bytes: file, type: "image/png" }), samples.add("b.mp4", { bytes: file })],
    file,
    async spent() {
      const headers = { authorization: `Bearer ${keys.refused}` };
      const answer = await fetch(`${server.url}/v1/account/credits`, { headers });
      const { data } = (await answer.json()) as { data: { token: Balance } };
      return data.token.used_credits + data.token.held_credits;
    },
    async close() {
      await server.discard();
      await samples.close();
      await upstream.close();
    },
  };
}

interface Balance {
  readonly used_credits: number;
  readonly held_credits: number;
}

async function newKey(server: Server, name: string): Promise<string> {
  const { key } = await tellOperator<{ key: string }>(server, "/keys", { name, account: name });
  await tellOperator(server, `/credits/account:${name}`, { credits: GRANT });
  return key;
}

async function revokedKey(server: Server): Promise<string> {
  const { key, record } = await tellOperator<{ key: string; record: { id: string } }>(server, "/keys", {
    name: "revoked",
  });
  await tellOperator(server, `/keys/${record.id}/revoke`, {});
  return key;
}
