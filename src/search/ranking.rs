//! What stands first, and what is shown of it.

use std::{cmp::Reverse, ops::Range};

use super::Hit;
use crate::platform::search::{Field, Found, Hits, Query};

/// How many characters of a text are shown; a quarter of them before what was found.
const SHOWN: usize = 80;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text as it was written.
    pub text: String,
    /// Whether it is what was looked for.
    pub highlighted: bool,
}

/// The first so many of everything that was found: those that hold more of the terms, then those where they tell more, then
/// the older ones.
#[must_use]
pub fn best(query: &Query, found: Vec<Hits>, first: usize) -> Vec<Hit> {
    let terms = query.terms();
    let mut ranked: Vec<_> = found
        .into_iter()
        .flat_map(|hits| hits.found.into_iter().map(move |found| (hits.kind, found)))
        .map(|(kind, found)| (Reverse(rank(&terms, &found)), found.id, kind, found))
        .collect();
    ranked.sort_by_key(|(rank, id, ..)| (*rank, *id));
    ranked.into_iter().take(first).map(|(_, _, kind, found)| hit(&terms, kind, &found)).collect()
}

/// How many terms it holds, and the weight of where they stand.
fn rank(terms: &[&str], found: &Found) -> (usize, u32) {
    let weight = |term: &&str| found.fields.iter().filter(|field| holds(field, term)).map(|field| field.weight).max();
    let weights: Vec<u32> = terms.iter().filter_map(weight).collect();
    (weights.len(), weights.iter().sum())
}

fn holds(field: &Field, term: &str) -> bool {
    field.text.to_ascii_lowercase().contains(term)
}

fn hit(terms: &[&str], kind: &'static str, found: &Found) -> Hit {
    let held = |field: &&Field| terms.iter().filter(|term| holds(field, term)).count();
    // The title is shown anyway: what stands elsewhere tells more.
    let elsewhere = found.fields.iter().skip(1).filter(|field| held(field) > 0);
    let best = elsewhere.max_by_key(|field| (held(field), Reverse(field.name.clone())));
    let title = found.fields.first();
    let shown = best.or(title);
    Hit {
        kind,
        id: found.id,
        title: title.map(|field| cut(terms, &field.text, usize::MAX)).unwrap_or_default(),
        field: shown.map(|field| field.name.clone()).unwrap_or_default(),
        snippet: shown.map(|field| cut(terms, &field.text, SHOWN)).unwrap_or_default(),
    }
}

/// The text from a little before the first term on, at most so many characters, in pieces.
fn cut(terms: &[&str], text: &str, shown: usize) -> Vec<Piece> {
    let symbols: Vec<char> = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect();
    let marks = marked(terms, &symbols);
    let found = marks.iter().position(|mark| *mark).unwrap_or(0);
    let from = if symbols.len() <= shown { 0 } else { found.saturating_sub(shown / 4).min(symbols.len() - shown) };
    let to = symbols.len().min(from.saturating_add(shown));
    let mut pieces: Vec<Piece> = Vec::new();
    let ellipsis = |pieces: &mut Vec<Piece>| pieces.push(Piece { text: "…".to_owned(), highlighted: false });
    if from > 0 {
        ellipsis(&mut pieces);
    }
    for run in runs(&marks, from..to) {
        pieces.push(Piece { text: symbols[run.clone()].iter().collect(), highlighted: marks[run.start] });
    }
    if to < symbols.len() {
        ellipsis(&mut pieces);
    }
    pieces
}

/// Which characters belong to a term.
fn marked(terms: &[&str], symbols: &[char]) -> Vec<bool> {
    let lower: Vec<char> = symbols.iter().map(char::to_ascii_lowercase).collect();
    let mut marks = vec![false; symbols.len()];
    for term in terms {
        let term: Vec<char> = term.chars().collect();
        for at in 0..lower.len() {
            if lower[at..].starts_with(&term) {
                marks[at..at + term.len()].fill(true);
            }
        }
    }
    marks
}

/// Runs of equal marks within a range.
fn runs(marks: &[bool], within: Range<usize>) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in within {
        match runs.last_mut() {
            Some(run) if marks[run.start] == marks[at] => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(query: &str, text: &str) -> String {
        let query = Query::read(query).unwrap();
        let piece = |piece: Piece| if piece.highlighted { format!("[{}]", piece.text) } else { piece.text };
        cut(&query.terms(), text, 20).into_iter().map(piece).collect()
    }

    /// Cut around what was found, from the text as it was written.
    #[test]
    fn snippets() {
        assert_eq!(shown("质量管理", "熟悉质量管理体系"), "熟悉[质量管理]体系");
        assert_eq!(shown("quality", "Total Quality"), "Total [Quality]");
        let long = "一二三四五六七八九十一二三四五六七八九十一二三四五质量检验与改进";
        assert_eq!(shown("质量", long), "…三四五六七八九十一二三四五[质量]检验与改进");
        assert_eq!(shown("二三", long), "一[二三]四五六七八九十一[二三]四五六七八九十…");
        assert_eq!(shown("质量", "第一条\n\n 质量"), "第一条 [质量]");
    }
}
