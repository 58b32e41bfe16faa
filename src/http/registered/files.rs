//! Documents as frontends' build tools write them.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use crate::platform::event::sha256;

/// A document and where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The file, and the hash where the file holds many.
    pub(super) place: String,
    /// The text, exactly: its hash is its name.
    pub(super) text: String,
}

/// Everything in the folder and the folders in it, in the order of names, and what could not be read.
pub(super) fn read(folder: &Path) -> (Vec<Found>, Vec<String>) {
    let (mut documents, mut problems, mut paths) = (Vec::new(), Vec::new(), Vec::new());
    if let Err(error) = list(folder, &mut paths) {
        problems.push(format!("{} cannot be read ({})", folder.display(), error.kind()));
    }
    paths.sort();
    for path in paths {
        let place = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        match (fs::read_to_string(&path), path.extension().and_then(|ending| ending.to_str())) {
            (Err(error), _) => problems.push(format!("{place}: cannot be read ({})", error.kind())),
            (Ok(text), Some("json")) => match map(&place, &text) {
                Ok(found) => documents.extend(found),
                Err(found) => problems.extend(found),
            },
            (Ok(text), _) => documents.push(Found { place, text }),
        }
    }
    if documents.is_empty() && problems.is_empty() {
        problems.push(format!("{}: expected .graphql files, or .json maps from hash to text", folder.display()));
    }
    (documents, problems)
}

fn list(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, paths)?;
        } else if path.extension().is_some_and(|ending| ["graphql", "gql", "json"].iter().any(|one| ending == *one)) {
            paths.push(path);
        }
    }
    Ok(())
}

/// What Relay and GraphQL Code Generator write: an object from SHA-256 to text.
fn map(place: &str, text: &str) -> Result<Vec<Found>, Vec<String>> {
    let read: Result<BTreeMap<String, String>, _> = serde_json::from_str(text);
    let map = read.map_err(|_| vec![format!("{place}: expected an object from SHA-256 to the document's text")])?;
    let wrong = map.iter().filter(|(hash, text)| sha256(text.as_bytes()) != **hash);
    let wrong: Vec<_> = wrong.map(|(hash, _)| format!("{place}: {hash} is not the SHA-256 of its document")).collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(map.into_iter().map(|(hash, text)| Found { place: format!("{place}, {hash}"), text }).collect())
}
