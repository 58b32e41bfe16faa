//! The check of a position's words as clients see it.

use async_graphql::{Context, Object, SimpleObject};

use super::{Finding, Ground, findings};
use crate::{
    error::{Code, Problem, Result, Text},
    graphql::asked,
    talent::positions::WORDS,
};

/// Words that may not stand in a position 歧视用语.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct PositionTextFinding {
    /// Why 歧视类型.
    pub ground: Ground,
    /// The words, as they were written 违规用语.
    pub words: String,
    /// Where that is written 法律依据.
    pub citation: String,
    /// How many characters of the text stand before them 位置.
    pub offset: i32,
}

impl From<Finding> for PositionTextFinding {
    fn from(finding: Finding) -> Self {
        let Finding { ground, words, citation, offset } = finding;
        Self { ground, words, citation: citation.to_owned(), offset: i32::try_from(offset).unwrap_or(i32::MAX) }
    }
}

/// What can be asked about the words of positions.
#[derive(Clone, Copy, Debug, Default)]
pub struct WordingQueries;

#[Object]
impl WordingQueries {
    /// What in a text discriminates and may not stand in a position, in its order: for a form that says so while
    /// somebody types. Everyone signed in may ask 岗位用语检查.
    #[expect(clippy::unused_async, reason = "a field is declared as an async function")]
    async fn position_text_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The text, at most 5,000 characters 文本.")] text: String,
    ) -> Result<Option<Vec<PositionTextFinding>>> {
        asked(ctx)?;
        let (count, most) = (text.chars().count(), WORDS.max);
        if count > most {
            let message = Text::new(
                format!("text has {count} characters; expected at most {most}."),
                format!("text 有 {count} 个字符，应不超过 {most} 个。"),
            );
            return Err(Problem::new(Code::InvalidInput, message).at(["text"]).into());
        }
        Ok(Some(findings(&text).into_iter().map(PositionTextFinding::from).collect()))
    }
}
