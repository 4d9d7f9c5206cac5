/** What a program does with the client, in words that every JavaScript runtime and every browser understands. */
import { createClient, verifyWebhook } from "@reelay/client";

/** `delivery` is a webhook's headers and body, signed with `secret`. Resolves with what was seen, as JSON can hold it. */
export async function everywhere({ baseURL, apiKey, delivery, secret }) {
  const reelay = createClient({ baseURL, apiKey });
  const request = {
    model: "pixverse-v6-text-to-video",
    prompt: "waves",
    resolution: "360p",
    duration: 1,
  };
  const { id } = await reelay.tasks.create(request);
  const states = [];
  for await (const event of reelay.tasks.watch(id))
    if (event.kind === "state") states.push(event.task.status);

  const { results } = await reelay.tasks.wait(id);
  const bytes = await reelay.downloadBytes(results[0]);
  const poster = await (await fetch(results[0].poster_url)).blob();
  const upload = await reelay.files.upload(poster, { name: "poster.jpg" });
  const refused = await reelay.tasks.create({ ...request, duration: 99 }).catch((error) => error);
  const heard = await verifyWebhook({ headers: new Headers(delivery.headers), body: delivery.body }, secret);
  const forged = await verifyWebhook(
    { headers: new Headers(delivery.headers), body: `${delivery.body} ` },
    secret,
  ).catch((error) => error);

  return {
    ended: states.at(-1),
    whole: bytes.length === results[0].size,
    box: new TextDecoder().decode(bytes.subarray(4, 8)),
    uploaded: upload.content_type,
    refused: [refused.name, refused.status, refused.problems[0].field],
    heard: heard.id,
    forged: forged.name,
  };
}
