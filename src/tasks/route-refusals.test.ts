/** A request that nobody who is open can do as it stands is refused before it costs anything, with what would be right. */
import { describe, expect, it } from "vitest";
import { ReelayError } from "../core/errors.ts";
import type { MediaFacts } from "../core/media.ts";
import type { Route } from "../core/model.ts";
import type { Provider } from "../core/provider.ts";
import { openHealth } from "./health.ts";
import { openRouter, type Question } from "./route.ts";
import { modelFor, routeTo } from "./testing/place-lab.ts";

const CLEAN = {
  prompt: "fox",
  style: null,
  image_url: null,
  duration: 5,
  resolution: "720p",
  aspect: "16:9",
};

/** Asks who can do it, of providers with these routes in this order. */
function ask(routes: Readonly<Record<string, Partial<Route>>>, question: Partial<Question> = {}): string {
  const kinds = Object.keys(routes);
  const providers = kinds.map((id) => [id, { id, kind: id, free: false } as unknown as Provider] as const);
  const router = openRouter({
    providers: new Map(providers),
    health: openHealth({ clock: { now: () => 0 }, alert: () => undefined }),
    ...{ shares: new Map(), isFull: () => false, turnMs: () => 0, random: () => 0 },
  });
  const model = modelFor(["closed", ...kinds].map((kind) => routeTo(kind, routes[kind])));
  return router.pick({ model, input: CLEAN, free: false, ...question }).provider.id;
}

function refusal(...given: Parameters<typeof ask>): ReelayError {
  try {
    ask(...given);
  } catch (error) {
    if (error instanceof ReelayError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

const lacks = (unsupported: Readonly<Record<string, string>>): Partial<Route> => ({
  unsupported,
  send: { prompt: "prompt" },
});
const NO_STYLE = lacks({ style: "A has no styles." });
const styled = { input: { ...CLEAN, style: "clay" } };

describe("a parameter that a provider lacks", () => {
  it("sends the work to one that has it", () => {
    expect(ask({ a: NO_STYLE, b: {} }, styled)).toBe("b");
    expect(ask({ a: NO_STYLE, b: {} })).toBe("a");
  });

  it("where nobody has it is refused, naming the field, what came, and what would be right", () => {
    const { code, message, problems } = refusal({ a: NO_STYLE }, styled);
    expect(code).toBe("unsupported_parameters");
    expect(message).toBe(
      'No provider that is open on this server can do all of this. A has no styles. With "style": leave it out.',
    );
    expect(problems).toEqual([
      {
        field: "style",
        message: 'A has no styles. With "style": leave it out.',
        received: "clay",
        allowed: null,
      },
    ]);
  });

  it("that has a default is right with the default, and a default is never a reason to refuse", () => {
    const routes = { a: lacks({ duration: "A has one length." }) };
    expect(ask(routes)).toBe("a");
    const { message, problems } = refusal(routes, { input: { ...CLEAN, duration: 8 } });
    expect(message).toContain('A has one length. With "duration": send 5 or leave it out.');
    expect(problems).toMatchObject([{ field: "duration", received: 8, allowed: 5 }]);
  });

  it("is told of every provider that is open, each sentence once, and of none that is not", () => {
    const none = lacks({ style: "It has no styles." });
    const other = lacks({ style: "C cannot.", aspect: "C is wide." });
    const { problems } = refusal(
      { a: none, b: none, c: other },
      { input: { ...CLEAN, style: "clay", aspect: "1:1" } },
    );
    expect(problems.map(({ message }) => message)).toEqual([
      'It has no styles. With "style": leave it out.',
      'C cannot. With "style": leave it out.',
      'C is wide. With "aspect": send "16:9" or leave it out.',
    ]);
    // A provider that has refused the task for good is as good as closed.
    const rest = refusal(
      { a: none, b: other },
      { ...styled, without: ({ provider }) => provider.id === "a" },
    );
    expect(rest.problems.map(({ message }) => message)).toEqual(['C cannot. With "style": leave it out.']);
  });

  it("one at a, another at b: nobody can do both, and both are named", () => {
    const routes = { a: NO_STYLE, b: lacks({ aspect: "B is wide." }) };
    const both = refusal(routes, { input: { ...CLEAN, style: "clay", aspect: "1:1" } });
    expect(both.code).toBe("unsupported_parameters");
    expect(both.problems.map(({ field }) => field)).toEqual(["style", "aspect"]);
    expect(ask(routes, styled)).toBe("b");
  });
});

describe("a rule of a route", () => {
  const ruled: Partial<Route> = {
    rules: [
      {
        when: { style: { given: true } },
        must: { aspect: { is: ["16:9"] } },
        say: "A draws styles in 16:9 only.",
      },
    ],
  };

  it("sends the work that it forbids elsewhere, and nothing else", () => {
    const input = { ...CLEAN, style: "clay", aspect: "1:1" };
    expect(ask({ a: ruled, b: {} }, { input })).toBe("b");
    expect(ask({ a: ruled, b: {} }, styled)).toBe("a");
    expect(ask({ a: ruled, b: {} }, { input: { ...CLEAN, aspect: "1:1" } })).toBe("a");
  });

  it("where nobody else is open is told in its own words", () => {
    const { code, message, problems } = refusal(
      { a: ruled },
      { input: { ...CLEAN, style: "clay", aspect: "1:1" } },
    );
    expect([code, message.endsWith("all of this. A draws styles in 16:9 only.")]).toEqual([
      ...["unsupported_parameters", true],
    ]);
    expect(problems).toMatchObject([{ field: "aspect", received: "1:1", allowed: ["16:9"] }]);
  });
});

describe("a file that a provider does not take", () => {
  const picture = (change: Partial<MediaFacts> = {}): NonNullable<Question["files"]> => {
    const facts = { kind: "picture", type: "png", width: 640, height: 360, bytes: 5_000, ...change };
    return { image_url: [{ facts: facts as MediaFacts }] };
  };
  const small: Partial<Route> = { limits: { image_url: { maxBytes: 4_000, side: [300, 600] } } };

  it("goes to one that does, and is no reason before anybody knows the file", () => {
    expect(ask({ a: small, b: {} }, { files: picture() })).toBe("b");
    expect(ask({ a: small, b: {} })).toBe("a");
    expect(ask({ a: small, b: {} }, { files: {} })).toBe("a");
    expect(ask({ a: small, b: {} }, { files: picture({ bytes: 4_000, width: 600 }) })).toBe("a");
  });

  it("where nobody does is refused with every limit that it breaks", () => {
    const { code, problems } = refusal({ a: small }, { files: picture() });
    expect(code).toBe("input_out_of_limits");
    expect(problems).toMatchObject([
      { field: "image_url", received: 5_000, allowed: { max: 4_000 } },
      { field: "image_url", received: { width: 640, height: 360 }, allowed: { min: 300, max: 600 } },
    ]);
  });

  it("is held to what the route says, and to the model's own limits where it says nothing", () => {
    const types: Partial<Route> = { limits: { image_url: { types: ["jpeg"] } } };
    const { problems } = refusal({ a: types }, { files: picture() });
    expect(problems).toMatchObject([{ received: "png", allowed: ["jpeg"] }]);
  });

  it("is no matter to a route that does not send it", () => {
    const unsent: Partial<Route> = { ...small, send: { prompt: "prompt" }, unsent: { image_url: "-" } };
    expect(ask({ a: unsent, b: {} }, { files: picture() })).toBe("a");
  });

  it("and a parameter that another lacks: the parameter is the first thing to change", () => {
    const { code, problems } = refusal({ a: small, b: NO_STYLE }, { ...styled, files: picture() });
    expect(code).toBe("unsupported_parameters");
    expect(problems.map(({ field }) => field)).toEqual(["style", "image_url", "image_url"]);
  });
});

it("where no route leads to a provider that is open, the operator has to act, not the caller", () => {
  const { code, message, problems } = refusal({});
  expect([code, problems]).toEqual(["no_route", []]);
  expect(message).toBe("No provider on this server can serve m at present.");
  expect(refusal({ a: {} }, { without: () => true }).code).toBe("no_route");
});
