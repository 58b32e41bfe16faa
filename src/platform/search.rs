//! Finding records by words, Chinese or not, on both databases alike.
//!
//! What is typed is folded (full-width letters, capitals) and taken apart: words stand between spaces; a run of Chinese
//! characters, in which no spaces stand, becomes its pairs of neighbours, 质量管理 → 质量, 量管, 管理. A record is found when
//! it holds every word; of a long Chinese run two thirds of the pairs will do, because where one word ends and the next
//! begins nobody has said. The database finds, in the columns that a slice declares ([`Searched`]), by the same plain
//! comparison on both and through the rule that says which rows the actor sees; what is found is ranked in the program.

use entity::Record;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait as _, Iden as _, Order, QueryFilter, QuerySelect,
    QueryTrait,
    prelude::async_trait::async_trait,
    sea_query::{CaseStatement, Expr, Func, LikeExpr},
};
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

use super::db::Db;
use crate::{
    auth::Actor,
    error::{Code, Problem, Result, Text},
};

/// How much may be typed.
const LONGEST: usize = 100;
/// Of more pairs than this nothing is lost by asking for fewer.
const MOST_TERMS: usize = 24;
/// How many of each kind are ranked; those whose first column holds most of the words.
pub const CANDIDATES: u64 = 200;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    words: Vec<Word>,
}

/// A word, as the terms of which enough must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    terms: Vec<String>,
    enough: usize,
}

impl Query {
    /// Takes apart what was typed into the argument `query`.
    ///
    /// # Errors
    /// `INVALID_INPUT` when there is nothing to look for, or too much.
    pub fn read(text: &str) -> Result<Self> {
        let folded = text.nfkc().collect::<String>().to_ascii_lowercase();
        let words: Vec<Word> = folded.split(|symbol: char| !symbol.is_alphanumeric()).flat_map(runs).collect();
        let terms: usize = words.iter().map(|word| word.terms.len()).sum();
        if words.is_empty() || text.chars().count() > LONGEST || terms > MOST_TERMS {
            let message = Text::new(
                format!(
                    "query: expected words to look for, at most {LONGEST} characters and {MOST_TERMS} pairs of Chinese ones."
                ),
                format!("query 应为要查找的词语，不超过 {LONGEST} 个字符、{MOST_TERMS} 个汉字词对。"),
            );
            return Err(Problem::new(Code::InvalidInput, message).at(["query"]).into());
        }
        Ok(Self { words })
    }

    /// Whether these columns together hold enough of every word.
    #[must_use]
    pub fn held_by<C: ColumnTrait>(&self, columns: &[C]) -> Condition {
        self.words.iter().fold(Condition::all(), |all, word| {
            let enough = i32::try_from(word.enough).unwrap_or(i32::MAX);
            all.add(held(columns, &word.terms).gte(enough))
        })
    }

    /// Every term, each once.
    #[must_use]
    pub fn terms(&self) -> Vec<&str> {
        let mut terms: Vec<&str> = self.words.iter().flat_map(|word| &word.terms).map(String::as_str).collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }
}

/// A word as runs of one script: `ISO9001质量` is `iso9001` and 质量.
fn runs(text: &str) -> Vec<Word> {
    let mut runs: Vec<(bool, String)> = Vec::new();
    for symbol in text.chars() {
        let chinese = is_chinese(symbol);
        match runs.last_mut() {
            Some((kind, run)) if *kind == chinese => run.push(symbol),
            _ => runs.push((chinese, symbol.to_string())),
        }
    }
    runs.into_iter()
        .map(|(chinese, run)| if chinese { pairs(&run) } else { Word { terms: vec![run], enough: 1 } })
        .collect()
}

fn pairs(run: &str) -> Word {
    let symbols: Vec<char> = run.chars().collect();
    let mut terms: Vec<String> = symbols.windows(2).map(|pair| pair.iter().collect()).collect();
    if terms.is_empty() {
        terms.push(run.to_owned());
    }
    let enough = if terms.len() < 4 { terms.len() } else { (terms.len() * 2).div_ceil(3) };
    Word { terms, enough }
}

fn is_chinese(symbol: char) -> bool {
    matches!(symbol, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// What was found of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hits {
    /// The TypeID prefix.
    pub kind: &'static str,
    /// How many records the actor sees that hold the words.
    pub total: i64,
    /// Some of them, for ranking.
    pub found: Vec<Found>,
}

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The key.
    pub id: Uuid,
    /// What it says, in the order in which its columns are declared; the first is what people call it.
    pub fields: Vec<Field>,
}

/// What a record says in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name of the place, as GraphQL has it.
    pub name: String,
    /// How much a word there tells.
    pub weight: u32,
    /// The text.
    pub text: String,
}

/// A kind of records that can be found by words.
#[async_trait]
pub trait Searchable: Send + Sync {
    /// The TypeID prefix.
    fn kind(&self) -> &'static str;

    /// Finds those that the actor sees and that hold the words: one statement.
    ///
    /// # Errors
    /// When the database fails.
    async fn find(&self, db: &Db, actor: &Actor, query: &Query) -> Result<Hits>;
}

/// Every kind, as the slices declare them.
pub type Registered = Vec<Box<dyn Searchable>>;

/// Records of one table: by whose eyes, and in which columns. Columns that not everybody reads who sees the row have no
/// place here.
pub struct Searched<E: EntityTrait> {
    seen: fn(&Actor) -> Condition,
    columns: Vec<(E::Column, u32)>,
}

impl<E: EntityTrait> Searched<E> {
    /// In these columns, each with its weight; the first is what people call the record.
    #[must_use]
    pub fn by<const N: usize>(seen: fn(&Actor) -> Condition, columns: [(E::Column, u32); N]) -> Self {
        Self { seen, columns: columns.into() }
    }
}

#[async_trait]
impl<E: EntityTrait + Record> Searchable for Searched<E> {
    fn kind(&self) -> &'static str {
        E::PREFIX
    }

    async fn find(&self, db: &Db, actor: &Actor, query: &Query) -> Result<Hits> {
        let id = self.columns.first().map(|(column, _)| column.entity_name());
        let id = Expr::col((id.unwrap_or_else(|| E::default().unquoted().to_owned().into()), "id"));
        let mut select = E::find().select_only().expr_as(id.clone(), "key");
        for (place, (column, _)) in self.columns.iter().enumerate() {
            select = select.expr_as(Expr::col(column.as_column_ref()), format!("text{place}"));
        }
        let columns: Vec<E::Column> = self.columns.iter().map(|(column, _)| *column).collect();
        select = select.expr_as(Expr::cust("COUNT(*) OVER ()"), "total").filter((self.seen)(actor));
        select = select.filter(query.held_by(&columns));
        let terms: Vec<String> = query.terms().into_iter().map(str::to_owned).collect();
        let first = columns.get(..1).unwrap_or_default();
        let mut statement = select.limit(CANDIDATES).into_query();
        statement.order_by_expr(held(first, &terms), Order::Desc).order_by_expr(id, Order::Asc);
        let mut hits = Hits { kind: E::PREFIX, total: 0, found: Vec::new() };
        for row in db.reader().query_all(&statement).await? {
            hits.total = row.try_get("", "total")?;
            let mut fields = Vec::new();
            for (place, (column, weight)) in self.columns.iter().enumerate() {
                if let Some(text) = row.try_get::<Option<String>>("", &format!("text{place}"))? {
                    fields.push(Field { name: camel_case(column.unquoted()), weight: *weight, text });
                }
            }
            hits.found.push(Found { id: row.try_get("", "key")?, fields });
        }
        Ok(hits)
    }
}

/// How many of a word's terms stand in one of these columns, as a number that the database counts.
fn held<C: ColumnTrait>(columns: &[C], terms: &[String]) -> Expr {
    let one = |term: &String| {
        let any = columns.iter().fold(Condition::any(), |any, column| any.add(holds(*column, term)));
        Expr::expr(CaseStatement::new().case(any, 1).finally(0))
    };
    terms.iter().map(one).reduce(Expr::add).unwrap_or_else(|| Expr::val(0))
}

fn holds(column: impl ColumnTrait, term: &str) -> Expr {
    // A term is letters and digits: nothing in it means anything to LIKE.
    Expr::expr(Func::lower(Expr::col(column.as_column_ref()))).like(LikeExpr::new(format!("%{term}%")))
}

fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| {
        let (initial, rest) = part.split_at(part.len().min(1));
        name + &initial.to_uppercase() + rest
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(Vec<String>, usize)> {
        Query::read(text).unwrap().words.into_iter().map(|word| (word.terms, word.enough)).collect()
    }

    /// Words are folded and taken apart; of long Chinese runs two thirds will do.
    #[test]
    fn what_is_typed_is_taken_apart() {
        let word =
            |terms: &[&str], enough: usize| (terms.iter().map(|term| (*term).to_owned()).collect::<Vec<_>>(), enough);
        assert_eq!(words("合作"), [word(&["合作"], 1)]);
        assert_eq!(words("质量管理"), [word(&["质量", "量管", "管理"], 3)]);
        assert_eq!(words("营山质量管理"), [word(&["营山", "山质", "质量", "量管", "管理"], 4)]);
        assert_eq!(
            words(" Quality  ＩＳＯ9001认证 "),
            [word(&["quality"], 1), word(&["iso9001"], 1), word(&["认证"], 1)]
        );
        assert_eq!(words("县"), [word(&["县"], 1)]);
        assert_eq!(words("100%_质"), [word(&["100"], 1), word(&["质"], 1)]);
    }

    /// Nothing, and too much, are refused by name.
    #[test]
    fn what_cannot_be_looked_for() {
        for text in ["", "  ", "%%", &"合".repeat(101), &"合作共建".repeat(7)] {
            let error = Query::read(text).unwrap_err();
            assert_eq!(error.code(), Code::InvalidInput, "{text}");
        }
    }

    #[test]
    fn names_are_graphqls() {
        assert_eq!(camel_case("title"), "title");
        assert_eq!(camel_case("research_platforms"), "researchPlatforms");
    }
}
