// A server with nothing behind it but the contract of this page: its files, config.json, /graphql and /graphql/ws.
//   node mock.mjs [port]     TTL=seconds an access token lives     DEMO=0 for a server without personas

import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSchema, execute, GraphQLError, parse, subscribe, validate } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";

const files = join(dirname(fileURLToPath(import.meta.url)), "../src/http/graphiql");

export const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
  "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".txt": "text/plain" };

const schema = buildSchema(/* GraphQL */ `
  """
  合作平台的查询。What can be read.
  """
  type Query {
    "当前登录用户。Who is signed in, and under which membership."
    viewer: Viewer
    "合作协议列表。The cooperation agreements that this viewer may see, newest first."
    agreements(first: Int = 20, status: AgreementStatus): [Agreement!]
    "旧查询。" oldAgreements(first: Int = 20): [Agreement!] @deprecated(reason: "Use agreements.")
  }
  type Mutation {
    "登录。Signs a person in."
    sessionCreate(input: SessionCreateInput!): SessionCreatePayload
    "更新令牌。A new access token for a refresh token."
    sessionRefresh(input: SessionRefreshInput!): SessionRefreshPayload
    "退出。Ends this session."
    sessionEnd: SessionEndPayload
  }
  type Subscription {
    "协议变动。What happens to agreements, as it happens."
    agreementChanged: Agreement
  }
  "协议状态。Where an agreement is in its life."
  enum AgreementStatus { "草稿" DRAFT "审核中" IN_REVIEW "生效" ACTIVE "到期" EXPIRED }
  "一份合作协议。A cooperation agreement between the sides."
  type Agreement { id: ID! number: String! title: String! status: AgreementStatus! startsOn: String }
  type Viewer { user: User! membership: Membership }
  type User { displayName: String! }
  type Membership { role: String! organization: Organization! }
  type Organization { name: String! }
  input SessionCreateInput { login: String! password: String! }
  input SessionRefreshInput { refreshToken: String! }
  type UserError { code: String! message: String! path: [String!]! }
  type Session { accessToken: String refreshToken: String expiresAt: String viewer: Viewer ended: Boolean }
  type SessionCreatePayload { result: Session userErrors: [UserError!]! }
  type SessionRefreshPayload { result: Session userErrors: [UserError!]! }
  type SessionEndPayload { result: Session userErrors: [UserError!]! }
`);

const PASSWORD = "hezuo-demo";
const PERSONAS = [
  { login: "county.admin", name: "县合作办管理员", role: "COUNTY_ADMIN", organization: "营山县人民政府" },
  { login: "university.admin", name: "合作处管理员", role: "UNIVERSITY_ADMIN", organization: "重庆理工大学" },
  { login: "enterprise.admin", name: "示范企业管理员", role: "ENTERPRISE_ADMIN", organization: "示例精密机械有限公司" },
  { login: "student", name: "示例学生", role: "STUDENT", organization: "重庆理工大学" },
];
const TABS = [
  {
    title: "框架协议：三方签署 · The framework agreement",
    query: "# 框架协议：高校、县政府与企业三方签署。\n# The framework agreement of the three sides.\n\nquery FrameworkAgreements($first: Int!) {\n  viewer {\n    user { displayName }\n    membership { role organization { name } }\n  }\n  agreements(first: $first, status: ACTIVE) {\n    id\n    number\n    title\n    status\n    startsOn\n  }\n}\n",
    variables: '{\n  "first": 5\n}',
    persona: "county.admin",
  },
  { title: "我是谁 · Who am I", query: "query WhoAmI {\n  viewer {\n    user { displayName }\n    membership { role organization { name } }\n  }\n}\n", variables: null, persona: "university.admin" },
  { title: "实时变动 · As it happens", query: "subscription AgreementChanges {\n  agreementChanged { number title status }\n}\n", variables: null, persona: "enterprise.admin" },
];
const AGREEMENTS = [
  { id: "agreement_01h455vb4pex5vsknk084sn02q", number: "XY-511322-2026-0001", title: "校地企合作战略框架协议", status: "ACTIVE", startsOn: "2026-05-06" },
  { id: "agreement_01h455vb4pex5vsknk084sn02r", number: "XY-511322-2026-0002", title: "教授工作站建站协议", status: "ACTIVE", startsOn: "2026-06-01" },
];

/** Starts the mock; `seen` collects what the tests look at. */
export function start({ port = 0, ttl = 600, demo = true } = {}) {
  const seen = { renewals: 0, ended: 0, sockets: 0, tokens: [] };
  const access = new Map();
  const refresh = new Map();
  let issued = 0;

  function issue(persona) {
    issued += 1;
    const session = { accessToken: `access-${issued}`, refreshToken: `refresh-${issued}`, expiresAt: new Date(Date.now() + ttl * 1000).toISOString() };
    access.set(session.accessToken, { persona, until: Date.now() + ttl * 1000 });
    refresh.set(session.refreshToken, persona);
    return { ...session, viewer: viewerOf(persona) };
  }
  const viewerOf = ({ name, role, organization }) => ({ user: { displayName: name }, membership: { role, organization: { name: organization } } });
  const refused = (message) => ({ result: null, userErrors: [{ code: "INVALID_INPUT", message, path: ["input"] }] });

  function caller(header) {
    if (!header) return {};
    const known = access.get(header.replace(/^Bearer /, ""));
    if (!known || known.until < Date.now()) return { refused: true };
    return { persona: known.persona, until: known.until };
  }

  const root = {
    viewer: (_, { persona }) => persona && viewerOf(persona),
    agreements: ({ first, status }, { persona }) => {
      if (!persona) throw new GraphQLError("Sign in first. 请先登录。", { extensions: { code: "UNAUTHENTICATED" } });
      return AGREEMENTS.filter((one) => !status || one.status === status).slice(0, first);
    },
    sessionCreate: ({ input }) => {
      const persona = PERSONAS.find((one) => one.login === input.login);
      return persona && input.password === PASSWORD ? { result: issue(persona), userErrors: [] } : refused("Wrong login or password. 账号或密码错误。");
    },
    sessionRefresh: ({ input }) => {
      const persona = refresh.get(input.refreshToken);
      refresh.delete(input.refreshToken);
      seen.renewals += 1;
      return persona ? { result: issue(persona), userErrors: [] } : refused("This session has ended.");
    },
    sessionEnd: () => {
      seen.ended += 1;
      return { result: { ended: true }, userErrors: [] };
    },
    agreementChanged: async function* (_, { persona }) {
      if (!persona) throw new GraphQLError("Sign in first. 请先登录。", { extensions: { code: "UNAUTHENTICATED" } });
      for (;;) {
        yield { agreementChanged: AGREEMENTS[0] };
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    },
  };

  const server = createServer(async (request, response) => {
    const path = request.url.split("?")[0];
    const send = (status, type, body, more) => response.writeHead(status, { "content-type": type, "x-content-type-options": "nosniff", ...more }).end(body);
    if (path === "/graphiql") return send(200, "text/html; charset=utf-8", readFileSync(join(files, "index.html")), { "content-security-policy": CSP });
    if (path === "/graphiql/config.json") {
      const config = { personas: demo ? PERSONAS : [], password: demo ? PASSWORD : null, tabs: demo ? TABS : [] };
      return send(200, "application/json", JSON.stringify(config));
    }
    const asset = /^\/graphiql\/assets\/([\w.-]+)$/.exec(path)?.[1];
    if (asset && existsSync(join(files, `${asset}.gz`))) {
      return send(200, `${TYPES[extname(asset)]}; charset=utf-8`, readFileSync(join(files, `${asset}.gz`)), { "content-encoding": "gzip" });
    }
    if (path !== "/graphql" || request.method !== "POST") return send(404, "text/plain", "Not found");

    let text = "";
    for await (const chunk of request) text += chunk;
    const { query, variables, operationName } = JSON.parse(text);
    const who = caller(request.headers.authorization);
    seen.tokens.push(request.headers.authorization ?? null);
    let status = 200;
    let answer;
    if (who.refused) {
      status = 401;
      answer = { errors: [{ message: "The token is not valid.", extensions: { code: "UNAUTHENTICATED" } }] };
    } else {
      try {
        const document = parse(query);
        const errors = validate(schema, document);
        answer = errors.length ? { errors } : await execute({ schema, document, rootValue: root, contextValue: who, variableValues: variables, operationName });
      } catch (error) {
        answer = { errors: [error] };
      }
    }
    send(status, "application/graphql-response+json; charset=utf-8", JSON.stringify(answer));
  });

  const sockets = new WebSocketServer({ server, path: "/graphql/ws" });
  useServer(
    {
      schema,
      roots: { subscription: root },
      execute,
      subscribe: (args) => subscribe({ ...args, rootValue: root }),
      onConnect: ({ connectionParams, extra }) => {
        seen.sockets += 1;
        const who = caller(connectionParams?.Authorization ?? connectionParams?.authorization);
        seen.tokens.push(connectionParams?.Authorization ?? connectionParams?.authorization ?? null);
        if (who.refused) return false; // 4403
        extra.who = who;
        if (who.until) setTimeout(() => extra.socket.close(4403, "The token expired"), who.until - Date.now());
        return true;
      },
      context: ({ extra }) => extra.who,
    },
    sockets,
  );

  return new Promise((resolve) =>
    server.listen(port, "127.0.0.1", () =>
      resolve({
        url: `http://127.0.0.1:${server.address().port}`,
        seen,
        forget: () => access.clear(),
        stop: () => {
          for (const socket of sockets.clients) socket.terminate();
          server.closeAllConnections();
          server.close();
        },
      }),
    ),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await start({ port: Number(process.argv[2] ?? 8099), ttl: Number(process.env.TTL ?? 600), demo: process.env.DEMO !== "0" });
  console.log(`${url}/graphiql`);
}
