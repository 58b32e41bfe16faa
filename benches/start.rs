//! How long it takes from starting the program to its first answer, with a database that is there already:
//! `cargo bench --bench start`. On SQLite, or on the database that `HEZUO_DATABASE_URL` names. It must stay below 100 ms.

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::unwrap_used, reason = "a bench fails where it stands")]

use std::{
    env, fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const ROUNDS: usize = 11;

fn main() {
    let data = env::temp_dir().join(format!("hezuo-start-{}", std::process::id()));
    // The first start makes the database.
    start(&data);
    let mut times: Vec<Duration> = (0..ROUNDS).map(|_| start(&data)).collect();
    times.sort();
    let shown = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "first answer after {:.0} ms (median of {ROUNDS}; {:.0} to {:.0})",
        shown(times[ROUNDS / 2]),
        shown(times[0]),
        shown(times[ROUNDS - 1])
    );
    fs::remove_dir_all(data).unwrap();
}

/// From the start of the program to the first answer of the API.
fn start(data: &Path) -> Duration {
    let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut program = Command::new(env!("CARGO_BIN_EXE_hezuo"));
    program.arg("serve").env("HEZUO_DATA_DIR", data).env("HEZUO_LISTEN", &listen);
    program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let mut running = program.spawn().unwrap();
    while !answers(&listen) {
        assert!(running.try_wait().unwrap().is_none() && began.elapsed() < Duration::from_mins(1), "it does not start");
        thread::sleep(Duration::from_millis(1));
    }
    let took = began.elapsed();
    running.kill().unwrap();
    running.wait().unwrap();
    took
}

fn answers(listen: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(listen) else { return false };
    let body = r#"{"query":"{__typename}"}"#;
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: {listen}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut answer = String::new();
    stream.write_all(request.as_bytes()).is_ok()
        && stream.read_to_string(&mut answer).is_ok()
        && answer.contains(r#"{"__typename":"Query"}"#)
}
