import fc from "fast-check";
import { expect, it } from "vitest";
import { Line } from "./line.ts";

it("agrees with a plain list on who is first, who is in it, and every place", () => {
  const step = fc.record({ act: fc.constantFrom("add", "leave", "first"), which: fc.nat(1000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const line = new Line();
      let plain: string[] = [];
      let made = 0;
      for (const { act, which } of steps) {
        if (act === "add") {
          const id = `t${made++}`;
          line.add(id);
          plain.push(id);
        } else {
          const id = act === "first" ? plain[0] : plain[which % Math.max(1, plain.length)];
          expect(line.delete(id ?? "nobody")).toBe(id !== undefined);
          plain = plain.filter((one) => one !== id);
        }
        expect(line.size).toBe(plain.length);
        expect(line.first).toBe(plain[0]);
        expect(plain.map((id) => line.before(id))).toEqual(plain.map((_, index) => index));
      }
    }),
    { numRuns: 300 },
  );
});
