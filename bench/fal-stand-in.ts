/** A stand-in of fal as a process of its own, so that its work is not ours. At its end it says what it was asked. */
import { startFal } from "../test/standins/fal.ts";

const standIn = await startFal();
console.log(`The stand-in listens on ${standIn.url}`);
process.on("SIGTERM", () => {
  const submits = standIn.asks.filter(({ method }) => method === "POST").length;
  console.log(`${submits} submits, ${standIn.jobs.size} jobs, ${standIn.complaints.length} complaints`);
  process.exit(0);
});
