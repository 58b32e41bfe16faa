//! Every setting, its default and its meaning; checked before anything starts.
//!
//! A setting comes from the environment (`HEZUO_LISTEN`), else from a TOML file (`listen = "…"`), else it is its
//! default. A setting that ends in `_FILE` in the environment is read from that file, for secrets that a container
//! mounts. `hezuo.example.toml` is written from this list and held to it by a test.

mod networks;

use std::{collections::BTreeMap, fmt, net::SocketAddr, path::PathBuf, str::FromStr};

pub use networks::Networks;

/// A text that must not be shown: logs and errors print `…` in its place.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl FromStr for Secret {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

/// Several texts, separated by commas or given as a TOML list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List(Vec<String>);

impl List {
    /// The texts.
    #[must_use]
    pub fn all(&self) -> &[String] {
        &self.0
    }
}

impl FromStr for List {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()))
    }
}

/// A setting that may be left out altogether.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maybe<T>(pub Option<T>);

impl<T: FromStr> FromStr for Maybe<T> {
    type Err = T::Err;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() { Ok(Self(None)) } else { text.parse().map(|value| Self(Some(value))) }
    }
}

/// Why the settings cannot be used: every problem, each naming its setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError(pub Vec<String>);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for SettingsError {}

macro_rules! settings {
    ($($(#[doc = $doc:literal])* $name:ident: $type:ty = $default:literal, $expected:literal;)*) => {
        /// Every setting.
        #[derive(Clone, Debug)]
        pub struct Settings {
            $($(#[doc = $doc])* pub $name: $type,)*
        }

        impl Settings {
            fn read(mut given: BTreeMap<String, String>) -> Result<Self, SettingsError> {
                let mut problems = Vec::new();
                $(let $name: Option<$type> = take(&mut given, stringify!($name), $default, $expected, &mut problems);)*
                problems.extend(given.keys().map(|name| format!("{name}: there is no such setting")));
                match ($($name,)*) {
                    ($(Some($name),)*) if problems.is_empty() => Ok(Self { $($name,)* }),
                    _ => Err(SettingsError(problems)),
                }
            }

            /// `hezuo.example.toml`: every setting with its meaning and its default.
            #[must_use]
            pub fn example() -> String {
                let mut text = String::from(EXAMPLE_HEAD);
                $(describe(&mut text, stringify!($name), &[$($doc),*], $default);)*
                text
            }
        }
    };
}

const EXAMPLE_HEAD: &str = "# Hezuo's settings. Each line shows the default; the same setting can be given in the environment\n\
    # as HEZUO_ and the name in capitals (HEZUO_LISTEN), or with _FILE behind it to read it from a file.\n";

settings! {
    /// Where the API listens.
    listen: SocketAddr = "127.0.0.1:8080", "an address and port such as 127.0.0.1:8080";
    /// The database: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`. Empty: `hezuo.sqlite` in the data directory.
    database_url: Secret = "", "a database URL";
    /// Where the embedded database, uploaded files and generated secrets live.
    data_dir: PathBuf = "./data", "a directory";
    /// The address under which people reach this server; it is in tokens, links and file URLs. Empty: localhost with
    /// the port that is listened on.
    public_url: String = "", "an http or https address";
    /// Seals private keys and signs links: at least 32 characters, the same on every replica. Empty: made once and
    /// kept in the data directory, which suits a single server only.
    secret: Secret = "", "at least 32 characters";
    /// Connections to the database that read for the API at the same time; up to as many make other reads, and on PostgreSQL up to
    /// as many write.
    database_connections: u32 = "8", "a number of connections";
    /// Where Prometheus may read `/metrics`; empty: nowhere.
    metrics_listen: Maybe<SocketAddr> = "", "an address and port, or nothing";
    /// Where traces go, as OTLP over HTTP in JSON: a collector's address such as http://collector:4318. Empty: nowhere.
    otlp_endpoint: String = "", "an http or https address, or nothing";
    /// Websites, besides our own address, whose pages may call the API; `*` for any.
    allowed_origins: List = "", "a list of origins such as https://example.org";
    /// Reverse proxies in front of this server, whose `X-Forwarded-For` is believed.
    trusted_proxies: Networks = "", "a list of addresses and ranges such as 10.0.0.0/8";
    /// Private networks that this server may call, such as that of a county's sign-in server: addresses and ranges,
    /// in which plain http will do. Empty: only https, and only public addresses.
    outbound_networks: Networks = "", "a list of addresses and ranges such as 10.0.0.0/8";
    /// Whether GraphiQL is served at /graphiql.
    graphiql: bool = "true", "true or false";
    /// Whether clients may ask for the schema.
    introspection: bool = "true", "true or false";
    /// Whether only registered documents are run (`hezuo documents register`). GraphiQL then runs nothing else either.
    registered_documents_only: bool = "false", "true or false";
    /// How the log is written: `text` or `json`.
    log_format: LogFormat = "text", "text or json";
    /// What is logged: a level, or targets with levels as in `info,hezuo=debug`.
    log: String = "info,sea_orm_migration=warn", "a level or a filter";
    /// The most a request may cost: nodes asked for, counted with the page sizes.
    max_cost: u32 = "20000", "a number of nodes";
    /// The most rows of a list that is exported as a table.
    export_rows: u32 = "10000", "a number of rows";
    /// The cost a signed-in person may spend each minute.
    cost_per_minute: u32 = "200000", "a number of nodes";
    /// Seconds after which a request is stopped.
    request_timeout_seconds: u32 = "20", "a number of seconds";
    /// Minutes for which an access token is good.
    access_token_minutes: u32 = "10", "a number of minutes";
    /// Days for which a session lives without being used.
    session_days: u32 = "30", "a number of days";
    /// Failed sign-ins in a quarter of an hour, after which an address must wait.
    sign_in_failures_per_address: u32 = "50", "a number of attempts";
    /// Failed sign-ins in a quarter of an hour, after which an account must wait for addresses it never used.
    sign_in_failures_per_account: u32 = "10", "a number of attempts";
    /// Memory that hashing one password takes, in KiB. What OWASP recommends; less is for tests only.
    password_memory_kib: u32 = "19456", "a number of KiB, at least 8";
    /// Days for which an invitation can be accepted.
    invitation_days: u32 = "14", "a number of days";
    /// Days before an agreement's notice date at which its parties are reminded.
    reminder_days: List = "90,60,30", "a list of days";
    /// Days before a cooperation item is due at which those who do it are reminded; 0 is the day itself.
    item_reminder_days: List = "14,3,0", "a list of days";
    /// Days in which the other side confirms an intention before it lapses.
    intention_days: u32 = "7", "a number of days";
    /// Questions to enterprises that a person may have open at a time.
    open_questions_per_person: u32 = "20", "a number of questions";
    /// Days for which a student's consent that an enterprise reads the résumé may hold.
    consent_days: u32 = "365", "a number of days";
    /// Minutes before a recruitment event at which its check-in opens by itself.
    check_in_opens_minutes: u32 = "60", "a number of minutes";
    /// Minutes by which a scan may lie outside the time of check-in, because scanners' clocks differ.
    check_in_tolerance_minutes: u32 = "15", "a number of minutes";
    /// Hours after the end of a recruitment event at which students who did not come are noted as absent. Scanners that
    /// were offline send what they have before.
    no_show_after_hours: u32 = "24", "a number of hours";
    /// Events that a student may miss without being excused before he or she must wait to register again; 0: any number.
    no_show_limit: u32 = "3", "a number of events";
    /// Days for which a missed event counts.
    no_show_window_days: u32 = "180", "a number of days";
    /// Hours before an interview from which giving its place up is late.
    interview_late_hours: u32 = "24", "a number of hours";
    /// Hours after an interview at which a student who was not checked in is noted as absent.
    interview_no_show_hours: u32 = "12", "a number of hours";
    /// Minutes for which a place in an interview is kept for the first in the waiting list to accept it; never longer than
    /// until the interview begins.
    interview_offer_minutes: u32 = "30", "a number of minutes";
    /// Where uploaded files are kept: `s3://BUCKET/PREFIX`, in a bucket that speaks S3. Whatever is below the prefix is
    /// Hezuo's and is swept when nothing refers to it. Empty: the folder `files` in the data directory, which suits a
    /// single server only.
    files_url: String = "", "s3://BUCKET/PREFIX, or nothing";
    /// Where the bucket is: an http or https address. Empty: Amazon's, by its region.
    files_endpoint: String = "", "an http or https address";
    /// The bucket's region.
    files_region: String = "us-east-1", "the name of a region";
    /// The access key with which the bucket is read and written.
    files_access_key: Secret = "", "an access key";
    /// The secret that belongs to the access key.
    files_secret_key: Secret = "", "a secret";
    /// Bytes an uploaded file may have.
    max_file_bytes: u64 = "20971520", "a number of bytes";
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

impl FromStr for LogFormat {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

impl Settings {
    /// Reads the environment's `HEZUO_*` and a TOML file's text.
    ///
    /// # Errors
    /// Every setting that is unknown, malformed or not safe.
    pub fn load(
        environment: impl Iterator<Item = (String, String)>,
        file: Option<&str>,
    ) -> Result<Self, SettingsError> {
        let mut given = file.map_or_else(|| Ok(BTreeMap::new()), parse)?;
        let mut problems = Vec::new();
        for (name, value) in environment {
            let Some(name) = name.strip_prefix("HEZUO_").map(str::to_lowercase) else { continue };
            if name.starts_with("test_") || name == "update" {
                continue;
            }
            match name.strip_suffix("_file") {
                None => drop(given.insert(name, value)),
                Some(name) => match std::fs::read_to_string(value) {
                    Ok(text) => drop(given.insert(name.to_owned(), text.trim().to_owned())),
                    Err(error) => problems.push(format!("{name}_file: cannot be read ({})", error.kind())),
                },
            }
        }
        if !problems.is_empty() {
            return Err(SettingsError(problems));
        }
        let mut settings = Self::read(given)?;
        if settings.public_url.is_empty() {
            settings.public_url = format!("http://localhost:{}", settings.listen.port());
        }
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), SettingsError> {
        let mut problems = Vec::new();
        let secret = self.secret.reveal();
        let repeats = secret.chars().collect::<std::collections::BTreeSet<_>>().len() < 8;
        if !secret.is_empty() && (secret.chars().count() < 32 || repeats) {
            problems.push("secret: expected at least 32 characters that nobody guesses".to_owned());
        }
        let http = |url: &str| url.starts_with("http://") || url.starts_with("https://");
        if !self.otlp_endpoint.is_empty() && !http(&self.otlp_endpoint) {
            problems.push("otlp_endpoint: expected an http or https address, or nothing".to_owned());
        }
        if !http(&self.public_url) {
            problems.push("public_url: expected an http or https address".to_owned());
        }
        let url = self.database_url.reveal();
        if !["", "sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| match *scheme {
            "" => url.is_empty(),
            scheme => url.starts_with(scheme),
        }) {
            problems.push("database_url: expected sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME".to_owned());
        }
        if self.database_connections == 0 {
            problems.push("database_connections: expected at least 1".to_owned());
        }
        if self.password_memory_kib < 8 {
            problems.push("password_memory_kib: expected at least 8".to_owned());
        }
        if self.access_token_minutes == 0 || self.session_days == 0 || self.invitation_days == 0 {
            problems.push("access_token_minutes, session_days, invitation_days: expected at least 1".to_owned());
        }
        self.check_files(&mut problems);
        if problems.is_empty() { Ok(()) } else { Err(SettingsError(problems)) }
    }

    /// The bucket of uploaded files and the prefix below which they are; nothing for the folder in the data directory.
    #[must_use]
    pub fn files_bucket(&self) -> Option<(&str, &str)> {
        let (bucket, prefix) = self.files_url.strip_prefix("s3://")?.split_once('/')?;
        let prefix = prefix.trim_end_matches('/');
        (!bucket.is_empty() && !prefix.is_empty()).then_some((bucket, prefix))
    }

    fn check_files(&self, problems: &mut Vec<String>) {
        if self.files_url.is_empty() {
            return;
        }
        if self.files_bucket().is_none() {
            problems.push("files_url: expected s3://BUCKET/PREFIX".to_owned());
        }
        let endpoint = &self.files_endpoint;
        if !["", "http://", "https://"].iter().any(|scheme| match *scheme {
            "" => endpoint.is_empty(),
            scheme => endpoint.starts_with(scheme),
        }) {
            problems.push("files_endpoint: expected an http or https address".to_owned());
        }
        for (name, value) in [
            ("files_region", self.files_region.as_str()),
            ("files_access_key", self.files_access_key.reveal()),
            ("files_secret_key", self.files_secret_key.reveal()),
        ] {
            if value.is_empty() {
                problems.push(format!("{name}: expected something, because files_url names a bucket"));
            }
        }
    }
}

fn parse(text: &str) -> Result<BTreeMap<String, String>, SettingsError> {
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| SettingsError(vec![format!("the settings file: {}", error.message())]))?;
    Ok(table.into_iter().map(|(name, value)| (name, plain(value))).collect())
}

fn plain(value: toml::Value) -> String {
    match value {
        toml::Value::String(text) => text,
        toml::Value::Array(items) => items.into_iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

fn take<T: FromStr>(
    given: &mut BTreeMap<String, String>,
    name: &str,
    default: &str,
    expected: &str,
    problems: &mut Vec<String>,
) -> Option<T> {
    let value = given.remove(name).unwrap_or_else(|| default.to_owned());
    let parsed = value.parse().ok();
    if parsed.is_none() {
        problems.push(format!("{name}: expected {expected}"));
    }
    parsed
}

fn describe(text: &mut String, name: &str, doc: &[&str], default: &str) {
    text.push('\n');
    for line in doc {
        text.push('#');
        text.push_str(line);
        text.push('\n');
    }
    let quoted = default.parse::<i64>().is_err() && default.parse::<bool>().is_err();
    let default = if quoted { format!("{default:?}") } else { default.to_owned() };
    for part in [name, " = ", &default, "\n"] {
        text.push_str(part);
    }
}
