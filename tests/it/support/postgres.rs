//! PostgreSQL for the tests: the server that `TEST_DATABASE_URL` names, else a cluster of our own, thrown away with the
//! process.

use std::{
    env, fs, io,
    os::unix::{
        fs::chown,
        process::{CommandExt as _, ExitStatusExt as _},
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};

use super::scratch;

/// What a throw-away cluster need not do, and room for many tests at once.
const CARELESS: [&str; 6] = [
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "log_min_messages=fatal",
];
const PATIENCE: Duration = Duration::from_mins(1);
/// Every database that tests make on a server that is not theirs begins so, followed by the process that made it.
const PREFIX: &str = "hezuo_test_";

/// A server on which databases can be made.
#[derive(Debug)]
pub(crate) struct Server {
    /// The address of its `postgres` database.
    url: String,
    /// In plain words.
    pub(crate) description: String,
}

impl Server {
    /// Finds or starts one; the error says in plain words why there is none.
    pub(crate) async fn start() -> Result<Self, String> {
        if let Ok(url) = env::var("TEST_DATABASE_URL") {
            let server = Self { url, description: "the PostgreSQL that TEST_DATABASE_URL names".to_owned() };
            server.clear_leftovers().await.map_err(|error| format!("TEST_DATABASE_URL cannot be used: {error}"))?;
            return Ok(server);
        }
        let programs = programs().ok_or(
            "PostgreSQL not found: initdb and postgres are neither in PATH, nor in /usr/lib/postgresql/*/bin, nor where \
             pg_config points; TEST_DATABASE_URL names no server either",
        )?;
        let server = begin(&programs).map_err(|error| format!("{} does not start: {error}", programs.display()))?;
        server.wait().await?;
        Ok(server)
    }

    /// The address of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        let (path, parameters) = self.url.split_once('?').map_or((&*self.url, None), |(path, rest)| (path, Some(rest)));
        let authority = path.find("://").map_or(0, |at| at + 3);
        let end = path[authority..].find('/').map_or(path.len(), |at| authority + at);
        let parameters = parameters.map(|parameters| format!("?{parameters}")).unwrap_or_default();
        format!("{}/{database}{parameters}", &path[..end])
    }

    /// The name of a database of this process.
    pub(crate) fn name(suffix: impl std::fmt::Display) -> String {
        format!("{PREFIX}{}_{suffix}", std::process::id())
    }

    /// Runs a statement that no transaction may contain.
    pub(crate) async fn command(&self, statement: &str) -> Result<(), DbErr> {
        let connection = self.connect().await?;
        let outcome = connection.execute_unprepared(statement).await.map(drop);
        connection.close().await?;
        outcome
    }

    async fn connect(&self) -> Result<DatabaseConnection, DbErr> {
        let mut options = ConnectOptions::new(&self.url);
        options.max_connections(1).sqlx_logging(false);
        Database::connect(options).await
    }

    /// Drops what earlier runs on this machine left behind because they were killed.
    async fn clear_leftovers(&self) -> Result<(), DbErr> {
        let connection = self.connect().await?;
        let query = format!("SELECT datname FROM pg_database WHERE starts_with(datname, '{PREFIX}')");
        for row in connection.query_all_raw(Statement::from_string(DbBackend::Postgres, query)).await? {
            let name: String = row.try_get("", "datname")?;
            let process = name[PREFIX.len()..].split('_').next().unwrap_or_default();
            if has_ended(process) {
                connection.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await?;
            }
        }
        connection.close().await
    }

    async fn wait(&self) -> Result<(), String> {
        let begun = Instant::now();
        loop {
            match self.connect().await {
                Ok(connection) => return connection.close().await.map_err(|error| error.to_string()),
                Err(error) if begun.elapsed() > PATIENCE => {
                    let log = fs::read_to_string(scratch::folder().join("postgres/log")).unwrap_or_default();
                    return Err(format!("{} gives no answer: {error}\n{log}", self.description));
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(30)).await,
            }
        }
    }
}

/// Whether that process is surely gone: it is our own number, or `ps` does not find it.
fn has_ended(process: &str) -> bool {
    let found = Command::new("ps").args(["-p", process]).stdout(Stdio::null()).status();
    process == std::process::id().to_string() || found.is_ok_and(|status| !status.success())
}

/// The folder with `initdb` and `postgres`.
fn programs() -> Option<PathBuf> {
    let in_path = env::var_os("PATH").into_iter().flat_map(|path| env::split_paths(&path).collect::<Vec<_>>());
    // A link in /usr/local/bin stands for the folder that it points into.
    let in_path = in_path.filter_map(|folder| Some(folder.join("initdb").canonicalize().ok()?.parent()?.to_owned()));
    let mut debian: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    debian.sort();
    let config = Command::new("pg_config").arg("--bindir").output().ok();
    let config = config.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let mut folders = in_path.chain(debian.into_iter().rev()).chain(config);
    folders.find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// Makes a cluster and starts its server, which nobody but this machine's users can reach: it has a socket only.
fn begin(programs: &Path) -> io::Result<Server> {
    let home = scratch::folder().join("postgres");
    let data = home.join("data");
    fs::create_dir(&home)?;
    let servant = servant()?;
    if let Some((user, group)) = servant {
        chown(&home, Some(user), Some(group))?;
    }
    let command = |program: &str| {
        let mut command = Command::new(programs.join(program));
        // PostgreSQL refuses to run as root.
        if let Some((user, group)) = servant {
            command.uid(user).gid(group);
        }
        command.current_dir(&home).arg("-D").arg(&data);
        command
    };
    let flags = ["--no-sync", "--encoding=UTF8", "--locale=C", "--auth=trust", "--username=hezuo"];
    let made = command("initdb").args(flags).output()?;
    if !made.status.success() {
        let signal = made.status.signal().map(|signal| format!(" (signal {signal})")).unwrap_or_default();
        return Err(io::Error::other(format!("initdb{signal}: {}", String::from_utf8_lossy(&made.stderr).trim())));
    }
    let log = fs::File::create(home.join("log"))?;
    let settings = CARELESS.iter().flat_map(|setting| ["-c", setting]);
    // The watchdog of `scratch` ends it; Ctrl-C must not reach it first.
    command("postgres")
        .arg("-k")
        .arg(&home)
        .args(settings)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .process_group(0)
        .spawn()?;
    Ok(Server {
        url: format!("postgres://hezuo@localhost/postgres?host={}", home.display()),
        description: format!("a cluster of our own, {}", programs.display()),
    })
}

/// The user and group as whom the server runs when we are root.
fn servant() -> io::Result<Option<(u32, u32)>> {
    let id = |flag: &str, user: &[&str]| -> Option<u32> {
        let output = Command::new("id").arg(flag).args(user).stderr(Stdio::null()).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    if id("-u", &[]) != Some(0) {
        return Ok(None);
    }
    let users = ["postgres", "nobody"].into_iter();
    let mut found = users.filter_map(|user| Some((id("-u", &[user])?, id("-g", &[user])?)));
    let missing = || io::Error::other("we are root, and there is neither a user postgres nor a user nobody");
    found.next().map(Some).ok_or_else(missing)
}
