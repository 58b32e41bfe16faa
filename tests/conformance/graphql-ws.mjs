// Talks to a server with the reference clients of both streaming protocols, `graphql-ws` and `graphql-sse`:
//   node graphql-ws.mjs http://127.0.0.1:8080/graphql
// Uses only what every GraphQL schema has (`__typename`), so that it fits any server. Exits 1 if anything differs.

import assert from "node:assert/strict";
import { createClient as createEvents } from "graphql-sse";
import { createClient as createSocket } from "graphql-ws";
import WebSocket from "ws";

const url = process.argv[2];
if (!url) {
  console.error("usage: node graphql-ws.mjs URL");
  process.exit(2);
}
const socketUrl = `${url.replace(/^http/, "ws")}/ws`;
let failed = 0;

async function step(name, run) {
  try {
    await Promise.race([run(), new Promise((_, fail) => setTimeout(fail, 20_000, new Error("no answer")))]);
    console.log(`ok ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error?.message ?? JSON.stringify(error)}`);
  }
}

/** All results of an operation, until it completes. */
const results = (client, payload) =>
  new Promise((resolve, reject) => {
    const all = [];
    client.subscribe(payload, { next: (one) => all.push(one), error: reject, complete: () => resolve(all) });
  });

/** The code with which a raw socket is closed after it said `messages`. */
const closed = (messages, protocol = "graphql-transport-ws", options = {}) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(socketUrl, protocol, options);
    socket.on("open", () => messages.forEach((message) => socket.send(typeof message === "string" ? message : JSON.stringify(message))));
    socket.on("close", resolve);
    socket.on("unexpected-response", (_, response) => resolve(response.statusCode));
    socket.on("error", reject);
  });

const typename = { query: "query Name { __typename }" };
const socket = (more) => createSocket({ url: socketUrl, webSocketImpl: WebSocket, retryAttempts: 0, ...more });

await step("ws: a query", async () => {
  const client = socket();
  const [{ data }, ...more] = await results(client, typename);
  assert.ok(data.__typename);
  assert.equal(more.length, 0);
  await client.dispose();
});

await step("ws: many operations on one socket", async () => {
  let connections = 0;
  const client = socket({ lazy: false, on: { connected: () => (connections += 1) } });
  const all = await Promise.all(Array.from({ length: 40 }, () => results(client, typename)));
  assert.ok(all.every(([{ data }]) => data.__typename));
  assert.equal(connections, 1);
  await client.dispose();
});

await step("ws: a document that is not valid", async () => {
  const client = socket();
  const errors = await results(client, { query: "{ thereIsNoSuchField }" }).then(() => assert.fail("a result"), (errors) => errors);
  assert.equal(errors[0].extensions.code, "INVALID_INPUT");
  await client.dispose();
});

await step("ws: ping and pong", async () => {
  const pong = new Promise((resolve) => {
    const client = socket({ lazy: false, keepAlive: 100, on: { pong: (received) => received && resolve(client) } });
  });
  await (await pong).dispose();
});

await step("ws: a token that is not good", async () => {
  const client = socket({ connectionParams: { Authorization: "Bearer nonsense" } });
  const event = await results(client, typename).then(() => assert.fail("a result"), (event) => event);
  assert.equal(event.code, 4403);
});

for (const [name, messages, code, ...more] of [
  ["an operation before the greeting", [{ type: "subscribe", id: "1", payload: typename }], 4401],
  ["two greetings", [{ type: "connection_init" }, { type: "connection_init" }], 4429],
  ["what is not JSON", ["{"], 4400],
  ["an unknown message", [{ type: "start", id: "1", payload: typename }], 4400],
  ["no protocol at all", [], 4406, []],
  ["a page of another origin", [], 403, "graphql-transport-ws", { origin: "https://elsewhere.example" }],
]) {
  await step(`ws: ${name}`, async () => assert.equal(await closed(messages, ...more), code));
}

await step("ws: a socket that says nothing is closed after ten seconds", async () => {
  const began = Date.now();
  assert.equal(await closed([]), 4408);
  assert.ok(Date.now() - began >= 9_900);
});

await step("sse: a query", async () => {
  const client = createEvents({ url, retryAttempts: 0 });
  const [{ data }] = await results(client, typename);
  assert.ok(data.__typename);
  client.dispose();
});

await step("sse: a document that is not valid", async () => {
  const client = createEvents({ url, retryAttempts: 0 });
  const [{ errors }] = await results(client, { query: "{ thereIsNoSuchField }" });
  assert.equal(errors[0].extensions.code, "INVALID_INPUT");
  client.dispose();
});

process.exit(failed === 0 ? 0 : 1);
