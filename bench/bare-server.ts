/** The least that could answer: `node:http`, one JSON object, the body parsed where there is one. Prints its port. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const answer = {
  id: "task-unified-1757165031-uyujaw3d",
  object: "video.generation.task",
  type: "video",
  model: "some-model",
  status: "pending",
  progress: 0,
  created: 1757165031,
  results: null,
  error: null,
  usage: { credits_reserved: 0, user_group: "default" },
  task_info: { can_cancel: true, estimated_time: 5, video_duration: 5 },
};

const server = createServer((request, response) => {
  let text = "";
  request.setEncoding("utf8");
  request.on("data", (chunk: string) => {
    text += chunk;
  });
  request.on("end", () => {
    if (text !== "") JSON.parse(text);
    response.setHeader("content-type", "application/json; charset=utf-8");
    response.end(JSON.stringify(answer));
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
