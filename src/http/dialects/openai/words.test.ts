import { describe, expect, it } from "vitest";
import { ReelayError } from "../../../core/errors.ts";
import { errorSaid, sentenceSaid } from "./words.ts";

const SAID = { duration: "seconds", image_urls: "input_reference" };

describe("a sentence in the client's names", () => {
  it.each([
    ['"duration" must be one of 4, 6, 8, not 12.', '"seconds" must be one of 4, 6, 8, not 12.'],
    [
      '2 problems: "duration" is; "image_urls[0]" must be',
      '2 problems: "seconds" is; "input_reference" must be',
    ],
    ["image_urls is 64 x 36 pixels.", "input_reference is 64 x 36 pixels."],
    ["It is gone. image_urls[1] has 5 bytes.", "It is gone. input_reference has 5 bytes."],
    ["image_urls: the link has expired", "input_reference: the link has expired"],
    // Plain words, other names, and what the client itself wrote, as far as that can be told.
    [
      "1080p is made only with a duration of 8: send duration 8",
      "1080p is made only with a duration of 8: send duration 8",
    ],
    ['"duration_seconds" and tail_image_urls is', '"duration_seconds" and tail_image_urls is'],
  ])("%s", (own, said) => {
    expect(sentenceSaid(SAID, own)).toBe(said);
  });

  it("keeps an error's code, what it says of retries, and all else of its problems", () => {
    const problems = [
      { field: "image_urls[0]", message: '"image_urls[0]" must be a URL', received: "x", allowed: "y" },
    ];
    const error = errorSaid(
      SAID,
      new ReelayError("overloaded", '"duration" is', { problems, retryAfter: 3 }),
    );
    expect([error.code, error.message, error.retryAfter]).toEqual(["overloaded", '"seconds" is', 3]);
    expect(error.problems).toEqual([
      { field: "input_reference", message: '"input_reference" must be a URL', received: "x", allowed: "y" },
    ]);
  });
});
