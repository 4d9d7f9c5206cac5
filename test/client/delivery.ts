/** A webhook's delivery as a server would send it now, of a task that completed. */
import { newSecret, signWebhook } from "../../src/tasks/sign.ts";

interface Signed {
  readonly secret: string;
  readonly delivery: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
}

export function signedDelivery(): Signed {
  const secret = newSecret();
  const results = [{ url: "https://example.com/v.mp4" }];
  const body = JSON.stringify({ id: "task-1", status: "completed", results });
  const headers = signWebhook({ id: "msg_1", at: Date.now(), body: Buffer.from(body) }, [secret]);
  return { secret, delivery: { headers, body } };
}
