// What can be said on the command line.

import { parseArgs } from "node:util";

export const OPERATIONS = ["q1", "q2", "q3", "q4", "t3", "t4", "m1", "tm1"];
export const WRITES = ["m1", "tm1"];
export const CANDIDATES = ["ours", "ours-sqlite", "limit", "limit-visible", "postgraphile", "yoga"];

export const HELP = `node benches/compare/run.mjs [options]
  --only q1,q2           operations (${OPERATIONS.join(",")})
  --candidates ours,…    candidates (${CANDIDATES.join(",")})
  --rounds N             rounds, interleaved (3)
  --seconds N            seconds of each measurement (5)
  --times N              the tables N times as large (1)
  --profile NAME         Cargo profile, such as dist (release)
  --binary PATH          measure this hezuo, do not build one
  --seeder PATH, --limit PATH   likewise for the two benches
  --no-rest              leave out start, idle memory and memory at 64 connections
  --out FILE             write what was measured as JSON
  --keep                 leave servers, databases and scratch folder, and say where they are`;

export function options() {
  const list = { type: "string" };
  const { values } = parseArgs({
    options: {
      only: { ...list, default: OPERATIONS.join(",") },
      candidates: { ...list, default: CANDIDATES.join(",") },
      rounds: { ...list, default: "3" },
      seconds: { ...list, default: "5" },
      times: { ...list, default: "1" },
      profile: { ...list, default: "release" },
      binary: list,
      seeder: list,
      limit: list,
      out: list,
      "no-rest": { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const chosen = (text, known) => {
    const names = text.split(",");
    const unknown = names.filter((name) => !known.includes(name));
    if (unknown.length > 0) throw new Error(`${unknown}: expected ${known}`);
    return names;
  };
  return {
    ...values,
    only: chosen(values.only, OPERATIONS),
    candidates: chosen(values.candidates, CANDIDATES),
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
  };
}
