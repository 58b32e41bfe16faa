//! Files that the program itself writes: they are read by people and reviewed like code, and a test holds each.

use std::{env, fs, path::Path};

/// The file says what the program says. `HEZUO_UPDATE=1 cargo test --test it` writes it anew.
#[track_caller]
pub(crate) fn holds(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if env::var_os("HEZUO_UPDATE").is_some_and(|wanted| wanted == "1") {
        fs::write(&path, text).unwrap_or_else(|error| panic!("{name}: {error}"));
        return;
    }
    let written = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let different = written.lines().zip(text.lines()).zip(1..).find(|((written, text), _)| written != text);
    let hint = "write it anew with HEZUO_UPDATE=1 cargo test --test it, and read what changed";
    if let Some(((written, text), line)) = different {
        panic!("{name}:{line} is not what the program says; {hint}\n  - {written}\n  + {text}");
    }
    let (written, text) = (written.lines().count(), text.lines().count());
    assert_eq!(written, text, "{name} has another number of lines than the program says; {hint}");
}
