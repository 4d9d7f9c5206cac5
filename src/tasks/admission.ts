/** How many tasks may be open at once. Those on their way into the store count too, or a burst would pass the limit. */
import { ReelayError } from "../core/errors.ts";

export interface Admission {
  /** Throws `overloaded`. Call what it returns once the task is open or has failed to be. */
  enter(): () => void;
}

export function openAdmission(open: () => number, most: number): Admission {
  let entering = 0;
  return {
    enter() {
      if (open() + entering >= most) {
        const message = `This server already has ${most} open tasks, its limit. The request was not accepted; try again shortly.`;
        throw new ReelayError("overloaded", message, { retryAfter: 5 });
      }
      entering++;
      return () => {
        entering--;
      };
    },
  };
}
