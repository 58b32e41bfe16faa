// Measures Hezuo against its peers, side by side in one session: node benches/compare/run.mjs --help, and README.md.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HERE, build, peers, wrk } from "./build.mjs";
import { begin, signIn } from "./candidates.mjs";
import { Cluster } from "./cluster.mjs";
import { describe, load, output, pause, resident, say, stop } from "./machine.mjs";
import { measure } from "./measure.mjs";
import { HELP, WRITES, options } from "./options.mjs";
import { operation, rest } from "./report.mjs";
import { ask, difference, normal, requests } from "./requests.mjs";

const WARM_UP = 2;
const CROWD = 64;

const writes = (name) => WRITES.includes(name);
const reads = (name) => !writes(name);

const given = options();
if (given.help) {
  console.log(HELP);
  process.exit(0);
}
const ground = { wrk: wrk(), sent: 0, folder: mkdtempSync(join(tmpdir(), "hezuo-compare-")) };
const candidates = [];
process.on("SIGINT", () => end().then(() => process.exit(130)));
try {
  await prepare();
  await check();
  const results = await rounds();
  if (!given["no-rest"]) await others(results);
  await tell(results);
} finally {
  await end();
}

/** Programs, databases and servers. */
async function prepare() {
  ground.programs = build(given);
  const needed = given.candidates.some((name) => name === "postgraphile" || name === "yoga");
  ground.node = needed ? peers() : process.execPath;
  ground.cluster = await Cluster.begin(ground.folder);
  ground.url = ground.cluster.url;
  ground.sqlite = `sqlite:${join(ground.folder, "hezuo.sqlite")}`;
  ground.seed = seed(ground.url);
  ground.cluster.sql(readFileSync(join(HERE, "peers/views.sql"), "utf8"));
  if (given.candidates.includes("ours-sqlite")) seed(ground.sqlite);
  for (const name of given.candidates) {
    // The first start of a server may have something to prepare: the second one is timed.
    await stop((await begin(name, ground)).child);
    const candidate = await begin(name, ground);
    candidates.push(candidate);
    await pause(1000);
    candidate.idle = resident(candidate.child.pid);
    await signIn(candidate, { ...ground.seed, applicants: given.only.includes("tm1") ? ground.seed.applicants : [] });
  }
}

function seed(url) {
  say(`seeding ${url.split(":")[0]} …`);
  return JSON.parse(output(ground.programs.seed, ["--database", url, "--times", given.times]).trim().split("\n").at(-1));
}

/** Everybody must answer the reads alike: what the first candidate answers is what is expected. */
async function check() {
  ground.expected = {};
  for (const name of given.only.filter(reads)) {
    for (const candidate of candidates) await same(candidate, name);
  }
}

async function same(candidate, name) {
  const { json, bytes } = await ask(candidate, requests(candidate, name, ground.seed), ground.sent++);
  if (writes(name)) return;
  const content = normal(json);
  ground.expected[name] ??= { content, bytes };
  const found = difference(ground.expected[name].content, content);
  if (found) throw new Error(`${name}: ${candidates[0].name} and ${candidate.name} differ: ${found}`);
}

/** Rounds, interleaved. The reads come before the writes, which make the tables grow. */
async function rounds() {
  const results = {};
  for (const names of [given.only.filter(reads), given.only.filter(writes)]) {
    for (let round = 0; round < given.rounds; round++) {
      for (const name of names) await once(name, round, (results[name] ??= candidates.map(() => [])));
    }
  }
  return results;
}

async function once(name, round, runs) {
  for (const step of candidates.keys()) {
    // Nobody is always the first.
    const at = (step + round) % candidates.length;
    const candidate = candidates[at];
    const request = requests(candidate, name, ground.seed);
    if (writes(name)) ground.cluster.sql("CHECKPOINT");
    await measure(ground, candidate, request, { seconds: round === 0 ? WARM_UP : 1 });
    const measured = await measure(ground, candidate, request, given);
    await same(candidate, name);
    runs[at].push(measured);
    say(`${name} ${round + 1}/${given.rounds} ${candidate.name}: ${measured.pace.toFixed(0)}/s, load ${load()}`);
  }
}

/** Memory when a crowd asks for pages. */
async function others(results) {
  results.rest = [];
  for (const candidate of candidates) {
    const request = requests(candidate, "q2", ground.seed);
    const crowd = await measure(ground, candidate, request, { seconds: given.seconds, connections: CROWD });
    results.rest.push({ started: candidate.started, idle: candidate.idle, crowd });
  }
}

async function tell(results) {
  const of = (runs) => candidates.map((candidate, at) => ({ candidate, runs: runs[at] }));
  const versions = [
    output(ground.programs.hezuo, ["--version"]).trim(),
    output("rustc", ["--version"]).trim().split(" (")[0],
    `PostgreSQL ${ground.cluster.version}`,
    `Node ${output(ground.node, ["--version"]).trim().slice(1)}`,
    ...["postgraphile", "graphql-yoga", "pg", "dataloader"].map((name) => `${name} ${version(name)}`),
  ];
  const size = `${10 * given.times},000 agreements, ${200 * given.times},000 applications, 16 connections, ${given.rounds} × ${given.seconds} s`;
  console.log(`${versions.join(" · ")}\n\n${describe()}, shared by database, server and wrk · ${size}\n`);
  for (const name of given.only) {
    const { bytes } = await ask(candidates[0], requests(candidates[0], name, ground.seed), ground.sent++);
    console.log(operation(name, bytes, of(results[name])));
  }
  if (results.rest) console.log(rest(candidates.map((candidate, at) => ({ candidate, rest: results.rest[at] }))));
  if (given.out) writeFileSync(given.out, `${JSON.stringify({ versions, candidates: given.candidates, results }, null, 2)}\n`);
}

function version(name) {
  return JSON.parse(readFileSync(join(HERE, "package-lock.json"), "utf8")).packages[`node_modules/${name}`].version;
}

async function end() {
  if (given.keep) {
    for (const { name, listen, headers, child } of candidates) {
      say(`${name}: http://${listen}, process ${child.pid}${headers.Authorization ? `, ${headers.Authorization}` : ""}`);
      child.unref();
    }
    ground.cluster?.server.unref();
    say(`${ground.url}\n${ground.folder}`);
    return;
  }
  for (const { child } of candidates) await stop(child);
  await ground.cluster?.end();
  rmSync(ground.folder, { recursive: true, force: true });
}
