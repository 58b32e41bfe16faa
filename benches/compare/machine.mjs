// Processes, programs and what the kernel counts of them. Linux only: it reads /proc.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { cpus } from "node:os";
import { delimiter, join } from "node:path";

export const CONNECTIONS = 16;

export const say = (text) => process.stderr.write(`${text}\n`);

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** The program's path, or nothing. */
export const find = (name) =>
  process.env.PATH.split(delimiter).map((folder) => join(folder, name)).find(existsSync);

export const output = (command, args, more = {}) =>
  execFileSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"], ...more });

/** A server in the background, its output in a file. */
export function start(command, args, { log, ...more }) {
  const file = openSync(log, "a");
  const child = spawn(command, args, { stdio: ["ignore", file, file], ...more });
  child.on("error", (error) => say(`${command}: ${error.message}`));
  return child;
}

export async function stop(child, signal = "SIGTERM") {
  if (!child || child.exitCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  child.kill(signal);
  await Promise.race([ended, pause(5000).then(() => child.kill("SIGKILL"))]);
}

export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

const TICK = 1000 / Number(output("getconf", ["CLK_TCK"]));

const stat = (pid) => {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
};

/** Milliseconds of CPU that a process has taken. */
export function cpu(pid) {
  const fields = stat(pid);
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

/** Milliseconds of CPU that a process, its children and those that ended have taken. */
export function cpuOfFamily(pid) {
  const own = stat(pid);
  let ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(own[at]), 0);
  for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = stat(name);
      if (Number(fields[1]) === pid) ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It has ended meanwhile.
    }
  }
  return ticks * TICK;
}

const memory = (pid, name) => {
  const line = readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`${name}:\\s+(\\d+)`));
  return Number(line[1]) / 1024;
};

/** MiB of memory now. */
export const resident = (pid) => memory(pid, "VmRSS");

/** The most MiB of memory since the last call of `forgetPeak`. */
export const peak = (pid) => memory(pid, "VmHWM");

export const forgetPeak = (pid) => writeFileSync(`/proc/${pid}/clear_refs`, "5");

export const load = () => readFileSync("/proc/loadavg", "utf8").split(" ")[0];

export function describe() {
  const memory = readFileSync("/proc/meminfo", "utf8").match(/MemTotal:\s+(\d+)/)[1];
  return `${cpus().length} × ${cpus()[0]?.model.trim() ?? "?"}, ${Math.round(memory / 1024 / 1024)} GiB`;
}
