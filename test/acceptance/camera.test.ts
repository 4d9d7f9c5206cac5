/** The camera does what the prompt says, measured on the first and the last frame of what was downloaded. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { IDS, upload } from "../support/api.ts";
import { picture } from "../support/media.ts";
import { type Motion, motionBetween } from "../support/motion.ts";
import { type Server, startServer } from "../support/server.ts";
import { makeVideo } from "../support/videos.ts";

let server: Server;
let image_url: string;
beforeAll(async () => {
  server = await startServer();
  image_url = (await upload(server, await picture({ width: 1280, height: 720 }))).url;
});
afterAll(() => server.discard());

const closer = ({ scale }: Motion): boolean => scale > 1.03;
const away = ({ scale }: Motion): boolean => scale < 0.97;
/** The camera turns one way, so what is seen goes the other. */
const toLeft = ({ right, down }: Motion): boolean => right >= 2 && Math.abs(right) > Math.abs(down);
const toRight = ({ right, down }: Motion): boolean => right <= -2 && Math.abs(right) > Math.abs(down);
const upward = ({ right, down }: Motion): boolean => down >= 2 && Math.abs(down) > Math.abs(right);
const downward = ({ right, down }: Motion): boolean => down <= -2 && Math.abs(down) > Math.abs(right);

test.each([
  ["the camera pushes in slowly", closer],
  ["slow zoom in on the red sun", closer],
  ["The camera pulls back from the house", away],
  ["pan left", toLeft],
  ["the camera pans slowly to the right", toRight],
  ["tilt up to the sky", upward],
  ["the camera tilts down", downward],
  ["a quiet day", closer],
  ["镜头缓缓推进", closer],
  ["镜头向左平移", toLeft],
])("%s", async (prompt, does) => {
  const body = { model: IDS.pixverseImage, prompt, image_url, resolution: "360p", duration: 3, seed: 1 };
  const { seen, result } = await makeVideo(server, body);
  const motion = motionBetween(seen.first, seen.last);
  expect(does(motion), `${JSON.stringify(motion)}, the server says: ${JSON.stringify(result)}`).toBe(true);
});
