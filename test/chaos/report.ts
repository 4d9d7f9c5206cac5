/** A chaos run as lines for a person: the plan, what was done, and one line for each property. */
import type { ChaosReport } from "./run.ts";

const MOST_FAULTS = 5;

export function linesOf(
  plan: { readonly rounds: number; readonly seed: number },
  report: ChaosReport,
): readonly string[] {
  const { kills, early, tasks, accepts, answers, roundsMs, drainMs, verdicts } = report;
  const others = ["at random", "while stopping", "stopped in peace"];
  const points = [...kills].filter(([how]) => !others.includes(how)).sort(([, a], [, b]) => b - a);
  const atPoints = points.reduce((sum, [, times]) => sum + times, 0);
  const rest = others.map((how) => `${kills.get(how) ?? 0} ${how}`).join(", ");
  return [
    `seed ${plan.seed}, ${plan.rounds} rounds, ${tasks} tasks acknowledged`,
    `${seconds(roundsMs)} s of rounds (${(roundsMs / plan.rounds / 1000).toFixed(2)} s each), ${seconds(drainMs)} s to drain and check`,
    `kills: ${atPoints} at ${points.length} failpoints, ${rest}; ${early} before the server was ready again`,
    `failpoints: ${points.map(([how, times]) => `${how} ${times}`).join(", ") || "none"}`,
    accepts,
    `answers: ${[...answers]
      .sort()
      .map(([what, times]) => `${what} ${times}`)
      .join(", ")}`,
    ...verdicts.flatMap(({ says, checked, faults }) => [
      `${faults.length === 0 ? "ok  " : "FAIL"} ${says}: ${checked} checked, ${faults.length} wrong`,
      ...faults.slice(0, MOST_FAULTS).map((fault) => `       ${fault}`),
    ]),
  ];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
