// One measurement: wrk for some seconds, and what the server and the database took of the CPU meanwhile.

import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { HERE } from "./build.mjs";
import { CONNECTIONS, cpu, cpuOfFamily, forgetPeak, peak } from "./machine.mjs";

const quoted = (text) => `"${text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n")}"`;

const table = (pairs) => `{${Object.entries(pairs).map(([name, value]) => `[${quoted(name)}]=${quoted(value)}`)}}`;

/** What is asked, as Lua. */
function lua({ method, headers, body, turns, made }, from) {
  const lists = turns.map((list) => `{${list.map(table)}}`);
  const rest = [`method=${quoted(method)}`, `headers=${table(headers)}`, `from=${from}`, `turns={${lists}}`];
  if (body) rest.push(`body=${quoted(body)}`);
  if (made) rest.push(`made=${quoted(made)}`);
  return `return {${rest}}\n`;
}

/** Not `execFileSync`: this process must not be busy, and its answer comes at the end. */
function run(command, args, env) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (part) => (text += part));
    child.on("error", failed);
    child.on("close", (code) => (code === 0 ? done(text) : failed(new Error(`${command}: ${code}\n${text}`))));
  });
}

/** `wrk` against one candidate. */
export async function measure(ground, candidate, request, { seconds, connections = CONNECTIONS }) {
  const { wrk, folder, cluster } = ground;
  const asked = join(folder, "asked.lua");
  writeFileSync(asked, lua(request, ground.sent));
  const pid = candidate.child.pid;
  forgetPeak(pid);
  const [server, database] = [cpu(pid), cluster ? cpuOfFamily(cluster.pid) : 0];
  const url = `http://${candidate.listen}${request.path}`;
  const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "-s", join(HERE, "wrk.lua"), url];
  const text = await run(wrk, args, { ASKED: asked });
  const measured = JSON.parse(text.match(/MEASURED (.*)/)?.[1] ?? "null");
  if (!measured) throw new Error(`wrk said\n${text}`);
  ground.sent = measured.sent;
  const each = (before, now) => (now - before) / Math.max(measured.requests, 1);
  return {
    pace: (measured.requests * 1e6) / measured.micros,
    failed: measured.failed,
    p50: measured.p50,
    p99: measured.p99,
    server: each(server, cpu(pid)),
    database: candidate.database === "sqlite" ? 0 : each(database, cluster ? cpuOfFamily(cluster.pid) : 0),
    peak: peak(pid),
  };
}
