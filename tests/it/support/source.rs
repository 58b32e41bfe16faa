//! Reading the project's own Rust: enough of it to know which file names what.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// What stands before unit tests.
const TEST: &str = "#[cfg(test)]";

/// A Rust file of the project.
pub(crate) struct Source {
    /// From the project's root: `src/agreements/rules.rs`.
    pub(crate) name: String,
    /// All of it.
    pub(crate) text: String,
    /// Without comments, texts and unit tests; the lines stay where they are.
    pub(crate) code: String,
}

/// A path that some code names.
pub(crate) struct Named {
    /// Its parts; for one inside this crate they begin with `crate`.
    pub(crate) path: Vec<String>,
    /// The line it stands on.
    pub(crate) line: usize,
    /// What an import calls it.
    name: String,
}

impl Named {
    /// As one would write it.
    pub(crate) fn text(&self) -> String {
        self.path.join("::")
    }
}

/// All Rust files below a folder of the project.
pub(crate) fn below(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut folders, mut sources) = (vec![root.join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut entries: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                sources.push(Source::new(&name, text));
            }
        }
    }
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    sources
}

/// The program's own files, without those that hold unit tests.
pub(crate) fn program() -> Vec<Source> {
    let sources = below("src");
    let mut folders = Vec::new();
    for source in &sources {
        for (at, _) in tests(&source.code).filter(|(_, after)| after.starts_with(';')) {
            let module = source.code[at + TEST.len()..].trim_start().trim_start_matches("mod ");
            folders.push([source.module(), vec![word(module)]].concat().join("/"));
        }
    }
    let is_test = |source: &Source| {
        let module = source.module().join("/");
        folders.iter().any(|folder| module == *folder || module.starts_with(&format!("{folder}/")))
    };
    let own: Vec<bool> = sources.iter().map(|source| !is_test(source)).collect();
    sources.into_iter().zip(own).filter_map(|(source, own)| own.then_some(source)).collect()
}

impl Source {
    /// A file of that name with that text.
    pub(crate) fn new(name: &str, text: String) -> Self {
        let code = code(&text);
        let tests = tests(&code).find(|(_, after)| after.starts_with('{')).map(|(at, _)| at);
        let code = tests.map_or(&*code, |at| &code[..at]).to_owned();
        Self { name: name.to_owned(), text, code }
    }

    /// The modules it lies in: `["agreements", "rules"]`.
    pub(crate) fn module(&self) -> Vec<&str> {
        let name = self.name.strip_prefix("src/").unwrap_or(&self.name).trim_end_matches(".rs");
        let mut module: Vec<&str> = name.split('/').collect();
        if matches!(module.last(), Some(&("mod" | "lib"))) {
            module.pop();
        }
        module
    }

    /// Every path that its code names, in `use` or elsewhere, from the crate's root on.
    pub(crate) fn paths(&self) -> Vec<Named> {
        let (mut found, mut imports) = (Vec::<Named>::new(), BTreeMap::new());
        let (mut rest, mut after) = (&*self.code, ' ');
        while let Some(c) = rest.chars().next() {
            let word = word(rest);
            let more = &rest[word.len()..];
            let before = found.len();
            if word == "use" && more.starts_with(' ') {
                rest = self.tree(more.trim_start(), &[], &mut found);
                imports.extend(found[before..].iter().map(|named| (named.name.clone(), named.path.clone())));
            } else if word.is_empty() {
                (after, rest) = (c, &rest[c.len_utf8()..]);
            } else {
                let begins = more.starts_with("::") && !matches!(after, ':' | '.' | '$');
                rest = if begins { self.tree(rest, &[], &mut found) } else { more };
                after = 'a';
                for named in &mut found[before..] {
                    if let Some(import) = imports.get(&named.path[0]) {
                        named.path.splice(..1, import.iter().cloned());
                    }
                }
            }
        }
        found
    }

    /// Reads one path, or all paths of a group in braces, and returns what follows.
    fn tree<'a>(&'a self, mut rest: &'a str, before: &[String], found: &mut Vec<Named>) -> &'a str {
        let mut path = before.to_vec();
        loop {
            let part = word(rest);
            rest = &rest[part.len()..];
            self.step(part, &mut path);
            match rest.strip_prefix("::") {
                Some(more) if !word(more).is_empty() => rest = more,
                Some(more) if more.starts_with('{') => {
                    rest = more[1..].trim_start();
                    while !rest.is_empty() && !rest.starts_with('}') {
                        rest = self.tree(rest, &path, found).trim_start();
                        // What it is called, and the comma.
                        rest = rest.trim_start_matches(|c: char| c != ',' && c != '}');
                        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
                    }
                    return rest.strip_prefix('}').unwrap_or(rest);
                }
                _ => {
                    let at = self.code.len() - rest.len();
                    let line = self.code[..at].matches('\n').count() + 1;
                    let alias = rest.trim_start().strip_prefix("as ").map(word).filter(|alias| !alias.is_empty());
                    let name = alias.or_else(|| path.last().map(|last| &**last)).unwrap_or_default().to_owned();
                    // What a macro puts in, as `$crate`, is not a path yet.
                    if !path.is_empty() {
                        found.push(Named { path, line, name });
                    }
                    return rest;
                }
            }
        }
    }

    /// One part more; `self` and `super` become the modules they stand for.
    fn step(&self, part: &str, path: &mut Vec<String>) {
        let here = || std::iter::once("crate").chain(self.module()).map(str::to_owned);
        match (part, path.is_empty()) {
            ("self", true) => path.extend(here()),
            ("super", true) => path.extend(here().take(self.module().len())),
            ("hezuo", true) => path.push("crate".to_owned()),
            ("super", false) => drop(path.pop()),
            ("self", false) | ("", _) => {}
            (part, _) => path.push(part.to_owned()),
        }
    }
}

/// Modules of unit tests: where each begins, and what follows its name: `{` or `;`.
fn tests(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.match_indices(TEST).filter_map(|(at, _)| {
        let name = code[at + TEST.len()..].trim_start().strip_prefix("mod ")?;
        Some((at, name[word(name).len()..].trim_start()))
    })
}

/// The name at the beginning of a text, if there is one.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    if text.starts_with(|c: char| c.is_ascii_digit()) { "" } else { &text[..end] }
}

/// The text with comments and the insides of texts blanked out.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let raw = rest.strip_prefix('r').map(|more| more.trim_start_matches('#')).filter(|more| more.starts_with('"'));
        let in_a_word = code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let length = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            'r' if raw.is_some() && !in_a_word => {
                let hashes = rest.len() - 1 - raw.map_or(0, str::len);
                let end = format!("\"{}", "#".repeat(hashes));
                rest[hashes + 2..].find(&end).map_or(rest.len(), |at| hashes + 2 + at + end.len())
            }
            '"' => quoted(rest),
            '\'' if rest[1..].starts_with('\\') || rest.chars().nth(2) == Some('\'') => {
                rest[1..].find('\'').map_or(rest.len(), |at| if &rest[1..=at] == "\\" { at + 3 } else { at + 2 })
            }
            c => {
                code.push(c);
                rest = &rest[c.len_utf8()..];
                continue;
            }
        };
        code.push(' ');
        code.extend(rest[..length].chars().filter(|c| *c == '\n'));
        rest = &rest[length..];
    }
    code
}

/// The length of the quoted text at the beginning.
fn quoted(text: &str) -> usize {
    let mut escaped = true;
    let end = text.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 1)
}
