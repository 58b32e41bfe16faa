// Runs every audit of the npm package `graphql-http` against a server:
//   node graphql-http.mjs http://127.0.0.1:8080/graphql
// Prints each audit that is not ok and exits 1 unless all 61 are.

import { auditServer } from "graphql-http";

const AUDITS = 61;
const url = process.argv[2];
if (!url) {
  console.error("usage: node graphql-http.mjs URL");
  process.exit(2);
}

const results = await auditServer({ url });
for (const { id, name, status, reason } of results.filter(({ status }) => status !== "ok")) {
  console.log(`${status} ${id} ${name}: ${reason}`);
}
const ok = results.filter(({ status }) => status === "ok").length;
console.log(`${ok} of ${results.length} audits ok`);
process.exit(ok === results.length && ok === AUDITS ? 0 : 1);
