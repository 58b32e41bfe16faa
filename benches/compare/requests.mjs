// What each candidate is asked, and what its answers have in common.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HERE } from "./build.mjs";

/** Stands for a new UUID in a body; `wrk.lua` puts one there for each request. */
export const NEW = "00000000-0000-7000-8000-000000000000";

const document = (name, peer) => {
  const folder = peer ? join(HERE, "operations", peer) : join(HERE, "../operations");
  // As clients send them: without the comments of this repository.
  return readFileSync(join(folder, `${name}.graphql`), "utf8").replace(/^#.*\n/gm, "");
};

/** The requests of an operation: method, path and bodies that are sent in turn. */
export function requests(style, operation, seed) {
  if (style === "limit") return byHand(operation, seed);
  const peer = style === "postgraphile" || (style === "yoga" && operation === "m1") ? style : undefined;
  const query = document(operation, peer);
  const body = (variables) => JSON.stringify({ query, variables });
  const bodies = variables(style, operation, seed).map(body);
  return { method: "POST", path: "/graphql", bodies };
}

function byHand(operation, seed) {
  if (operation === "m1") {
    return { method: "POST", path: "/m1", bodies: seed.activeMany.map((it) => JSON.stringify(item(it))) };
  }
  return { method: "GET", path: operation === "q1" ? `/q1/${seed.agreement.key}` : `/${operation}`, bodies: [] };
}

function variables(style, operation, seed) {
  if (operation === "q1") return [{ id: style === "ours" ? seed.agreement.id : seed.agreement.key }];
  if (operation !== "m1") return [{}];
  switch (style) {
    case "ours":
      return seed.activeMany.map(({ id, responsibleId, dueOn }) => ({
        input: { agreementId: id, title: "接收毕业实习学生", responsibleId, dueOn },
      }));
    case "yoga":
      return seed.activeMany.map((it) => ({ input: item(it) }));
    default:
      return seed.activeMany.map((it) => ({ item: row(it) }));
  }
}

const item = ({ key, responsibleKey, dueOn }) => ({
  agreementId: key,
  title: "接收毕业实习学生",
  responsibleId: responsibleKey,
  dueOn,
});

/** PostGraphile's mutation takes the whole row. */
function row(it) {
  const now = new Date().toISOString();
  const rest = { firstDueOn: it.dueOn, status: "PLANNED", version: 1, createdAt: now, updatedAt: now };
  return { rowId: NEW, ...item(it), ...rest };
}

/** Asks once and gives the answer's JSON. */
export async function ask(candidate, { method, path, bodies }) {
  const body = bodies[0]?.replace(NEW, randomUUID());
  const headers = { "content-type": "application/json", accept: "application/json", ...candidate.headers };
  const answer = await fetch(`http://${candidate.listen}${path}`, { method, headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${candidate.name} answered ${answer.status}: ${text.slice(0, 500)}`);
  const json = JSON.parse(text);
  const errors = json.errors ?? json.data?.cooperationItemCreate?.userErrors ?? [];
  if (errors.length > 0) throw new Error(`${candidate.name}: ${JSON.stringify(errors).slice(0, 500)}`);
  return { json, bytes: Buffer.byteLength(text) };
}

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** The UUID in a TypeID. */
function uuid(text) {
  const bits = [...text].reduce((bits, letter) => (bits << 5n) | BigInt(ALPHABET.indexOf(letter)), 0n);
  return bits.toString(16).padStart(32, "0").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The same content written the same way: plain UUIDs, plain lists, members in alphabetical order, no cursors. */
export function normal(value, name = "") {
  if (Array.isArray(value)) return value.map((each) => normal(each?.agreement ?? each));
  if (value && typeof value === "object") {
    if (value.data) return normal(value.data);
    if (Array.isArray(value.nodes)) {
      const { nodes, pageInfo } = value;
      const list = normal(nodes);
      return pageInfo ? { list, more: pageInfo.hasNextPage } : list;
    }
    const names = Object.keys(value).sort();
    return Object.fromEntries(names.map((name) => [name, normal(value[name], name)]));
  }
  if (name === "id") return value.replace(/^[a-z_]+_([0-9a-z]{26})$/, (_, text) => uuid(text));
  return name === "target" || name === "actual" ? (value && String(value)) : value;
}

/** What all candidates must have answered alike: their one difference, or nothing. */
export function difference(one, other, path = "") {
  if (one === other) return undefined;
  if (!one || !other || typeof one !== "object" || typeof other !== "object") {
    return `${path}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`;
  }
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const name of names) {
    const found = difference(one[name], other[name], `${path}.${name}`);
    if (found) return found;
  }
  return undefined;
}
