//! The command line: what `hezuo` prints, what it leaves behind, and how it says what is wrong.
//!
//! `HEZUO_UPDATE=1 cargo test cli` writes `schema.graphql` anew.

use std::{
    env, fs,
    io::Read as _,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use hezuo::schema;
use sea_orm::{ConnectionTrait as _, Database, Statement};

use crate::{
    explain::the_guide_shows_what_is_told,
    support::{Kind, TestDatabase, on_both, scratch},
};

const PATIENCE: Duration = Duration::from_mins(1);

/// The program as somebody starts it, with these settings and no others.
pub(crate) fn hezuo(settings: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hezuo"));
    command.env_clear().args(arguments).stdin(Stdio::null());
    command.envs(settings.iter().map(|(name, value)| (format!("HEZUO_{}", name.to_uppercase()), *value)));
    command
}

/// What it says on standard output, when all is well.
#[track_caller]
pub(crate) fn succeeds(mut command: Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(status.success(), "{status}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// What it says on standard error, when something is wrong.
#[track_caller]
pub(crate) fn fails(mut command: Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert_eq!(status.code(), Some(1), "{}", String::from_utf8_lossy(&stdout));
    String::from_utf8(stderr).unwrap()
}

/// A server that ends with the test.
pub(crate) struct Server {
    child: Child,
    listen: String,
}

impl Server {
    /// Where it listens.
    pub(crate) fn address(&self) -> &str {
        &self.listen
    }

    pub(crate) fn start(settings: &[(&str, &str)], arguments: &[&str]) -> Self {
        // Free a moment ago, and nobody else here asks for it.
        let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let settings = [settings, &[("listen", &*listen)]].concat();
        let child = hezuo(&settings, arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut server = Self { child, listen };
        let begun = Instant::now();
        while !server.is_ready() {
            let ended = server.child.try_wait().unwrap();
            assert!(ended.is_none() && begun.elapsed() < PATIENCE, "it is not ready: {:?}", server.stop());
            thread::sleep(Duration::from_millis(50));
        }
        server
    }

    /// Asks as a container's health check does.
    fn is_ready(&self) -> bool {
        hezuo(&[("listen", &self.listen)], &["health"]).status().unwrap().success()
    }

    /// Stops it as a container is stopped: how it ended, and what it said.
    pub(crate) fn stop(&mut self) -> (Option<i32>, String, String) {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(asked.is_ok());
        let status = self.child.wait().unwrap();
        let (mut said, mut log) = (String::new(), String::new());
        self.child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (status.code(), said, log)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where that database is, and a data directory, as settings.
fn places(database: &TestDatabase) -> [(&'static str, &str); 2] {
    [("database_url", &database.url), ("data_dir", database.folder.to_str().unwrap())]
}

#[test]
fn the_schema_is_written_down() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    let printed = succeeds(hezuo(&[], &["schema"]));
    assert_eq!(printed, schema::sdl());
    if env::var_os("HEZUO_UPDATE").is_some() {
        fs::write(&file, &printed).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(written == printed, "schema.graphql is out of date: HEZUO_UPDATE=1 cargo test cli");
}

#[test]
fn wrong_settings_are_named_before_anything_starts() {
    let folder = scratch::fresh("cli");
    let data = folder.join("data");
    let wrong = [("listen", "here"), ("secret", "short"), ("colour", "red"), ("data_dir", data.to_str().unwrap())];
    let listen = "listen: expected an address and port such as 127.0.0.1:8080";
    assert_eq!(fails(hezuo(&wrong, &["serve"])), format!("{listen}\ncolour: there is no such setting\n"));
    let secret = "secret: expected at least 32 characters that nobody guesses\n";
    assert_eq!(fails(hezuo(&wrong[1..2], &["serve"])), secret);
    assert!(!data.exists());
}

#[test]
fn a_missing_settings_file_is_named() {
    let said = fails(hezuo(&[], &["--config", "/nowhere/hezuo.toml", "migrate"]));
    assert!(said.contains("/nowhere/hezuo.toml"), "{said}");
}

#[test]
fn settings_come_from_a_file() {
    let folder = scratch::fresh("cli");
    let file: PathBuf = folder.join("hezuo.toml");
    fs::write(&file, format!("data_dir = {:?}\n", folder.join("data"))).unwrap();
    succeeds(hezuo(&[], &["migrate", "--config", file.to_str().unwrap()]));
    assert!(folder.join("data/hezuo.sqlite").is_file());
}

/// An empty database of each kind; twice is as once, and at the same time too.
#[tokio::test(flavor = "multi_thread")]
async fn migrate_makes_every_table() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let Some(database) = TestDatabase::empty(kind).await else { continue };
        let together: Vec<Child> =
            (0..3).map(|_| hezuo(&places(&database), &["migrate"]).stderr(Stdio::piped()).spawn().unwrap()).collect();
        for child in together {
            let Output { status, stderr, .. } = child.wait_with_output().unwrap();
            assert!(status.success(), "{kind:?}: {}", String::from_utf8_lossy(&stderr));
        }
        succeeds(hezuo(&places(&database), &["migrate"]));
        let db = Database::connect(&database.url).await.unwrap();
        let count = Statement::from_string(db.get_database_backend(), "SELECT COUNT(*) AS count FROM agreement");
        let count: i64 = db.query_one_raw(count).await.unwrap().unwrap().try_get("", "count").unwrap();
        assert_eq!(count, 0);
        db.close().await.unwrap();
        database.remove().await;
    }
}

/// The first start prints the one invitation; the second does not.
#[tokio::test(flavor = "multi_thread")]
async fn serve_begins_with_an_invitation_and_ends_in_order() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let Some(database) = TestDatabase::empty(kind).await else { continue };
        let (code, first, _) = Server::start(&places(&database), &["serve"]).stop();
        assert_eq!(code, Some(0));
        assert!(first.contains("invitation") && first.contains("hzi_"), "{first}");
        let (code, second, _) = Server::start(&places(&database), &["serve"]).stop();
        assert_eq!((code, second.contains("hzi_")), (Some(0), false), "{second}");
        database.remove().await;
    }
}

/// The demo has a database of its own: neither does it go into another one, nor does another server take it.
#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_kept_apart() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let Some(database) = TestDatabase::empty(kind).await else { continue };
        let mut demo = Server::start(&places(&database), &["serve", "--demo"]);
        let (code, said, log) = demo.stop();
        assert_eq!(code, Some(0), "{log}");
        assert!(said.contains("Sign in as one of these"), "{said}");
        let said = fails(hezuo(&places(&database), &["serve"]));
        assert_eq!(said, "This database holds the demo: start it with --demo.\n");
        // What its people read can be explained there.
        let query = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/operations/q2.graphql");
        let told = succeeds(hezuo(&places(&database), &["explain", query, "--as", "county.admin", "--demo"]));
        assert!(told.starts_with("Q2 on ") && told.contains("\n4 levels, 4 statements, "), "{told}");
        if kind == Kind::Sqlite {
            the_guide_shows_what_is_told(&places(&database));
        }
        database.remove().await;
    }
}

on_both! {
    /// A database in which somebody works is not told stories.
    async fn the_demo_refuses_other_data(app: TestApp) {
        app.university("North").await.admin().await;
        let settings = app.app().settings();
        let places = [("database_url", settings.database_url.reveal()), ("data_dir", settings.data_dir.to_str().unwrap())];
        let said = fails(hezuo(&places, &["serve", "--demo"]));
        assert_eq!(said, "--demo needs a database of its own; this one holds other data.\n");
    }
}

#[test]
fn an_address_in_use_is_named() {
    let folder = scratch::fresh("cli");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let said = fails(hezuo(&[("listen", &listen), ("data_dir", folder.to_str().unwrap())], &["serve"]));
    assert!(said.starts_with(&format!("{listen} cannot be listened on")) && said.contains("HEZUO_LISTEN"), "{said}");
}

#[test]
fn a_server_that_is_not_there_is_not_healthy() {
    let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    fails(hezuo(&[("listen", &listen)], &["health"]));
}

#[test]
fn whoever_runs_the_server_invites_and_rotates() {
    let folder = scratch::fresh("cli");
    let data = [("data_dir", folder.to_str().unwrap())];
    succeeds(hezuo(&data, &["migrate"]));
    let said = fails(hezuo(&data, &["user", "invite", "--role", "KING"]));
    assert!(said.contains("KING") || said.contains("role"), "{said}");
    let said =
        fails(hezuo(&data, &["user", "invite", "--organization", "91511322MADEMT002D", "--role", "COUNTY_ADMIN"]));
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_eq!(succeeds(hezuo(&data, &["keys", "rotate"])), "The keys were rotated.\n");
}

#[test]
fn regions_are_imported_from_a_file() {
    let folder = scratch::fresh("cli");
    let data = [("data_dir", folder.to_str().unwrap())];
    let table = folder.join("regions.csv");
    fs::write(&table, "code,name,level,valid_from,valid_to\n510000,Example,PROVINCE,,\n").unwrap();
    let import = ["regions", "import", table.to_str().unwrap()];
    assert_eq!(succeeds(hezuo(&data, &import)), "1 regions were imported.\n");
    fs::write(&table, "code,name,level,valid_from,valid_to\n99,Example,PROVINCE,,\n").unwrap();
    let said = fails(hezuo(&data, &import));
    assert!(said.contains("Line 2") && said.contains("\"99\""), "{said}");
    let said = fails(hezuo(&data, &["regions", "import", "/nowhere/regions.csv"]));
    assert!(said.contains("/nowhere/regions.csv"), "{said}");
}

#[test]
fn the_examples_are_registered() {
    let folder = scratch::fresh("cli");
    let data = [("data_dir", folder.to_str().unwrap())];
    let register = ["documents", "register", concat!(env!("CARGO_MANIFEST_DIR"), "/examples/operations")];
    let count = fs::read_dir(register[2]).unwrap().count();
    assert_eq!(succeeds(hezuo(&data, &register)), format!("{count} documents are registered, {count} of them new.\n"));
    assert_eq!(succeeds(hezuo(&data, &register)), format!("{count} documents are registered, 0 of them new.\n"));
    let said = fails(hezuo(&data, &["documents", "register", "/nowhere"]));
    assert_eq!(said, "/nowhere cannot be read (entity not found)\n");
}
