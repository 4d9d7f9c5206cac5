/** Contract 1.5: every way a request is refused, its status, type and code, and in which order things are checked. */
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, call, create, GENERATIONS, IDS, post, type WireError } from "../support/api.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

const IMAGE = "http://127.0.0.1:9/first.png";
const GOOD = { model: IDS.pixverseText, prompt: "a quiet harbour" };

let server: Server;
beforeAll(async () => {
  server = await startServer(NO_RENDER);
});
afterAll(() => server.discard());

interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly code?: string;
}

const MALFORMED: Refusal = { status: 400, type: "invalid_request_error" };
const UNAUTHENTICATED: Refusal = { status: 401, type: "authentication_error" };
const NOT_FOUND: Refusal = { status: 404, type: "not_found" };
const invalid = (code: string): Refusal => ({ status: 422, type: "invalid_request_error", code });

/** The documented envelope, the request's id in header and message, and nothing of ours leaking through. */
function expectRefusal(answer: Answer<WireError>, { status, type, code }: Refusal): void {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
  const { error } = answer.body;
  expect(error.type).toBe(type);
  expect(typeof error.code).toBe("string");
  if (code !== undefined) expect(error.code).toBe(code);
  const id = answer.headers.get("x-request-id");
  expect(id).toMatch(/^[\w.-]{1,64}$/);
  expect(error.message).toContain(`request_id: ${id}`);
  expect(error.message.length).toBeGreaterThan(30);
  expect(answer.text).not.toMatch(/\.ts\b|node_modules| at \S+ \(/);
}

const send = (bytes: string | Uint8Array, type?: string): Promise<Answer<WireError>> =>
  call(server, GENERATIONS, {
    method: "POST",
    bytes,
    ...(type === undefined ? {} : { headers: { "content-type": type } }),
  });

describe("401", () => {
  test.each([
    ["no Authorization header", {}],
    ["an empty one", { authorization: "" }],
    ["another scheme", { authorization: "Basic dXNlcjpwYXNz" }],
    ["the scheme alone", { authorization: "Bearer" }],
    ["a key of another service", { authorization: "Bearer sk-0123456789abcdef" }],
    ["two keys", { authorization: "Bearer one two" }],
    ["a very long key", { authorization: `Bearer ${"k".repeat(8000)}` }],
  ] as const)("%s", async (_name, headers) => {
    for (const [method, path] of [
      ["POST", GENERATIONS],
      ["GET", "/v1/tasks/task-unified-1757165031-uyujaw3d"],
      ["GET", "/v1/models"],
      ["POST", "/v1/files/upload/stream"],
    ] as const) {
      expectRefusal(await call(server, path, { method, key: null, headers }), UNAUTHENTICATED);
    }
  });

  test("one changed character of a good key", async () => {
    const last = server.key.endsWith("0") ? "1" : "0";
    expectRefusal(await post(server, GOOD, { key: server.key.slice(0, -1) + last }), UNAUTHENTICATED);
  });

  test("a well-formed key of another server", async () => {
    const other = await startServer(NO_RENDER);
    try {
      expectRefusal(await post(server, GOOD, { key: other.key }), UNAUTHENTICATED);
    } finally {
      await other.discard();
    }
  });

  test("the scheme's letter case does not matter", async () => {
    const headers = { authorization: `bearer ${server.key}` };
    expect((await post(server, GOOD, { key: null, headers })).status).toBe(200);
  });
});

describe("400", () => {
  const good = JSON.stringify(GOOD);

  test.each([
    ["no Content-Type", good, undefined],
    ["text", good, "text/plain"],
    ["a form", "model=x", "application/x-www-form-urlencoded"],
    ["XML", "<model/>", "application/xml"],
    ["garbage for a type", good, "garbage"],
    ["a type that only begins like JSON", good, "application/jsonp"],
    ["an empty body", "", "application/json"],
    ["half of a body", good.slice(0, -3), "application/json"],
    ["two bodies", `${good}${good}`, "application/json"],
    ["single quotes", "{'model':'x'}", "application/json"],
    ["bytes that are no UTF-8 JSON", Uint8Array.of(0xff, 0xfe, 0x00, 0x7b), "application/json"],
    ["a list", `[${good}]`, "application/json"],
    ["a string", '"model"', "application/json"],
    ["a number", "7", "application/json"],
    ["null", "null", "application/json"],
    ["fifty thousand open brackets", "[".repeat(50_000), "application/json"],
  ])("%s", async (_name, bytes, type) => {
    expectRefusal(await send(bytes, type), MALFORMED);
  });

  test.each([
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    "Application/JSON",
    "application/json\t;\tcharset=utf-8",
  ])("is not the answer to the honest type %j", async (type) => {
    expect((await send(good, type)).status).toBe(200);
  });

  test("a Content-Length that is too short or a body that never comes does not hang the server", async () => {
    const broken = await new Promise<number | undefined>((resolve) => {
      const asked = request(server.url + GENERATIONS, {
        method: "POST",
        headers: {
          authorization: `Bearer ${server.key}`,
          "content-type": "application/json",
          "content-length": "10",
        },
      });
      asked.on("response", (answer) => resolve(answer.resume().statusCode));
      asked.on("error", () => resolve(undefined));
      asked.end(good);
    });
    expect([undefined, 400]).toContain(broken);
    expect((await post(server, GOOD)).status).toBe(200);
  });
});

describe("413", () => {
  test("a body of 2 MB", async () => {
    const bytes = JSON.stringify({ ...GOOD, prompt: "x".repeat(2_000_000) });
    expectRefusal(await send(bytes, "application/json"), { status: 413, type: "file_too_large_error" });
  });

  test("a body of 40 MB, which no socket holds: the answer arrives, and no broken connection", async () => {
    const bytes = JSON.stringify({ ...GOOD, prompt: "x".repeat(40_000_000) });
    expectRefusal(await send(bytes, "application/json"), { status: 413, type: "file_too_large_error" });
  });
});

describe("422", () => {
  const problem = async (body: object): Promise<WireError["error"]> => {
    const answer = await post(server, body);
    expectRefusal(answer, { status: 422, type: "invalid_request_error" });
    return answer.body.error;
  };

  test.each([
    ["no model", { prompt: "x" }, "invalid_parameters"],
    ["a model that is a number", { model: 7, prompt: "x" }, "invalid_parameters"],
    ["a model nobody has", { model: "sora-9", prompt: "x" }, "model_not_found"],
    ["a model called like a part of every object", { model: "__proto__", prompt: "x" }, "model_not_found"],
    ["a model called constructor", { model: "constructor", prompt: "x" }, "model_not_found"],
    ["a required field missing", { model: IDS.pixverseText }, "invalid_parameters"],
    ["a required field null", { model: IDS.pixverseText, prompt: null }, "invalid_parameters"],
    ["a field that may not be null", { ...GOOD, resolution: null }, "invalid_parameters"],
    ["a number in a string", { ...GOOD, duration: "5" }, "invalid_parameters"],
    ["a fraction", { ...GOOD, duration: 5.5 }, "invalid_parameters"],
    ["a truth value in a string", { ...GOOD, generate_audio: "true" }, "invalid_parameters"],
    ["another letter case", { ...GOOD, resolution: "720P" }, "invalid_parameters"],
    ["a field nobody has", { ...GOOD, watermark: false }, "invalid_parameters"],
    ["a list for a string", { ...GOOD, prompt: ["a"] }, "invalid_parameters"],
    ["a key called toString", { ...GOOD, toString: "x" }, "invalid_parameters"],
  ] as const)("%s", async (_name, body, code) => {
    expectRefusal(await post(server, body), invalid(code));
  });

  test("all problems are told together, each with its field and what is allowed", async () => {
    const error = await problem({
      model: IDS.pixverseText,
      duration: 16,
      resolution: "8k",
      resolutoin: "720p",
      seed: -1,
    });
    const fields = error.problems?.map((one) => one.field).sort();
    expect(fields).toEqual(["duration", "prompt", "resolution", "resolutoin", "seed"]);
    for (const part of ["1 to 15", "16", "8k", "360p", "prompt", "0 to 2147483647", "-1"]) {
      expect(error.message).toContain(part);
    }
  });

  test("a typing mistake is answered with the name that was meant", async () => {
    expect((await problem({ ...GOOD, duratoin: 5 })).message).toContain('did you mean "duration"');
    expect((await problem({ ...GOOD, style: "animé" })).message).toContain('did you mean "anime"');
  });

  test("parameters of other variants are told as a list under the code's own name", async () => {
    const body = {
      model: IDS.veoLite,
      prompt: "x",
      image_url: IMAGE,
      safety_tolerance: 3,
      enhance_prompt: true,
    };
    const answer = await post(server, body);
    expectRefusal(answer, invalid("unsupported_advanced_options"));
    expect(answer.body.error.unsupported_advanced_options).toEqual(["safety_tolerance", "enhance_prompt"]);
  });

  test("an unknown model is answered with those that there are", async () => {
    const error = await problem({ model: "veo-3.2", prompt: "x" });
    for (const id of Object.values(IDS)) expect(error.message).toContain(id);
  });

  test("a key __proto__ is refused by its name and changes no object", async () => {
    const answer = await send(
      `{"model":"${IDS.pixverseText}","prompt":"x","__proto__":{"style":"clay"}}`,
      "application/json",
    );
    expect([400, 422]).toContain(answer.status);
    expect(answer.body.error.message).toContain("__proto__");
    expect((await post(server, GOOD)).status).toBe(200);
  });

  test("a value nested a hundred thousand levels deep is refused as what it is", async () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const answer = await send(`{"model":"${IDS.pixverseText}","prompt":${deep}}`, "application/json");
    expectRefusal(answer, invalid("invalid_parameters"));
    expect(answer.text.length).toBeLessThan(5000);
  });

  test("ten thousand unknown fields are not answered with a megabyte", async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`field_${i}`, i]));
    const answer = await post(server, { ...GOOD, ...many });
    expectRefusal(answer, invalid("invalid_parameters"));
    expect(answer.text.length).toBeLessThan(50_000);
  });

  test.each([
    ["a private address", "http://10.0.0.1/a.png"],
    ["a link-local address", "http://169.254.169.254/latest/meta-data"],
    ["a private address in decimal", "http://167772161/a.png"],
    ["IPv6 loopback", "http://[::1]/a.png"],
    ["a private address inside IPv6", "http://[::ffff:10.0.0.1]/a.png"],
  ])("a picture at %s", async (_name, image_url) => {
    const body = { model: IDS.pixverseImage, prompt: "x", image_url };
    expectRefusal(await post(server, body), invalid("invalid_image_url"));
  });

  test.each(["data:image/png;base64,AAAA", "file:///etc/passwd", "ftp://127.0.0.1/a.png", "first.png", ""])(
    "a picture at %j",
    async (image_url) => {
      const answer = await post(server, { model: IDS.pixverseImage, prompt: "x", image_url });
      expectRefusal(answer, { status: 422, type: "invalid_request_error" });
      expect(answer.body.error.message).toContain("image_url");
    },
  );
});

describe("404", () => {
  test.each([
    ["that never was", "task-unified-1757165031-uyujaw3d"],
    ["of another form", "task-abc"],
    ["called like a part of every object", "__proto__"],
    ["with a zero byte", "%00"],
    ["that climbs out of its folder", "%2e%2e%2fmodels"],
    ["of 200 characters", "x".repeat(200)],
    ["of 2000 characters", "x".repeat(2000)],
  ])("a task id %s", async (_name, id) => {
    expectRefusal(await call(server, `/v1/tasks/${id}`), NOT_FOUND);
  });

  test("a path with a broken escape is refused in the documented envelope", async () => {
    const answer = await call(server, "/v1/tasks/%zz");
    expectRefusal(answer, answer.status === 404 ? NOT_FOUND : MALFORMED);
  });

  test("another key's task is as unknown as one that never was, to read and to cancel", async () => {
    const task = await create(server, GOOD);
    const key = await server.newKey("stranger");
    const foreign = await call(server, `/v1/tasks/${task.id}`, { key });
    expectRefusal(foreign, NOT_FOUND);
    const never = await call(server, `/v1/tasks/${"task-unified-1757165031-uyujaw3d"}`, { key });
    const withoutIds = ({ body }: Answer<WireError>, id: string): string =>
      body.error.message.replace(id, "ID").replace(/request_id: \S+/, "");
    expect(withoutIds(foreign, task.id)).toBe(withoutIds(never, "task-unified-1757165031-uyujaw3d"));
    expectRefusal(await call(server, `/v1/tasks/${task.id}/cancel`, { method: "POST", key }), NOT_FOUND);
    expect((await call(server, `/v1/tasks/${task.id}`)).status).toBe(200);
  });

  test("a path that we do not serve", async () => {
    expectRefusal(await call(server, "/v1/video/generations", { method: "POST", json: GOOD }), NOT_FOUND);
  });
});

test("a request id of the client's own comes back, unless it could break a header", async () => {
  const mine = await call(server, "/v1/tasks/none", { headers: { "x-request-id": "trace-42.a_b" } });
  expect(mine.headers.get("x-request-id")).toBe("trace-42.a_b");
  const long = "i".repeat(500);
  const other = await call(server, "/v1/tasks/none", { headers: { "x-request-id": long } });
  expect(other.headers.get("x-request-id")).not.toBe(long);
});
