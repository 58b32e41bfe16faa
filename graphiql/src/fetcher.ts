// How an operation of the editor reaches the server: over HTTP, or over a WebSocket if it is a subscription.
// An Authorization header in the headers editor wins over the session.

import type { Fetcher, Observable } from "@graphiql/toolkit";
import { type ExecutionResult, getOperationAST, type OperationTypeNode, parse } from "graphql";
import { createClient, type Sink } from "graphql-ws/client";
import { accessToken, type Answer, bearer, post, renew, session } from "./session";

type Params = { query: string; operationName?: string | null; variables?: Record<string, unknown> };
type Headers = Record<string, string>;

export const fetcher: Fetcher = (params, options) => {
  const headers: Headers = { ...(options?.headers as Headers | undefined) };
  const own = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
  const [request, kind] = resolve(params as Params);
  return kind === "subscription" ? subscribe(request, headers, own) : execute(request, headers, own);
};

/** Just after a change of tab GraphiQL still gives the last tab's operation name; a document of one operation needs none. */
function resolve(params: Params): [Params, OperationTypeNode | undefined] {
  try {
    const document = parse(params.query);
    const named = getOperationAST(document, params.operationName);
    const only = named ?? getOperationAST(document);
    return [named || !only ? params : { ...params, operationName: only.name?.value }, only?.operation];
  } catch {
    return [params, undefined]; // The server will say what is wrong with it.
  }
}

async function execute(params: Params, headers: Headers, own: boolean) {
  const token = own ? null : await accessToken();
  let answer = await post(params, { ...headers, ...(token ? bearer(token) : {}) });
  if (token && unauthenticated(answer) && (await renew(token))) {
    const next = session();
    if (next) answer = await post(params, { ...headers, ...bearer(next.accessToken) });
  }
  return answer.body as ExecutionResult;
}

/** The token was refused, and nothing ran. */
function unauthenticated({ status, body }: Answer): boolean {
  const refused = status === 401 || body.errors?.some((error) => error.extensions?.code === "UNAUTHENTICATED");
  return Boolean(refused) && Object.values(body.data ?? {}).every((value) => value === null);
}

/** One socket for each subscription. The server closes it when the token expires (4403); it is opened again with the next. */
function subscribe(params: Params, headers: Headers, own: boolean): Observable<ExecutionResult> {
  let token: string | null = null;
  const url = new URL("/graphql/ws", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const client = createClient({
    url: url.href,
    retryAttempts: 3,
    connectionParams: async () => {
      token = own ? null : await accessToken();
      return { ...headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    },
    shouldRetry: (cause) => isClose(cause) && (cause.code !== 4403 || token !== null),
    retryWait: async (attempt) => {
      if (token && attempt === 0) await renew(token);
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    },
  });
  return {
    subscribe(observer: unknown) {
      const sink = observer as Sink<ExecutionResult>;
      let open = true;
      const leave = client.subscribe(params, {
        next: (result) => open && sink.next(result as ExecutionResult),
        error: (cause) => open && sink.error(readable(cause)),
        complete: () => open && sink.complete(),
      });
      return {
        unsubscribe() {
          open = false;
          leave();
        },
      };
    },
  };
}

const isClose = (cause: unknown): cause is CloseEvent => cause instanceof CloseEvent;

const readable = (cause: unknown) =>
  isClose(cause) ? new Error(`The socket was closed: ${cause.code} ${cause.reason} 连接已关闭`) : cause;
