//! The queries over public codes 公共代码查询. Nobody needs to sign in for them: what they tell is published by the state.

use async_graphql::{Context, Object, SimpleObject};
use entity::{
    organization::SizeClass,
    region::{self, RegionLevel},
};

use super::{
    CodeError,
    credit_code::CreditCode,
    industry::IndustryCode,
    major::{Major, MajorCode},
    normalise,
    region::RegionCode,
    school::School,
    size, store,
};
use crate::{
    app::App,
    error::{Code, Error, Locale, Problem, Result, Text},
    graphql::Caller,
    platform::clock,
};

/// The most regions in one answer: more than any province has in use.
const MOST_REGIONS: usize = 300;
/// The longest name that is searched for.
const LONGEST_SEARCH: usize = 50;

/// Whether a code can be right, and if not, why 代码校验结果. Anyone may ask.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct CodeCheck {
    /// Whether form and check digits are right. Whether the code was ever given out, only its register knows 是否有效.
    valid: bool,
    /// What was read: without spaces around, full-width characters and small letters put right 规范化后的代码.
    normalized: String,
    /// What is wrong and what was expected, in the language of `Accept-Language`; null when valid 说明.
    message: Option<String>,
    /// The character at fault, counted from 1; null when valid or when the whole is wrong 出错位置.
    position: Option<i32>,
    /// What was expected there: a character or a short description; null when valid 应为.
    expected: Option<String>,
}

impl CodeCheck {
    fn new(typed: &str, read: Result<String, CodeError>, locale: Locale) -> Self {
        match read {
            Ok(normalized) => Self { valid: true, normalized, message: None, position: None, expected: None },
            Err(error) => Self {
                valid: false,
                normalized: normalise(typed),
                message: Some(error.text.in_locale(locale).to_owned()),
                position: error.position.and_then(|position| i32::try_from(position).ok()),
                expected: error.expected,
            },
        }
    }
}

/// A province, prefecture or county 行政区划. Anyone may read it.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct Region {
    /// Six digits, GB/T 2260 行政区划代码.
    code: String,
    /// The Chinese name 名称.
    name: String,
    /// How far down it stands 级别.
    level: RegionLevel,
    /// The code of the province it lies in; its own, if it is one 所属省级代码.
    province_code: Option<String>,
    /// The code of the prefecture it lies in; its own, if it is one; null for a province 所属地级代码.
    prefecture_code: Option<String>,
    /// The first day on which the code may be used, YYYY-MM-DD; null: before the records begin 启用日期.
    valid_from: Option<String>,
    /// The last day on which the code may be used, YYYY-MM-DD; null: in use 停用日期.
    valid_to: Option<String>,
}

impl From<region::Model> for Region {
    fn from(row: region::Model) -> Self {
        Self {
            province_code: super::region::province(&row.code),
            prefecture_code: super::region::prefecture(&row.code),
            code: row.code,
            name: row.name,
            level: row.level,
            valid_from: row.valid_from.map(|day| day.to_string()),
            valid_to: row.valid_to.map(|day| day.to_string()),
        }
    }
}

/// What can be asked about public codes.
#[derive(Clone, Copy, Debug, Default)]
pub struct DictionaryQueries;

#[Object]
impl DictionaryQueries {
    /// Checks a unified social credit code, GB 32100-2015 校验统一社会信用代码. Anyone may ask.
    async fn validate_credit_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Eighteen characters as typed 统一社会信用代码.")] code: String,
    ) -> CodeCheck {
        let read = CreditCode::parse(&code).map(|read| read.to_string());
        CodeCheck::new(&code, read, Caller::of(ctx).locale)
    }

    /// Checks the form of a region's code, GB/T 2260; whether there is such a region, `region` tells 校验行政区划代码.
    /// Anyone may ask.
    async fn validate_region_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Six digits, or two of a province, or four of a prefecture 行政区划代码.")] code: String,
    ) -> CodeCheck {
        let read = RegionCode::parse(&code).map(|read| read.to_string());
        CodeCheck::new(&code, read, Caller::of(ctx).locale)
    }

    /// Checks a school's code or identifier 校验院校代码或学校标识码. Anyone may ask.
    async fn validate_school_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Five digits (code) or ten (identifier) 院校代码或学校标识码.")] code: String,
        #[graphql(desc = "Ten digits to compare with the five of `code` 学校标识码.")] identifier: Option<String>,
    ) -> CodeCheck {
        let read = match identifier {
            Some(identifier) => School::parse_both(&code, &identifier),
            None => School::parse(&code),
        };
        CodeCheck::new(&code, read.map(|_| normalise(&code)), Caller::of(ctx).locale)
    }

    /// Checks the code of an undergraduate major, such as 120203K 校验本科专业代码. Anyone may ask.
    async fn validate_major_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Six digits and perhaps T, K or TK 专业代码.")] code: String,
        #[graphql(desc = "The year of the catalogue, 2012 or later 专业目录年份.")] catalogue_year: Option<i32>,
    ) -> CodeCheck {
        let read = match catalogue_year {
            Some(year) => Major::parse(&code, year).map(|major| major.code),
            None => MajorCode::parse(&code),
        };
        CodeCheck::new(&code, read.map(|read| read.as_str().to_owned()), Caller::of(ctx).locale)
    }

    /// Checks an industry's code, GB/T 4754-2017, such as C1310 校验国民经济行业代码. Anyone may ask.
    async fn validate_industry_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A section A–T and two to four digits 行业代码.")] code: String,
    ) -> CodeCheck {
        let read = IndustryCode::parse(&code).map(|read| read.as_str().to_owned());
        CodeCheck::new(&code, read, Caller::of(ctx).locale)
    }

    /// The size class of an industrial enterprise by the standard of 2017: both limits are reached, or it is one class
    /// lower 工业企业规模. Anyone may ask.
    #[expect(clippy::unused_async, reason = "a field is declared as an async function")]
    async fn size_class(
        &self,
        #[graphql(desc = "Staff, 0 or more 从业人员数.")] staff: i32,
        #[graphql(desc = "Yearly revenue in fen, a whole number from 0 on 年营业收入（分）.")] revenue: String,
    ) -> Result<Option<SizeClass>> {
        let mut problems = Vec::new();
        if staff < 0 {
            problems.push(invalid("staff", "staff: expected 0 or more.", "staff 应为 0 或以上。"));
        }
        let revenue = fen(&revenue);
        if revenue.is_none() {
            let zh = "revenue 应为非负整数（分），最多 18 位。";
            problems.push(invalid("revenue", "revenue: expected a whole number of fen, at most 18 digits.", zh));
        }
        match revenue {
            Some(revenue) if problems.is_empty() => Ok(Some(size::size_class(i64::from(staff), revenue))),
            _ => Err(Error::Problems(problems)),
        }
    }

    /// Regions in the order of their codes, at most 300; if there are more, `LIMIT_EXCEEDED` asks for a narrower
    /// question 行政区划列表. Anyone may ask.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn regions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what lies in this region, itself included: 51, 5113 or 511322 上级行政区划代码.")]
        within: Option<String>,
        #[graphql(desc = "Only this level 级别.")] level: Option<RegionLevel>,
        #[graphql(desc = "Part of the name, or the beginning of the code; at most 50 characters 名称或代码关键字.")]
        search: Option<String>,
        #[graphql(desc = "With codes that are not in use today 含已停用代码.", default)] include_retired: bool,
    ) -> Result<Option<Vec<Region>>> {
        let app = app(ctx)?;
        let filter = store::RegionFilter {
            within: within.map(|code| read_region(&code, "within")).transpose()?,
            level,
            search: read_search(search)?,
            on: (!include_retired).then(|| clock::day(app.db().clock().now())),
        };
        let rows = store::list(app.db().reader(), &filter, MOST_REGIONS as u64 + 1).await?;
        if rows.len() > MOST_REGIONS {
            return Err(Error::limit_exceeded(Text::new(
                format!("More than {MOST_REGIONS} regions; narrow it by `within`, `level` or `search`."),
                format!("行政区划超过 {MOST_REGIONS} 个，请用 `within`、`level` 或 `search` 缩小范围。"),
            )));
        }
        Ok(Some(rows.into_iter().map(Region::from).collect()))
    }

    /// One region by its code, in use or retired; null if there is none 单个行政区划. Anyone may ask.
    async fn region(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Six digits, or two of a province, or four of a prefecture 行政区划代码.")] code: String,
    ) -> Result<Option<Region>> {
        let code = read_region(&code, "code")?;
        Ok(store::find(app(ctx)?.db().reader(), &code).await?.map(Region::from))
    }
}

fn app<'ctx>(ctx: &Context<'ctx>) -> Result<&'ctx App> {
    ctx.data_opt::<App>().ok_or_else(|| Error::internal("the schema was built without the app"))
}

fn invalid(argument: &str, en: &'static str, zh: &'static str) -> Problem {
    Problem::new(Code::InvalidInput, Text::new(en, zh)).at([argument])
}

/// Digits only, so few that they fit.
fn fen(text: &str) -> Option<i64> {
    let digits = (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn read_region(code: &str, argument: &str) -> Result<RegionCode> {
    Ok(RegionCode::parse(code).map_err(|error| error.into_problem([argument]))?)
}

/// The words to search for; none if there are none.
fn read_search(search: Option<String>) -> Result<Option<String>> {
    let search = search.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match search {
        Some(text) if text.chars().count() > LONGEST_SEARCH || text.chars().any(char::is_control) => Err(invalid(
            "search",
            "search: expected at most 50 characters that can be seen.",
            "search 应为不超过 50 个可见字符。",
        )
        .into()),
        search => Ok(search),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, EmptySubscription, Request, Schema};

    use super::*;
    use crate::{dictionaries::store::tests::scratch, settings::Settings};

    async fn ask(locale: Locale, query: &str) -> String {
        let scratch = scratch().await;
        store::seed(&scratch.db).await.unwrap();
        let schema = Schema::build(DictionaryQueries, EmptyMutation, EmptySubscription)
            .data(App::new(scratch.db.clone(), Settings::load(std::iter::empty(), None).unwrap()))
            .finish();
        let caller = Caller { locale, ..Caller::default() };
        serde_json::to_string(&schema.execute(Request::new(query).data(caller)).await).unwrap()
    }

    #[tokio::test]
    async fn codes_are_checked_in_the_callers_language() {
        let query = r#"{
            good: validateCreditCode(code: " 91350100m000100y43 ") { valid normalized message position expected }
            bad: validateCreditCode(code: "91350100M000100Y4Z") { valid normalized message position expected }
            region: validateRegionCode(code: "5113") { normalized }
            school: validateSchoolCode(code: "11660", identifier: "4150011660") { valid normalized }
            major: validateMajorCode(code: "120203k", catalogueYear: 2012) { valid normalized }
            industry: validateIndustryCode(code: "C01") { message }
        }"#;
        assert_eq!(
            ask(Locale::Zh, query).await,
            concat!(
                r#"{"data":{"good":{"valid":true,"normalized":"91350100M000100Y43","message":null,"position":null,"#,
                r#""expected":null},"bad":{"valid":false,"normalized":"91350100M000100Y4Z","#,
                r#""message":"第 18 位为 Z，应为 3。该位是整个代码的校验码：该位或其前某位有误。","#,
                r#""position":18,"expected":"3"},"region":{"normalized":"511300"},"#,
                r#""school":{"valid":true,"normalized":"11660"},"major":{"valid":true,"normalized":"120203K"},"#,
                r#""industry":{"message":"第 2–3 位为 01，门类 C 的大类应为 13–43。"}}}"#,
            )
        );
    }

    #[tokio::test]
    async fn regions_and_their_places() {
        let query = r#"{
            region(code: "511322") { code name level provinceCode prefectureCode validFrom validTo }
            none: region(code: "110000") { name }
            old: region(code: "510122") { name validTo }
            regions(within: "51", level: PREFECTURE, search: "南") { code name }
            retired: regions(search: "双流", includeRetired: true) { code }
            large: sizeClass(staff: 1000, revenue: "40000000000")
        }"#;
        assert_eq!(
            ask(Locale::En, query).await,
            concat!(
                r#"{"data":{"region":{"code":"511322","name":"营山县","level":"COUNTY","provinceCode":"510000","#,
                r#""prefectureCode":"511300","validFrom":"1993-01-01","validTo":null},"none":null,"#,
                r#""old":{"name":"双流县","validTo":"2015-12-31"},"regions":[{"code":"511300","name":"南充市"}],"#,
                r#""retired":[{"code":"510116"},{"code":"510122"}],"large":"LARGE"}}"#,
            )
        );
    }

    #[tokio::test]
    async fn what_cannot_be_answered_is_refused() {
        for (query, message) in [
            (r#"{ region(code: "5113Z2") { name } }"#, "INVALID_INPUT: Position 5 is Z; expected a digit."),
            (
                r"{ regions(includeRetired: true) { code } }",
                "LIMIT_EXCEEDED: More than 300 regions; narrow it by `within`, `level` or `search`.",
            ),
            (
                r#"{ sizeClass(staff: -1, revenue: "1.5") }"#,
                "INVALID_INPUT: staff: expected 0 or more. revenue: expected a whole number of fen, at most 18 digits.",
            ),
        ] {
            let answer = ask(Locale::En, query).await;
            assert!(answer.contains(&format!("\"message\":\"{message}\"")), "{answer}");
        }
    }
}
