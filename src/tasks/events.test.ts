import { expect, it, vi } from "vitest";
import { openEvents } from "./events.ts";

it("everybody who watches a task is told, and nobody else", () => {
  const events = openEvents();
  const [one, two, other] = [vi.fn(), vi.fn(), vi.fn()];
  events.subscribe("t1", one);
  events.subscribe("t1", two);
  events.subscribe("t2", other);
  events.publish("t1");
  events.publish("unknown");
  expect([one, two, other].map((listener) => listener.mock.calls.length)).toEqual([1, 1, 0]);
});

it("who has left is not told, also where he leaves while it is told", () => {
  const events = openEvents();
  const told: string[] = [];
  const leave = events.subscribe("t1", () => {
    told.push("one");
    leave();
  });
  events.subscribe("t1", () => told.push("two"));
  events.publish("t1");
  events.publish("t1");
  expect(told).toEqual(["one", "two", "two"]);
});

it("leaving twice does not take another's subscription", () => {
  const events = openEvents();
  const leave = events.subscribe("t1", () => undefined);
  leave();
  const listener = vi.fn();
  events.subscribe("t1", listener);
  leave();
  events.publish("t1");
  expect(listener).toHaveBeenCalledOnce();
});

it("a listener that throws does not keep the news from the others", () => {
  const events = openEvents();
  const listener = vi.fn();
  events.subscribe("t1", () => {
    throw new Error("its connection is gone");
  });
  events.subscribe("t1", listener);
  events.publish("t1");
  expect(listener).toHaveBeenCalledOnce();
});
