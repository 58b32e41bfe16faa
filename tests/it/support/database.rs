//! A fresh, migrated database for every test, on SQLite and on PostgreSQL.
//!
//! Each kind is migrated once for the process, into a template; a test's database is a copy of it. `HEZUO_TEST_REQUIRE`
//! (`sqlite,postgres`) makes a missing kind a failure; otherwise it is said once, in plain words, what was left out.

use std::{
    env, fs,
    io::Write as _,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use hezuo::{platform::clock::Clock, start};
use tokio::sync::OnceCell;

use super::{app::settings, postgres::Server, scratch};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The embedded one.
    Sqlite,
    /// The one for production.
    Postgres,
}

/// One test's database.
#[derive(Debug)]
pub(crate) struct TestDatabase {
    /// Which kind.
    pub(crate) kind: Kind,
    /// Where it is, as `HEZUO_DATABASE_URL` would say.
    pub(crate) url: String,
    /// A folder for the test's files.
    pub(crate) folder: PathBuf,
    dropped_by: Option<(&'static Server, String)>,
}

impl TestDatabase {
    /// A new database with every migration made and the dictionaries in it; `None` when this kind is missing here.
    pub(crate) async fn migrated(kind: Kind) -> Option<Self> {
        Self::make(kind, true).await
    }

    /// A new database without a single table; `None` when this kind is missing here.
    pub(crate) async fn empty(kind: Kind) -> Option<Self> {
        Self::make(kind, false).await
    }

    async fn make(kind: Kind, migrated: bool) -> Option<Self> {
        match kind {
            Kind::Sqlite => {
                let folder = scratch::fresh("sqlite");
                let file = folder.join("hezuo.sqlite");
                if migrated {
                    fs::copy(sqlite_template().await, &file).expect("a copy of the SQLite template");
                }
                Some(Self { kind, url: format!("sqlite:{}", file.display()), folder, dropped_by: None })
            }
            Kind::Postgres => {
                static COUNT: AtomicU32 = AtomicU32::new(1);
                let server = postgres().await?;
                let name = Server::name(COUNT.fetch_add(1, Ordering::Relaxed));
                let template = if migrated { postgres_template(server).await } else { "template0" };
                let statement = format!("CREATE DATABASE {name} TEMPLATE {template}");
                server.command(&statement).await.expect("a copy of the PostgreSQL template");
                let folder = scratch::fresh("postgres");
                Some(Self { kind, url: server.url(&name), folder, dropped_by: Some((server, name)) })
            }
        }
    }

    /// Removes it, whoever is still connected.
    pub(crate) async fn remove(&self) {
        if let Some((server, name)) = &self.dropped_by {
            let statement = format!("DROP DATABASE {name} WITH (FORCE)");
            server.command(&statement).await.expect("the test's database could not be dropped");
        }
        fs::remove_dir_all(&self.folder).expect("the test's folder could not be removed");
    }
}

/// What a server does when it starts: every migration, and the dictionaries.
async fn prepare(url: &str) {
    let settings = settings(url, scratch::folder(), &[]);
    let app = start::connect(url, settings, Clock::System).await.expect("the template");
    app.db().close().await.expect("closing the template");
}

async fn sqlite_template() -> &'static PathBuf {
    static TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let file = scratch::folder().join("template.sqlite");
            prepare(&format!("sqlite:{}", file.display())).await;
            file
        })
        .await
}

async fn postgres_template(server: &Server) -> &'static str {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let name = Server::name("template");
            let statement = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
            server.command(&statement).await.expect("a template database");
            prepare(&server.url(&name)).await;
            name
        })
        .await
}

async fn postgres() -> Option<&'static Server> {
    static SERVER: OnceCell<Result<Server, String>> = OnceCell::const_new();
    let server = SERVER.get_or_init(|| async {
        let server = Server::start().await;
        match &server {
            Ok(server) => say(&format!("tests run on: sqlite, postgres ({})", server.description)),
            Err(reason) => say(&format!("tests run on: sqlite only; every …::postgres does nothing. {reason}.")),
        }
        server
    });
    let server = server.await;
    if let Err(reason) = server {
        assert!(!required("postgres"), "HEZUO_TEST_REQUIRE wants postgres. {reason}.");
    }
    server.as_ref().ok()
}

/// Whether `HEZUO_TEST_REQUIRE` makes it a failure that this is missing here.
pub(crate) fn required(kind: &str) -> bool {
    env::var("HEZUO_TEST_REQUIRE").is_ok_and(|kinds| kinds.split(',').any(|required| required.trim() == kind))
}

/// Past libtest, which swallows what tests print.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "\n{line}");
}
