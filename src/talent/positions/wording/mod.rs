//! Words that discriminate 招聘歧视用语: what a position's text may not say, and why.
//!
//! The law gives everybody an equal chance (就业促进法 26): sex, ethnicity, religion, a disability, carrying hepatitis B or
//! coming from the countryside are no reasons to refuse somebody, and an advertisement that says so may not be published
//! (就业服务与就业管理规定 20). The words are a table, `words.csv`, which people can review without reading a program: each
//! line has the ground, where it is written, and a pattern ([`pattern`]). Lines of the ground `OK` say what sounds
//! similar and is harmless (男女不限, 女装设计, 年满 18 周岁), with why in the place of the citation; what they cover is left
//! out first. Who sets spaces or commas between the characters, or writes them wide, is read all the same.
//!
//! A machine finds words, not intentions: a county officer still reads every position before it is published.

pub mod graphql;
mod pattern;

use std::sync::LazyLock;

use async_graphql::Enum;

use self::pattern::{Pattern, Read};

/// Why a text may not stand in a position 歧视类型.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "DiscriminationGround")]
pub enum Ground {
    /// Sex 性别.
    Sex,
    /// Ethnicity 民族.
    Ethnicity,
    /// Religious belief 宗教信仰.
    Religion,
    /// Age, but for the lowest at which the law allows work 年龄.
    Age,
    /// Marriage, pregnancy and children 婚育状况.
    MarriageAndChildbearing,
    /// Carrying a virus, such as that of hepatitis B 病原携带.
    Health,
    /// A disability 残疾.
    Disability,
    /// The place of household registration, or coming from the countryside 户籍地域.
    HouseholdRegister,
    /// The university somebody graduated from 毕业院校.
    School,
}

impl Ground {
    /// By its word in the table; none for what is harmless.
    fn read(word: &str) -> Option<Self> {
        Some(match word {
            "SEX" => Self::Sex,
            "ETHNICITY" => Self::Ethnicity,
            "RELIGION" => Self::Religion,
            "AGE" => Self::Age,
            "MARRIAGE" => Self::MarriageAndChildbearing,
            "HEALTH" => Self::Health,
            "DISABILITY" => Self::Disability,
            "HOUSEHOLD" => Self::HouseholdRegister,
            "SCHOOL" => Self::School,
            _ => return None,
        })
    }

    /// What it is called, in English and in Chinese.
    #[must_use]
    pub fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::Sex => ("sex", "性别"),
            Self::Ethnicity => ("ethnicity", "民族"),
            Self::Religion => ("religion", "宗教信仰"),
            Self::Age => ("age", "年龄"),
            Self::MarriageAndChildbearing => ("marriage and childbearing", "婚育"),
            Self::Health => ("carrying a virus", "病原携带"),
            Self::Disability => ("disability", "残疾"),
            Self::HouseholdRegister => ("household register", "户籍地域"),
            Self::School => ("university", "毕业院校"),
        }
    }
}

/// Words that were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Why they may not stand there.
    pub ground: Ground,
    /// The words, as they were written.
    pub words: String,
    /// Where that is written.
    pub citation: &'static str,
    /// Where they begin: characters of the text before them.
    pub offset: usize,
}

/// A line of the table.
struct Rule {
    ground: Ground,
    citation: &'static str,
    pattern: Pattern,
}

struct Table {
    harmless: Vec<Pattern>,
    rules: Vec<Rule>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("words.csv")));

impl Table {
    fn read(csv: &'static str) -> Self {
        let mut table = Self { harmless: Vec::new(), rules: Vec::new() };
        for line in csv.lines().skip(1) {
            let mut cells = line.splitn(3, ',');
            let (Some(word), Some(citation), Some(words)) = (cells.next(), cells.next(), cells.next()) else {
                continue;
            };
            let pattern = Pattern::read(words);
            match Ground::read(word) {
                Some(ground) => table.rules.push(Rule { ground, citation, pattern }),
                None => table.harmless.push(pattern),
            }
        }
        table
    }

    /// The longest words of any line that stand here.
    fn longest(&self, read: &Read, at: usize) -> Option<(&Rule, usize)> {
        let lengths = self.rules.iter().filter_map(|rule| Some((rule, rule.pattern.longest(&read.characters[at..])?)));
        let lengths = lengths.filter(|(_, length)| *length > 0 && read.is_whole(at, *length));
        // Of two equally long ones the first line counts.
        lengths.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }
}

/// Everything in a text that discriminates, in its order; nothing twice.
#[must_use]
pub fn findings(text: &str) -> Vec<Finding> {
    let table = &*TABLE;
    let mut read = Read::of(text);
    for pattern in &table.harmless {
        read.leave_out(pattern);
    }
    let (mut findings, mut at) = (Vec::new(), 0);
    while at < read.characters.len() {
        let Some((rule, length)) = table.longest(&read, at) else {
            at += 1;
            continue;
        };
        let (words, offset) = read.written(text, at, length);
        findings.push(Finding { ground: rule.ground, words, citation: rule.citation, offset });
        at += length;
    }
    findings
}

#[cfg(test)]
mod tests;
