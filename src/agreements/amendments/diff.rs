//! What an amendment changes: field by field, and in the text line by line.

use async_graphql::Enum;
use entity::{agreement::RenewalPolicy, amendment};
use sea_orm::ActiveEnum;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::agreements::content::Content;

/// Lines that stay the same are shown up to this far from a change.
const CONTEXT: usize = 3;
/// Beyond this many differing lines the old ones are shown as removed and the new ones as added: a good comparison of
/// texts that have nothing in common takes long and tells nobody anything.
const LINES: usize = 2_000;

/// What an amendment can change 变更事项.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AmendedField {
    /// The title 标题.
    Title,
    /// The text 正文.
    Terms,
    /// The last day 截止日期.
    EndsOn,
    /// The last day to give notice 通知期限.
    NoticeBy,
    /// What happens when that day comes 续约方式.
    RenewalPolicy,
}

/// One thing that an amendment changes 变更内容.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changes 事项.
    pub field: AmendedField,
    /// How it reads now; null for nothing 变更前.
    pub before: Option<String>,
    /// How it will read; null for nothing 变更后.
    pub after: Option<String>,
    /// For the text: the lines that change, each with up to three lines around it 逐行对照.
    pub lines: Vec<Line>,
}

/// What happens to a line 行变更类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum LineChangeKind {
    /// It stays; shown for orientation 保留.
    Kept,
    /// It goes 删除.
    Removed,
    /// It is new 新增.
    Added,
}

/// One line of the text 行变更.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What happens to it 类别.
    pub kind: LineChangeKind,
    /// Its number in the old text, from 1; null when it is new 原行号.
    pub before_line: Option<i32>,
    /// Its number in the new text, from 1; null when it goes 新行号.
    pub after_line: Option<i32>,
    /// The line 内容.
    pub text: String,
}

/// What the amendment changes in the text that it was drafted against, in the order of the fields.
#[must_use]
pub fn changes(base: &Content, amendment: &amendment::Model) -> Vec<Change> {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    let fields = [
        (AmendedField::Title, Some(base.title.clone()), Some(amendment.title.clone())),
        (AmendedField::Terms, Some(base.terms.clone()), Some(amendment.terms.clone())),
        (AmendedField::EndsOn, day(Some(base.ends_on)), day(Some(amendment.ends_on))),
        (AmendedField::NoticeBy, day(base.notice_by), day(amendment.notice_by)),
        (
            AmendedField::RenewalPolicy,
            Some(base.renewal_policy.clone()),
            Some(RenewalPolicy::to_value(&amendment.renewal_policy)),
        ),
    ];
    let changed = fields.into_iter().filter(|(_, before, after)| before != after);
    changed
        .map(|(field, before, after)| {
            let lines = if field == AmendedField::Terms { lines(&base.terms, &amendment.terms) } else { Vec::new() };
            Change { field, before, after, lines }
        })
        .collect()
}

/// The lines that differ, with their surroundings.
#[must_use]
pub fn lines(before: &str, after: &str) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let mut lines = Vec::new();
    let operations = compare(&old, &new);
    for (place, operation) in operations.iter().enumerate() {
        let (from, to) = (operation.old_range(), operation.new_range());
        if let DiffOp::Equal { .. } = operation {
            let (is_first, is_last) = (place == 0, place + 1 == operations.len());
            for (step, (at, to)) in from.clone().zip(to).enumerate() {
                let follows = !is_first && step < CONTEXT;
                let leads = !is_last && from.len() - step <= CONTEXT;
                if follows || leads {
                    lines.push(line(LineChangeKind::Kept, (Some(at), Some(to)), old[at]));
                }
            }
            continue;
        }
        lines.extend(from.map(|at| line(LineChangeKind::Removed, (Some(at), None), old[at])));
        lines.extend(to.map(|at| line(LineChangeKind::Added, (None, Some(at)), new[at])));
    }
    lines
}

/// The same start and end are set aside first, so that a small change in a long text is compared in full.
fn compare(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let rest = (&old[start..], &new[start..]);
    let end = rest.0.iter().rev().zip(rest.1.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old_len, new_len) = (rest.0.len() - end, rest.1.len() - end);
    if old_len + new_len <= LINES {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    let equal = |old_index, new_index, len| DiffOp::Equal { old_index, new_index, len };
    let replace = DiffOp::Replace { old_index: start, old_len, new_index: start, new_len };
    let all = [equal(0, 0, start), replace, equal(start + old_len, start + new_len, end)];
    all.into_iter().filter(|operation| !operation.old_range().is_empty() || !operation.new_range().is_empty()).collect()
}

fn line(kind: LineChangeKind, (before, after): (Option<usize>, Option<usize>), text: &str) -> Line {
    let number = |at: usize| i32::try_from(at + 1).unwrap_or(i32::MAX);
    Line { kind, before_line: before.map(number), after_line: after.map(number), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> Vec<String> {
        let show = |line: &Line| {
            let sign = match line.kind {
                LineChangeKind::Kept => ' ',
                LineChangeKind::Removed => '-',
                LineChangeKind::Added => '+',
            };
            let number = |number: Option<i32>| number.map_or(String::new(), |number| number.to_string());
            format!("{sign}{}:{} {}", number(line.before_line), number(line.after_line), line.text)
        };
        lines(before, after).iter().map(show).collect()
    }

    #[test]
    fn a_change_is_shown_with_its_surroundings() {
        let before = "一\n二\n三\n四\n五\n六\n七\n八\n九";
        let after = "一\n二\n三\n四\n五\n六点五\n七\n八\n九\n十";
        assert_eq!(
            shown(before, after),
            [" 3:3 三", " 4:4 四", " 5:5 五", "-6: 六", "+:6 六点五", " 7:7 七", " 8:8 八", " 9:9 九", "+:10 十"]
        );
    }

    #[test]
    fn the_same_text_shows_nothing() {
        assert_eq!(shown("甲\n乙", "甲\n乙"), [""; 0]);
        assert_eq!(shown("", "甲"), ["+:1 甲"]);
    }

    #[test]
    fn texts_with_nothing_in_common_are_not_compared_for_long() {
        let before: String = (0..40_000).map(|at| format!("{}\n", at * 2)).collect();
        let after: String = (0..40_000).map(|at| format!("{}\n", at * 2 + 1)).collect();
        let lines = lines(&format!("首\n{before}尾"), &format!("首\n{after}尾"));
        assert_eq!(lines.len(), 80_002);
        assert_eq!(lines[0].text, "首");
        assert_eq!(lines[1].kind, LineChangeKind::Removed);
        assert_eq!(lines[80_001].text, "尾");
        assert_eq!((lines[80_001].before_line, lines[80_001].after_line), (Some(40_002), Some(40_002)));
    }
}
