//! The folder in which one run of the tests keeps its databases and files, gone when the process is: whether it ended
//! well, panicked or was killed.

use std::{
    fs, io,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::SystemTime,
};

/// Its standard input is a pipe that only this process holds: when it closes, this process is gone. Then the database
/// server in the folder is stopped at once (SIGQUIT: an immediate shutdown) and the folder removed, tried again while
/// the server still writes to it.
const WATCHDOG: &str = r#"
trap '' HUP INT TERM
cat > /dev/null
server=$(head -n 1 "$1/postgres/data/postmaster.pid" 2> /dev/null) && kill -QUIT "$server"
for attempt in 1 2 3 4 5 6 7 8 9 10; do
    rm -rf "$1" 2> /dev/null && exit
    sleep 0.2
done
"#;

/// The folder, and the watchdog that removes it.
struct Scratch {
    folder: PathBuf,
    #[expect(dead_code, reason = "holds the pipe open")]
    watchdog: Child,
}

/// The folder of this run of the tests.
pub(crate) fn folder() -> &'static Path {
    static SCRATCH: OnceLock<Scratch> = OnceLock::new();
    let scratch = SCRATCH.get_or_init(|| make().expect("a folder for the tests' databases, and sh to remove it"));
    &scratch.folder
}

/// A new folder for one test.
pub(crate) fn fresh(prefix: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    let folder = folder().join(format!("{prefix}-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
    fs::create_dir(&folder).expect("a folder for a test");
    folder
}

fn make() -> io::Result<Scratch> {
    let nanos = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.subsec_nanos());
    let folder = std::env::temp_dir().join(format!("hezuo-test-{}-{nanos}", std::process::id()));
    fs::create_dir(&folder)?;
    let watchdog = Command::new("sh")
        .args(["-c", WATCHDOG, "watchdog"])
        .arg(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Ctrl-C ends the tests; the watchdog must outlive them.
        .process_group(0)
        .spawn()?;
    Ok(Scratch { folder, watchdog })
}
