// The programs that are measured. `CARGO` may name another Cargo, with words before it: CARGO="nice cargo".

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { find, output, say } from "./machine.mjs";

export const HERE = dirname(fileURLToPath(import.meta.url));
export const ROOT = join(HERE, "../..");

function cargo(profile, targets) {
  const [command, ...words] = (process.env.CARGO ?? "cargo").split(" ");
  const args = [...words, "build", "--profile", profile, "--message-format=json-render-diagnostics", ...targets];
  const lines = output(command, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] }).split("\n");
  const made = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  return Object.fromEntries(made.filter((it) => it.executable).map((it) => [it.target.name, it.executable]));
}

/** Builds what was not given. */
export function build({ binary, seeder, limit, profile }) {
  const targets = [];
  if (!binary) targets.push("--bin", "hezuo");
  if (!seeder) targets.push("--bench", "seed");
  if (!limit) targets.push("--bench", "limit");
  if (targets.length > 0) say(`building (${profile}) …`);
  const made = targets.length > 0 ? cargo(profile, targets) : {};
  return { hezuo: binary ?? made.hezuo, seed: seeder ?? made.seed, limit: limit ?? made.limit };
}

/** Installs the peers, and names the Node that runs them: the machine's when it is new enough, else npm's `node`. */
export function peers() {
  if (!existsSync(join(HERE, "node_modules"))) {
    say("installing the peers …");
    output("npm", ["ci"], { cwd: HERE, stdio: ["ignore", "inherit", "inherit"] });
  }
  const [major] = process.versions.node.split(".");
  return Number(major) >= 22 ? process.execPath : join(HERE, "node_modules/node/bin/node");
}

export function wrk() {
  const found = find("wrk");
  if (!found) throw new Error("wrk not found: install it (apt-get install wrk), https://github.com/wg/wrk");
  return found;
}
