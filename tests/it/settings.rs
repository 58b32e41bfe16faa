//! Settings: the example file is what the program takes, and whatever is wrong is named.
//!
//! `HEZUO_UPDATE=1 cargo test settings` writes `hezuo.example.toml` anew.

use std::{env, fs, path::Path};

use hezuo::settings::{LogFormat, Settings};

use crate::support::scratch;

const GOOD_SECRET: &str = "correct horse battery staple, and then some";

fn load(environment: &[(&str, &str)], file: Option<&str>) -> Result<Settings, Vec<String>> {
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::load(environment, file).map_err(|error| error.0)
}

#[test]
fn the_example_file_shows_every_setting() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("hezuo.example.toml");
    if env::var_os("HEZUO_UPDATE").is_some() {
        fs::write(&file, Settings::example()).unwrap();
    }
    let example = fs::read_to_string(&file).unwrap_or_default();
    assert!(example == Settings::example(), "hezuo.example.toml is out of date: HEZUO_UPDATE=1 cargo test settings");
}

#[test]
fn the_example_file_changes_nothing() {
    let settings = load(&[], Some(&Settings::example())).unwrap();
    assert_eq!(format!("{settings:?}"), format!("{:?}", load(&[], None).unwrap()));
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = "listen = \"127.0.0.1:1\"\nreminder_days = [9, 3]\ngraphiql = false\nlog_format = \"json\"\n";
    let settings = load(&[("HEZUO_LISTEN", "[::1]:2"), ("PATH", "/bin")], Some(file)).unwrap();
    assert_eq!(settings.listen.to_string(), "[::1]:2");
    assert_eq!(settings.reminder_days.all(), ["9", "3"]);
    assert_eq!((settings.graphiql, settings.log_format), (false, LogFormat::Json));
}

#[test]
fn every_problem_is_named_at_once() {
    let file = "listen = \"here\"\ncolour = \"red\"\nsession_days = -1\n";
    let problems = load(&[("HEZUO_GRAPHIQL", "perhaps")], Some(file)).unwrap_err();
    assert_eq!(
        problems,
        [
            "listen: expected an address and port such as 127.0.0.1:8080",
            "graphiql: expected true or false",
            "session_days: expected a number of days",
            "colour: there is no such setting",
        ]
    );
    let problems = load(&[], Some("listen = ")).unwrap_err();
    assert!(problems.len() == 1 && problems[0].starts_with("the settings file: "), "{problems:?}");
}

#[test]
fn what_is_not_safe_is_refused() {
    let short = "secret: expected at least 32 characters that nobody guesses";
    for secret in ["short", &"a".repeat(64), &"abcabc".repeat(10)] {
        assert_eq!(load(&[("HEZUO_SECRET", secret)], None).unwrap_err(), [short], "{secret}");
    }
    assert_eq!(load(&[("HEZUO_SECRET", GOOD_SECRET)], None).unwrap().secret.reveal(), GOOD_SECRET);
    for (name, value, problem) in [
        ("HEZUO_PUBLIC_URL", "hezuo.example", "public_url: expected an http or https address"),
        ("HEZUO_DATABASE_URL", "mysql://x", "database_url: expected sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME"),
        ("HEZUO_DATABASE_CONNECTIONS", "0", "database_connections: expected at least 1"),
    ] {
        assert_eq!(load(&[(name, value)], None).unwrap_err(), [problem]);
    }
}

#[test]
fn a_bucket_needs_its_keys() {
    let given = |url, endpoint| load(&[("HEZUO_FILES_URL", url), ("HEZUO_FILES_ENDPOINT", endpoint)], None);
    assert_eq!(
        given("s3://bucket", "minio.local").unwrap_err(),
        [
            "files_url: expected s3://BUCKET/PREFIX",
            "files_endpoint: expected an http or https address",
            "files_access_key: expected something, because files_url names a bucket",
            "files_secret_key: expected something, because files_url names a bucket",
        ]
    );
    for url in ["s3:///hezuo", "s3://bucket/", "s3://bucket//", "https://bucket/hezuo"] {
        assert_eq!(given(url, "").unwrap_err()[0], "files_url: expected s3://BUCKET/PREFIX", "{url}");
    }
    let keys = [("HEZUO_FILES_ACCESS_KEY", "key"), ("HEZUO_FILES_SECRET_KEY", "hunter2")];
    let settings = load(&[&keys[..], &[("HEZUO_FILES_URL", "s3://bucket/a/b/")]].concat(), None).unwrap();
    assert_eq!(settings.files_bucket(), Some(("bucket", "a/b")));
    assert!(!format!("{settings:?}").contains("hunter2"));
}

#[test]
fn a_secret_is_never_shown() {
    let url = "postgres://hezuo:hunter2@localhost/hezuo";
    let settings = load(&[("HEZUO_SECRET", GOOD_SECRET), ("HEZUO_DATABASE_URL", url)], None).unwrap();
    let shown = format!("{settings:?}");
    assert!(!shown.contains("horse") && !shown.contains("hunter2"), "{shown}");
}

/// A container mounts its secrets as files, with a line break at their end.
#[test]
fn a_secret_is_read_from_a_file() {
    let file = scratch::fresh("settings").join("secret");
    fs::write(&file, format!("{GOOD_SECRET}\n")).unwrap();
    let environment = [("HEZUO_SECRET_FILE", file.to_str().unwrap())];
    assert_eq!(load(&environment, None).unwrap().secret.reveal(), GOOD_SECRET);
    fs::remove_file(&file).unwrap();
    assert_eq!(load(&environment, None).unwrap_err(), ["secret_file: cannot be read (entity not found)"]);
}
