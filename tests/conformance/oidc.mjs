// Single sign-on with somebody else's OpenID provider, the npm package `oauth2-mock-server`, against the demo:
//   node oidc.mjs http://127.0.0.1:8080/graphql
// The server must be allowed to call this machine: HEZUO_OUTBOUND_NETWORKS=127.0.0.0/8.
// For each algorithm that is taken: the county's admin brings the provider in and allows an address, the provider's code
// flow gives an ID token, which is exchanged for a session; a second time, or for another client, it is not.

import assert from "node:assert/strict";
import { OAuth2Server } from "oauth2-mock-server";

const url = process.argv[2];
if (!url) {
  console.error("usage: node oidc.mjs URL");
  process.exit(2);
}

const CLIENT = "hezuo";
const REDIRECT = "http://127.0.0.1:9/callback";
const EMAIL = "tang.zhixia@county.example";

async function ask(query, variables, token) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return answer.json();
}

async function mutate(field, input, selection, token) {
  const type = `${field[0].toUpperCase()}${field.slice(1)}Input`;
  const named = { IssuerDisableInput: "IssuerStepInput" }[type] ?? type;
  const query = `mutation($input: ${named}!) { ${field}(input: $input) { result { ${selection} } userErrors { code path } } }`;
  return ask(query, { input }, token);
}

async function done(field, input, selection, token) {
  const answer = await mutate(field, input, selection, token);
  assert.ok(answer.data?.[field]?.result, JSON.stringify(answer));
  return answer.data[field].result;
}

// The ID token of the provider's authorization code flow.
async function idToken(provider, nonce, client = CLIENT) {
  const asked = new URL(`${provider.issuer.url}/authorize`);
  const wanted = { response_type: "code", client_id: client, redirect_uri: REDIRECT, scope: "openid email", state: "s", nonce };
  asked.search = new URLSearchParams(wanted);
  const sent = await fetch(asked, { redirect: "manual" });
  const code = new URL(sent.headers.get("location")).searchParams.get("code");
  const body = new URLSearchParams({ grant_type: "authorization_code", code, redirect_uri: REDIRECT, client_id: client });
  const answer = await (await fetch(`${provider.issuer.url}/token`, { method: "POST", body })).json();
  assert.ok(answer.id_token, JSON.stringify(answer));
  return answer.id_token;
}

async function story(algorithm, admin, member) {
  const provider = new OAuth2Server();
  await provider.issuer.keys.generate(algorithm);
  await provider.start(0, "127.0.0.1");
  provider.service.on("beforeTokenSigning", (token) => {
    if (token.payload.aud !== undefined) Object.assign(token.payload, { email: EMAIL, email_verified: true });
  });
  try {
    const issuer = await done("issuerCreate", { name: "Mock", url: provider.issuer.url, clientId: CLIENT }, "id version", admin);
    const allowed = { issuerId: issuer.id, membershipId: member, email: EMAIL };
    const identity = await done("identityAllow", allowed, "id", admin);
    const other = await mutate("sessionExchange", { idToken: await idToken(provider, "n", "another") }, "accessToken");
    assert.equal(other.errors?.[0]?.extensions?.code, "UNAUTHENTICATED", JSON.stringify(other));
    const token = { idToken: await idToken(provider, "n-1"), nonce: "n-1", client: "conformance" };
    const session = await done("sessionExchange", token, "accessToken");
    const query = "{ viewer { user { login } membership { id role } session { client } } }";
    const viewer = (await ask(query, {}, session.accessToken)).data.viewer;
    const expected = { user: { login: "county.officer" }, membership: { id: member, role: "COUNTY_OFFICER" } };
    assert.deepEqual(viewer, { ...expected, session: { client: "conformance" } });
    const again = await mutate("sessionExchange", token, "accessToken");
    assert.equal(again.errors?.[0]?.extensions?.code, "UNAUTHENTICATED", JSON.stringify(again));
    const bound = await ask("query($id: ID!) { identity(id: $id) { status } }", { id: identity.id }, admin);
    assert.equal(bound.data.identity.status, "BOUND");
    const seen = await ask("query($id: ID!) { issuer(id: $id) { version } }", { id: issuer.id }, admin);
    const step = { id: issuer.id, expectedVersion: seen.data.issuer.version };
    await done("issuerDisable", step, "status", admin);
    const ended = await ask(query, {}, session.accessToken);
    assert.equal(ended.errors?.[0]?.extensions?.code, "UNAUTHENTICATED", JSON.stringify(ended));
  } finally {
    await provider.stop();
  }
  console.log(`ok    ${algorithm}`);
}

const signIn = (login) => done("sessionCreate", { login, password: "hezuo-demo" }, "accessToken");
const admin = (await signIn("county.admin")).accessToken;
const officer = (await signIn("county.officer")).accessToken;
const member = (await ask("{ viewer { membership { id } } }", {}, officer)).data.viewer.membership.id;
for (const algorithm of ["RS256", "ES256", "EdDSA"]) await story(algorithm, admin, member);
