// Reads the answer of `redocly score --format json`, prints the score with what it is made of, and fails below a least.
import { text } from "node:stream/consumers";

const least = Number(process.argv[2]);
const answer = JSON.parse(await text(process.stdin));
const score = answer.agentReadiness;
if (typeof score !== "number" || Number.isNaN(least)) {
  throw new Error("there is no score to read, or no least to hold it to");
}
console.log(`redocly score: ${score} of 100, ${least} or more is wanted`);
for (const [part, value] of Object.entries(answer.subscores)) {
  console.log(`  ${part.padEnd(22)} ${Math.round(value * 100)}%`);
}
process.exit(score >= least ? 0 : 1);
