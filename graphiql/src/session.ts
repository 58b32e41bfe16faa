// The session: signing in, keeping the token, renewing it, signing out. Every document that this page sends on its own
// account is in this file. The session lives in sessionStorage, so it ends with the browser tab.

export const SIGN_IN = `mutation SignIn($input: SessionCreateInput!) {
  sessionCreate(input: $input) {
    result {
      accessToken refreshToken expiresAt
      viewer { user { displayName } membership { role organization { name } } }
    }
    userErrors { code message path }
  }
}`;

export const REFRESH = `mutation SessionRefresh($input: SessionRefreshInput!) {
  sessionRefresh(input: $input) {
    result { accessToken refreshToken expiresAt }
    userErrors { code message }
  }
}`;

export const SIGN_OUT = `mutation SignOut { sessionEnd { result { ended } userErrors { message } } }`;

type Tokens = { accessToken: string; refreshToken: string; expiresAt: string };
type SignInResult = Tokens & {
  viewer: { user: { displayName: string }; membership: { role: string; organization: { name: string } } | null };
};

export type Session = {
  login: string;
  displayName: string;
  role: string | null;
  organization: string | null;
  accessToken: string;
  refreshToken: string;
  /** By this machine's clock, in ms: a minute before expiry. */
  renewAt: number;
};

export type Answer = { status: number; date: number; body: GraphQLBody };
export type GraphQLBody = {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions?: { code?: string } }[];
};

const KEY = "hezuo:session";
const ENDPOINT = "/graphql";
const ENDED = "Session ended 会话已结束，请重新登录";

let current: Session | null = load();
let notice: string | null = null;
let renewing: Promise<boolean> | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

// A duplicated browser tab starts with a copy of this tab's refresh token. Spending it twice would end the session, so
// tabs tell each other when they have renewed.
const channel = new BroadcastChannel(KEY);
channel.onmessage = ({ data }: MessageEvent<{ spent: string; next: Partial<Session> }>) => {
  if (current?.refreshToken === data.spent) keep({ ...current, ...data.next });
};

export const session = () => current;
export const sessionNotice = () => notice;
export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Sends one GraphQL request; an answer that is not GraphQL becomes an error that says so. */
export async function post(payload: unknown, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json, application/json;q=0.9",
      ...headers,
    },
    body: JSON.stringify(payload),
  });
  const text = await response.text();
  let body: GraphQLBody;
  try {
    body = JSON.parse(text);
  } catch {
    body = { errors: [{ message: `HTTP ${response.status} ${response.statusText}\n${text.slice(0, 500)}`.trim() }] };
  }
  return { status: response.status, date: Date.parse(response.headers.get("date") ?? "") || Date.now(), body };
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export async function signIn(login: string, password: string): Promise<void> {
  const answer = await post({ query: SIGN_IN, operationName: "SignIn", variables: { input: { login, password } } }, {});
  const result = resultOf<SignInResult>(answer, "sessionCreate");
  const previous = current;
  const { user, membership } = result.viewer;
  notice = null;
  keep({
    login,
    displayName: user.displayName,
    role: membership?.role ?? null,
    organization: membership?.organization.name ?? null,
    ...tokens(result, answer.date),
  });
  if (previous) end(previous);
}

export function signOut(): void {
  const previous = current;
  notice = null;
  keep(null);
  if (previous) end(previous);
}

/** The access token to send now, renewed first if that is due. */
export async function accessToken(): Promise<string | null> {
  if (current && Date.now() >= current.renewAt) await renew(current.accessToken);
  return current?.accessToken ?? null;
}

/** Renews the session once, however many ask at the same time. True if there is now another token than `used`. */
export function renew(used: string): Promise<boolean> {
  if (!current) return Promise.resolve(false);
  if (current.accessToken !== used) return Promise.resolve(true);
  renewing ??= renewNow(current).finally(() => (renewing = null));
  return renewing;
}

async function renewNow(old: Session): Promise<boolean> {
  let answer: Answer;
  try {
    const variables = { input: { refreshToken: old.refreshToken } };
    answer = await post({ query: REFRESH, operationName: "SessionRefresh", variables }, {});
  } catch {
    later(10_000); // The network is away: the session may well still be good.
    return false;
  }
  if (current?.refreshToken !== old.refreshToken) return current !== null; // Signed out, or another tab was quicker.
  try {
    const next = tokens(resultOf<Tokens>(answer, "sessionRefresh"), answer.date);
    keep({ ...old, ...next });
    channel.postMessage({ spent: old.refreshToken, next });
    return true;
  } catch {
    if (answer.status >= 500 || answer.status === 429) {
      later(10_000);
    } else {
      notice = ENDED;
      keep(null);
    }
    return false;
  }
}

/** Ends a session at the server. It is gone from this page whatever the server answers. */
function end(old: Session): void {
  post({ query: SIGN_OUT, operationName: "SignOut" }, bearer(old.accessToken)).catch(() => {});
}

function resultOf<T>(answer: Answer, field: string): T {
  const payload = answer.body.data?.[field] as { result: T | null; userErrors: { message: string }[] } | null | undefined;
  if (payload?.result) return payload.result;
  const said = [...(payload?.userErrors ?? []), ...(answer.body.errors ?? [])].map((error) => error.message);
  throw new Error(said.join("\n") || `HTTP ${answer.status}`);
}

/** `date` is the server's clock: a wrong clock on an office PC must not matter. */
function tokens({ accessToken, refreshToken, expiresAt }: Tokens, date: number) {
  const lifetime = Date.parse(expiresAt) - date;
  return { accessToken, refreshToken, renewAt: Date.now() + Math.max(lifetime - 60_000, lifetime / 2, 5_000) };
}

function keep(next: Session | null): void {
  current = next;
  if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
  else sessionStorage.removeItem(KEY);
  schedule();
  for (const listener of listeners) listener();
}

function load(): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

function schedule(): void {
  if (current) later(current.renewAt - Date.now());
  else clearTimeout(timer);
}

function later(ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void accessToken(), Math.max(0, ms));
}

schedule();
