// The bar above GraphiQL: who is signed in, the personas of the demo, the worked examples.

import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { type Config, type Example, operationName, type Persona, roleName } from "./config";
import { onSession, session, sessionNotice, signIn, signOut } from "./session";

export function Bar({ config }: { config: Config }) {
  const me = useSyncExternalStore(onSession, session);
  const notice = useSyncExternalStore(onSession, sessionNotice);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const wanted = useWantedPersona(config);
  useFollowSession(me?.login);

  async function enter(login: string, password: string): Promise<boolean> {
    setBusy(login);
    setFailure(null);
    try {
      await signIn(login, password);
      return true;
    } catch (cause) {
      setFailure(cause instanceof Error ? cause.message : String(cause));
      return false;
    } finally {
      setBusy(null);
    }
  }

  const said = failure ?? (me ? null : notice);
  return createPortal(
    <>
      {said && (
        <p className="said" role="alert" title={said}>
          {said}
        </p>
      )}
      {wanted && wanted.login !== me?.login && config.password !== null && (
        <button type="button" className="offer" disabled={busy !== null} onClick={() => void enter(wanted.login, config.password!)}>
          Sign in as {wanted.name} <span className="zh">以此身份登录</span>
        </button>
      )}
      {config.tabs.length > 0 && <Examples config={config} />}
      <Menu
        name="account"
        signedIn={me?.login}
        title={
          me ? (
            <>
              <span className="who">{me.displayName}</span>
              <span className="what">{[me.role && roleName(me.role), me.organization].filter(Boolean).join(" · ")}</span>
            </>
          ) : (
            <>
              Sign in <span className="zh">登录</span>
            </>
          )
        }
        prominent={!me}
      >
        {(close) => (
          <>
            {config.password !== null && config.personas.length > 0 && (
              <section>
                <h2>
                  Sign in as <span className="zh">选择身份</span>
                </h2>
                {config.personas.map((persona) => (
                  <PersonaItem
                    key={persona.login}
                    persona={persona}
                    current={persona.login === me?.login}
                    busy={busy === persona.login}
                    choose={async () => (await enter(persona.login, config.password!)) && close()}
                  />
                ))}
              </section>
            )}
            <SignInForm open={config.personas.length === 0 && !me} busy={busy !== null} enter={async (login, password) => (await enter(login, password)) && close()} />
            {me && (
              <section>
                <button
                  type="button"
                  className="item leave"
                  onClick={() => {
                    signOut();
                    close();
                  }}
                >
                  Sign out <span className="zh">退出登录</span>
                </button>
              </section>
            )}
          </>
        )}
      </Menu>
    </>,
    document.getElementById("tools")!,
  );
}

/** The persona that the example in the open tab is written for. */
function useWantedPersona({ tabs: examples, personas }: Config): Persona | undefined {
  const title = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.title);
  const login = examples.find((example) => operationName(example.query) === title)?.persona;
  return personas.find((persona) => persona.login === login);
}

/** Another account: what streams for the last one stops, and a schema that was refused is asked for again. */
function useFollowSession(login: string | undefined): void {
  const { stop, introspect } = useGraphiQLActions();
  const schema = useGraphiQL((state) => state.schema);
  const last = useRef(login);
  useEffect(() => {
    if (last.current === login) return;
    last.current = login;
    stop();
    if (!schema) void introspect();
  }, [login, schema, stop, introspect]);
}

function Examples({ config }: { config: Config }) {
  const { addTab, changeTab } = useGraphiQLActions();
  const tabs = useGraphiQL((state) => state.tabs);
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);

  const active = useGraphiQL((state) => state.activeTabIndex);
  useEffect(() => {
    document.querySelector(".graphiql-tab-active")?.scrollIntoView({ inline: "nearest", block: "nearest" });
  }, [active]);

  function open(example: Example) {
    const index = tabs.findIndex((tab) => tab.query === example.query);
    if (index >= 0) {
      changeTab(index);
    } else {
      addTab();
      queryEditor?.setValue(example.query);
      variableEditor?.setValue(example.variables ?? "");
    }
  }

  return (
    <Menu
      name="examples"
      title={
        <>
          Examples <span className="zh">示例</span>
        </>
      }
    >
      {(close) => (
        <section>
          {config.tabs.map((example, index) => (
            <button
              type="button"
              className="item"
              key={index}
              onClick={() => {
                open(example);
                close();
              }}
            >
              <span className="who">{example.title}</span>
              <span className="what">{config.personas.find((persona) => persona.login === example.persona)?.name}</span>
            </button>
          ))}
        </section>
      )}
    </Menu>
  );
}

function PersonaItem({ persona, current, busy, choose }: { persona: Persona; current: boolean; busy: boolean; choose: () => void }) {
  return (
    <button type="button" className="item" aria-current={current || undefined} data-login={persona.login} disabled={busy} onClick={choose}>
      <span className="who">{persona.name}</span>
      <span className="what">
        {roleName(persona.role)} · {persona.organization}
      </span>
    </button>
  );
}

function SignInForm({ open, busy, enter }: { open: boolean; busy: boolean; enter: (login: string, password: string) => void }) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    enter(String(form.get("login")).trim(), String(form.get("password")));
  }
  return (
    <details open={open}>
      <summary>
        With login and password <span className="zh">账号密码登录</span>
      </summary>
      <form onSubmit={submit}>
        <input name="login" required autoComplete="username" autoCapitalize="none" spellCheck={false} aria-label="Login 账号" placeholder="Login 账号" />
        <input name="password" type="password" required autoComplete="current-password" aria-label="Password 密码" placeholder="Password 密码" />
        <button type="submit" disabled={busy}>
          Sign in <span className="zh">登录</span>
        </button>
      </form>
    </details>
  );
}

type MenuProps = { name: string; title: ReactNode; signedIn?: string; prominent?: boolean; children: (close: () => void) => ReactNode };

/** A button with a panel under it: Escape or a click elsewhere closes it. */
function Menu({ name, title, signedIn, prominent, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useId();

  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("keydown", escape);
    };
  }, [open]);

  return (
    <div className="menu" data-menu={name} data-signed-in={signedIn} ref={root}>
      <button
        type="button"
        ref={button}
        className={prominent ? "opener prominent" : "opener"}
        aria-expanded={open}
        aria-controls={panel}
        onClick={() => setOpen(!open)}
      >
        {title}
        <svg className="caret" viewBox="0 0 10 6" aria-hidden="true">
          <path d="M1 1l4 4 4-4" />
        </svg>
      </button>
      {open && (
        <div className="panel" id={panel}>
          {children(() => {
            setOpen(false);
            button.current?.focus();
          })}
        </div>
      )}
    </div>
  );
}
