//! An explained query as text: a tree of levels, each with its statements.

use std::fmt::{Display, Formatter, Result};

use super::{Explained, Facts, Sent, Step};

/// How long a line of a statement may become.
const WIDTH: usize = 100;
/// What begins a line in a statement, where it stands in no parentheses.
const CLAUSES: [&str; 9] = ["FROM", "WHERE", "GROUP", "ORDER", "LIMIT", "INNER", "LEFT", "CROSS", "JOIN"];

impl Display for Explained {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for other in &self.others {
            writeln!(f, "├─ {other}: worked out by code, not read by the planner")?;
        }
        for (place, step) in self.steps.iter().enumerate() {
            step.write(f, "", place + 1 == self.steps.len())?;
        }
        let (levels, rows) = (number(self.levels, "level"), number(self.rows, "row"));
        let statements = number(usize::try_from(self.statements).unwrap_or(usize::MAX), "statement");
        let way = if self.direct { "straight into the answer" } else { "by way of the executor" };
        writeln!(f, "{levels}, {statements}, {rows}; written {way}, at a cost of {}", self.cost)
    }
}

impl Step {
    fn write(&self, f: &mut Formatter<'_>, before: &str, last: bool) -> Result {
        let (branch, go_on) = if last { ("└─", "   ") } else { ("├─", "│  ") };
        writeln!(f, "{before}{branch} {}: {} from {}", self.path, self.view, self.table)?;
        let before = &format!("{before}{go_on}");
        let margin = &format!("{before}{}", if self.below.is_empty() { "   " } else { "│  " });
        if self.sent.is_empty() {
            writeln!(f, "{margin}{}, so that nothing is sent", self.wanted)?;
        }
        for sent in &self.sent {
            writeln!(f, "{margin}{}, {} → {sent}", self.wanted, self.seen)?;
            lines(&sent.sql).iter().try_for_each(|line| writeln!(f, "{margin}  {line}"))?;
            sent.access.iter().try_for_each(|line| writeln!(f, "{margin}  · {line}"))?;
        }
        self.facts.iter().try_for_each(|facts| writeln!(f, "{margin}{facts}"))?;
        let end = self.below.len();
        self.below.iter().zip(1..).try_for_each(|(step, place)| step.write(f, before, place == end))
    }
}

impl Display for Sent {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match (self.counts, self.beyond) {
            (true, _) => write!(f, "counted, {}", number(self.rows, "row")),
            (false, 0) => f.write_str(&number(self.rows, "row")),
            (false, beyond) => write!(f, "{}, {beyond} only to know of more", number(self.rows, "row")),
        }
    }
}

impl Display for Facts {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let statements = number(usize::try_from(self.statements).unwrap_or(usize::MAX), "statement");
        write!(f, "{}: facts of {}, {statements} of the store's", self.fields.join(", "), number(self.keys, "row"))
    }
}

/// `1 row`, `2 rows`.
pub(super) fn number(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// A statement in lines: a clause begins one, and what is too long goes on in the next.
fn lines(sql: &str) -> Vec<String> {
    let (mut lines, mut line, mut depth) = (Vec::new(), String::new(), 0_usize);
    let mut previous = "";
    for word in sql.split(' ') {
        let begins = depth == 0 && CLAUSES.contains(&word) && !matches!(previous, "INNER" | "LEFT" | "CROSS");
        let full = line.chars().count() + word.chars().count() >= WIDTH;
        if (begins || full) && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
            line.push_str(if begins { "" } else { "    " });
        }
        line.push_str(if line.trim().is_empty() { "" } else { " " });
        line.push_str(word);
        depth = (depth + word.matches('(').count()).saturating_sub(word.matches(')').count());
        previous = word;
    }
    lines.push(line);
    lines
}
