// Who is measured, and how each is started: one process, the same number of connections to the database.

import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { HERE } from "./build.mjs";
import { CONNECTIONS, freePort, pause, start, stop } from "./machine.mjs";

const TITLES = {
  ours: "Hezuo",
  "ours-sqlite": "Hezuo on SQLite",
  limit: "the limit",
  "limit-visible": "the limit, with our visibility",
  postgraphile: "PostGraphile 5",
  yoga: "Yoga + pg + DataLoader",
};

/** How one is started: its program and its environment. */
function recipe(name, { programs, node, url, sqlite, seed, folder }) {
  const style = name.split("-")[0];
  const peer = { NODE_ENV: "production", GRAPHILE_ENV: "production", DATABASE_URL: url, CONNECTIONS: `${CONNECTIONS}` };
  switch (name) {
    case "ours":
    case "ours-sqlite": {
      const data = join(folder, name);
      mkdirSync(data, { recursive: true });
      const env = {
        HEZUO_DATABASE_URL: name === "ours" ? url : sqlite,
        HEZUO_DATA_DIR: data,
        // The embedded database as it comes.
        ...(name === "ours" ? { HEZUO_DATABASE_CONNECTIONS: `${CONNECTIONS}` } : {}),
        HEZUO_ACCESS_TOKEN_MINUTES: "1440",
        HEZUO_COST_PER_MINUTE: "4294967295",
        // The peers write no line for each request either.
        HEZUO_LOG: "warn",
      };
      const database = name === "ours" ? "postgres" : "sqlite";
      return { style, program: programs.hezuo, args: ["serve"], env, listen: "HEZUO_LISTEN", database };
    }
    case "limit":
    case "limit-visible": {
      const env = { ...peer, ...(name === "limit" ? {} : { LIMIT_ORGANIZATION: seed.university.key }) };
      return { style, program: programs.limit, args: [], env, listen: "LISTEN", probe: `/q1/${seed.agreement.key}` };
    }
    default:
      return { style, program: node, args: [join(HERE, "peers", `${name}.mjs`)], env: peer, listen: "LISTEN" };
  }
}

/** A running server, and how many milliseconds it took to its first answer. */
export async function begin(name, ground) {
  const { listen: setting, program, args, env, ...rest } = recipe(name, ground);
  const listen = `127.0.0.1:${await freePort()}`;
  const log = join(ground.folder, `${name}.log`);
  const began = performance.now();
  const child = start(program, args, { log, env: { PATH: process.env.PATH, ...env, [setting]: listen } });
  const candidate = { name, title: TITLES[name], child, listen, database: "postgres", headers: {}, ...rest };
  while (!(await answers(candidate))) {
    if (child.exitCode !== null || performance.now() - began > 60_000) {
      await stop(child);
      throw new Error(`${name} does not start; see ${log}`);
    }
    await pause(1);
  }
  candidate.started = performance.now() - began;
  return candidate;
}

/** Whether it gives its first answer: asked by a bare socket, so that asking takes no time of its own. */
function answers({ listen, probe }) {
  const body = probe ? "" : JSON.stringify({ query: "{__typename}" });
  const head = [
    `${probe ? "GET" : "POST"} ${probe ?? "/graphql"} HTTP/1.1`,
    `host: ${listen}`,
    "connection: close",
    "accept: application/json",
    "content-type: application/json",
    `content-length: ${body.length}`,
  ];
  return new Promise((done) => {
    let text = "";
    const [host, port] = listen.split(":");
    const socket = connect(Number(port), host, () => socket.write(`${head.join("\r\n")}\r\n\r\n${body}`));
    socket.on("data", (part) => (text += part));
    socket.on("error", () => done(false));
    socket.on("close", () => done(text.startsWith("HTTP/1.1 200")));
  });
}

const SIGN_IN = `mutation SignIn($input: SessionCreateInput!) {
  sessionCreate(input: $input) { result { accessToken } userErrors { message } }
}`;

/** Hezuo answers nobody who has not signed in; the others have no accounts. */
export async function signIn(candidate, { bench, applicants }) {
  if (candidate.style !== "ours") return;
  candidate.headers = { Authorization: `Bearer ${await token(candidate, bench)}` };
  candidate.applicants = await Promise.all(applicants.map((applicant) => token(candidate, applicant)));
}

async function token({ listen }, { login, password }) {
  const body = JSON.stringify({ query: SIGN_IN, variables: { input: { login, password } } });
  const headers = { "content-type": "application/json" };
  const answer = await (await fetch(`http://${listen}/graphql`, { method: "POST", headers, body })).json();
  const token = answer.data?.sessionCreate?.result?.accessToken;
  if (!token) throw new Error(`signing in: ${JSON.stringify(answer)}`);
  return token;
}
