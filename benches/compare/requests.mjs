// What each candidate is asked, and what its answers have in common.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HERE } from "./build.mjs";
import { WRITES } from "./options.mjs";

const document = (name, peer) => {
  const folder = peer ? join(HERE, "operations", peer) : join(HERE, "../operations");
  // As clients send them: without the comments of this repository.
  return readFileSync(join(folder, `${name}.graphql`), "utf8").replace(/^#.*\n/gm, "");
};

/** How a candidate is asked: method, path, headers and body. `turns` are lists: where body or headers say `@name@`, the
 * next of each list says what stands there, and `@new@` is a new UUID. `made` is found in the answer to each write. */
export function requests(candidate, operation, seed) {
  const asked = WRITES.includes(operation) ? write(candidate, operation, seed) : read(candidate, operation, seed);
  const headers = { "Content-Type": "application/json", Accept: "application/json", ...candidate.headers, ...asked.headers };
  return { method: "POST", path: "/graphql", turns: [], ...asked, headers };
}

function read({ style }, operation, seed) {
  const id = style === "ours" ? "id" : "key";
  if (style === "limit") {
    const of = { q1: `/${seed.agreement.key}`, t4: `/${seed.event.key}` }[operation] ?? "";
    return { method: "GET", path: `/${operation}${of}` };
  }
  const variables = { q1: { id: seed.agreement[id] }, t4: { event: seed.event[id] } }[operation] ?? {};
  return { body: JSON.stringify({ query: document(operation, style === "postgraphile" && style), variables }) };
}

const TITLE = "接收毕业实习学生";
const LETTER = "我的毕业设计与该岗位的内容一致，附上的简历中有项目说明。";

function write(candidate, operation, seed) {
  const { style } = candidate;
  const own = style === "ours";
  const item = { agreementId: "@agreement@", title: TITLE, responsibleId: "@responsible@", dueOn: "@dueOn@" };
  const application = { positionId: "@position@", letter: LETTER };
  const applicant = own ? {} : { studentId: "@student@" };
  // PostGraphile's mutations take the whole row.
  const now = new Date().toISOString();
  const row = { rowId: "@new@", version: 1, createdAt: now, updatedAt: now };
  const others = { universityId: seed.university.key, resumeId: "@resume@", organizationId: "@organization@" };
  const asked = {
    m1: { input: item, row: { ...row, ...item, firstDueOn: "@dueOn@", status: "PLANNED" } },
    tm1: { input: { ...application, ...applicant }, row: { ...row, ...application, ...applicant, ...others, status: "SUBMITTED" } },
  }[operation];
  const { turns, made } = operation === "m1" ? items(own, seed) : applications(candidate, seed);
  // Each applicant is signed in.
  const headers = own && operation === "tm1" ? { Authorization: "Bearer @token@" } : {};
  if (style === "limit") return { path: `/${operation}`, body: JSON.stringify(asked.input), turns, made };
  const input = style === "postgraphile" ? asked.row : asked.input;
  const body = JSON.stringify({ query: document(operation, !own && style), variables: { input } });
  return { headers, body, turns, made };
}

function items(own, { activeMany }) {
  const each = ({ id, key, responsibleId, responsibleKey, dueOn }) => ({
    agreement: own ? id : key,
    responsible: own ? responsibleId : responsibleKey,
    dueOn,
  });
  return { turns: [activeMany.map(each)], made: '"PLANNED"' };
}

/** Two lists, of so many students and positions that no student applies for a position twice. */
function applications(candidate, { applicants, open }) {
  const own = candidate.style === "ours";
  const student = ({ key, resumeKey }, at) =>
    own ? { token: candidate.applicants[at] } : { student: key, resume: resumeKey };
  const position = ({ id, key, organizationKey }) =>
    own ? { position: id } : { position: key, organization: organizationKey };
  return { turns: [applicants.map(student), open.map(position)], made: '"SUBMITTED"' };
}

/** The request with this number, as `wrk.lua` sends it. */
function filled({ headers, body, turns }, number) {
  const said = Object.assign({ new: randomUUID() }, ...turns.map((list) => list[number % list.length]));
  const put = (text) => text?.replace(/@(\w+)@/g, (found, name) => said[name] ?? found);
  return { headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, put(text)])), body: put(body) };
}

/** Asks once and gives the answer's JSON. */
export async function ask(candidate, request, number = 0) {
  const { headers, body } = filled(request, number);
  const answer = await fetch(`http://${candidate.listen}${request.path}`, { method: request.method, headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${candidate.name} answered ${answer.status}: ${text.slice(0, 500)}`);
  const json = JSON.parse(text);
  const errors = json.errors ?? Object.values(json.data ?? {})[0]?.userErrors ?? [];
  if (errors.length > 0) throw new Error(`${candidate.name}: ${JSON.stringify(errors).slice(0, 500)}`);
  return { json, bytes: Buffer.byteLength(text) };
}

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** The UUID in a TypeID. */
function uuid(text) {
  const bits = [...text].reduce((bits, letter) => (bits << 5n) | BigInt(ALPHABET.indexOf(letter)), 0n);
  return bits.toString(16).padStart(32, "0").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The same content written the same way: plain UUIDs, plain lists, moments, members in alphabetical order, no cursors. */
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
  if (name === "startsAt") return new Date(value).toISOString();
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
