//! Starting: settings become a database and an [`App`], and an empty database becomes one that can be signed in to.

use std::{
    fmt,
    io::{self, IsTerminal as _},
    path::Path,
};

use sea_orm::DbErr;

use crate::{
    app::App,
    demo, dictionaries,
    error::Error,
    platform::{clock::Clock, db::Db, migrate::migrate, seal},
    settings::{LogFormat, Settings},
    traces::{self, Traces},
};

/// Why the program cannot start: a sentence for whoever runs it.
#[derive(Debug)]
pub struct StartError(String);

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}

impl From<DbErr> for StartError {
    fn from(error: DbErr) -> Self {
        Self(format!("The database cannot be used: {error}"))
    }
}

impl From<io::Error> for StartError {
    fn from(error: io::Error) -> Self {
        Self(format!("A file cannot be used: {error}"))
    }
}

impl From<Error> for StartError {
    fn from(error: Error) -> Self {
        match error {
            Error::Internal(cause) => Self(format!("Starting failed: {cause}")),
            other => Self(other.to_string()),
        }
    }
}

/// Opens the database of the settings, brings it up to date and fills the dictionaries.
///
/// # Errors
/// When the database or the data directory cannot be used, or the database holds the demo.
pub async fn open(settings: Settings) -> Result<App, StartError> {
    std::fs::create_dir_all(&settings.data_dir)?;
    let url = database_url(&settings, "hezuo.sqlite");
    let app = connect(&url, settings, Clock::System).await?;
    if demo::is_demo(app.db()).await? {
        return Err(StartError("This database holds the demo: start it with --demo.".to_owned()));
    }
    Ok(app)
}

/// As [`open`], for commands that only look: the demo's database will do when the settings name it.
///
/// # Errors
/// When the database or the data directory cannot be used.
pub async fn open_any(settings: Settings) -> Result<App, StartError> {
    std::fs::create_dir_all(&settings.data_dir)?;
    let url = database_url(&settings, "hezuo.sqlite");
    connect(&url, settings, Clock::System).await
}

/// As [`open_any`], for the demo's database as `serve --demo` left it.
///
/// # Errors
/// When the demo was never told there, or the database cannot be used.
pub async fn open_told(settings: Settings) -> Result<App, StartError> {
    let file = settings.data_dir.join("demo.sqlite");
    if settings.database_url.reveal().is_empty() && !file.exists() {
        return Err(StartError("There is no demo yet: start it once with hezuo serve --demo.".to_owned()));
    }
    let url = database_url(&settings, "demo.sqlite");
    connect(&url, settings, Clock::System).await
}

/// Opens the demo's database, telling its story anew when it is old or has changed.
///
/// # Errors
/// When the database cannot be used, or is not a demo's.
pub async fn open_demo(mut settings: Settings) -> Result<App, StartError> {
    // A bucket holds the files of the real database, which the demo's sweeper would take for left behind.
    settings.files_url = String::new();
    std::fs::create_dir_all(&settings.data_dir)?;
    if settings.database_url.reveal().is_empty() {
        let file = settings.data_dir.join("demo.sqlite");
        if file.exists() && !is_fresh(&file, &settings).await {
            remove(&file)?;
        }
    }
    let url = database_url(&settings, "demo.sqlite");
    // Nor may it find the real ones in a folder: the demo's lie in a folder of their own.
    settings.secret = seal::secret(&settings)?;
    settings.data_dir.push("demo");
    let clock = Clock::scripted(Clock::System.now());
    let story = connect(&url, settings.clone(), clock).await?;
    if !demo::is_demo(story.db()).await? {
        if !demo::is_empty(story.db()).await? {
            return Err(StartError("--demo needs a database of its own; this one holds other data.".to_owned()));
        }
        demo::tell(&story).await?;
    }
    story.db().close().await?;
    connect(&url, settings, Clock::System).await
}

/// Brings the database up to date and does nothing else.
///
/// # Errors
/// When the database cannot be used.
pub async fn connect(url: &str, mut settings: Settings, clock: Clock) -> Result<App, StartError> {
    settings.secret = seal::secret(&settings)?;
    let db = Db::connect(url, settings.database_connections, clock).await?;
    migrate(&db).await?;
    dictionaries::seed(&db).await?;
    Ok(App::new(db, settings))
}

/// The database that the settings name, or a file in the data directory.
#[must_use]
pub fn database_url(settings: &Settings, file: &str) -> String {
    match settings.database_url.reveal() {
        "" => format!("sqlite:{}?mode=rwc", settings.data_dir.join(file).display()),
        url => url.to_owned(),
    }
}

/// Turns on the log and, where a collector is named, traces; these must be flushed at the end.
///
/// # Errors
/// When the filter cannot be read.
pub fn log(settings: &Settings) -> Result<Traces, StartError> {
    use tracing_subscriber::{EnvFilter, Layer as _, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};
    // PostgreSQL's notices, such as that a table is there already, are for nobody; the filter can ask for them. Spans are
    // for the collector alone.
    let filter = format!("sqlx::postgres::notice=warn,{},{}=off", settings.log, traces::TARGET);
    let filter = EnvFilter::try_new(filter).map_err(|_| StartError("log: expected a level or a filter".to_owned()))?;
    let log = fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    let log = match settings.log_format {
        LogFormat::Text => log.boxed(),
        LogFormat::Json => log.json().flatten_event(true).boxed(),
    };
    let traces = Traces::to(&settings.otlp_endpoint).map_err(StartError)?;
    tracing_subscriber::registry().with(log.with_filter(filter)).with(traces.layer()).init();
    Ok(traces)
}

async fn is_fresh(file: &Path, settings: &Settings) -> bool {
    let url = format!("sqlite:{}", file.display());
    let Ok(db) = Db::connect(&url, settings.database_connections, Clock::System).await else { return false };
    let fresh = demo::is_fresh(&db).await.unwrap_or(false);
    db.close().await.is_ok() && fresh
}

fn remove(file: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
