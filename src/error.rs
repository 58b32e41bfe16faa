//! The one list of ways a request can fail.
//!
//! Two families, told apart by who can put it right. A [`Problem`] is something the *caller* can mend: a field, a
//! step taken too early, a version that moved on. Mutations hand problems back as data (`userErrors`), all at once;
//! in queries they are GraphQL errors. Everything else is a [`Refusal`] and always a GraphQL error. The code is the
//! contract and never changes; the words follow the reader's language.

use std::{borrow::Cow, fmt, sync::Arc};

use async_graphql::{Enum, ErrorExtensionValues, ID, SimpleObject};

/// What every fallible function of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request failed 错误代码. The code is stable: programs branch on it, people read the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(name = "ErrorCode")]
pub enum Code {
    /// A value is missing, malformed or out of range; `path` names it 输入无效.
    InvalidInput,
    /// The record's status does not allow this step now; `details.openSteps` lists those that are open 步骤不可用.
    IllegalStep,
    /// A rule of the cooperation forbids it, whoever asks 违反规则.
    RuleViolated,
    /// The record changed since you read it; `details.currentVersion` is what to read again 版本冲突.
    Conflict,
    /// No place is left 名额已满.
    CapacityFull,
    /// Someone or something is already booked at that time 时段已被占用.
    SlotTaken,
    /// The same thing exists already 重复.
    Duplicate,
    /// The person concerned has not consented, or no longer does 需要同意.
    ConsentRequired,
    /// No valid sign-in came with the request 未登录.
    Unauthenticated,
    /// You may see it, but your role may not do this 无权操作.
    Forbidden,
    /// There is nothing here that you may see 未找到.
    NotFound,
    /// The document asks for more than one request may 超出限制.
    LimitExceeded,
    /// Too many requests; try again later 请求过于频繁.
    RateLimited,
    /// It took too long and was stopped; nothing was half done 超时.
    Timeout,
    /// Our fault; quote the request id to whoever runs the server 内部错误.
    Internal,
}

impl Code {
    /// The code as clients see it: `INVALID_INPUT`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "INVALID_INPUT",
            Self::IllegalStep => "ILLEGAL_STEP",
            Self::RuleViolated => "RULE_VIOLATED",
            Self::Conflict => "CONFLICT",
            Self::CapacityFull => "CAPACITY_FULL",
            Self::SlotTaken => "SLOT_TAKEN",
            Self::Duplicate => "DUPLICATE",
            Self::ConsentRequired => "CONSENT_REQUIRED",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::RateLimited => "RATE_LIMITED",
            Self::Timeout => "TIMEOUT",
            Self::Internal => "INTERNAL",
        }
    }
}

/// The languages in which Hezuo speaks to people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English, the default.
    #[default]
    En,
    /// Simplified Chinese 简体中文.
    Zh,
}

/// A sentence in every language of [`Locale`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    en: Cow<'static, str>,
    zh: Cow<'static, str>,
}

impl Text {
    /// The same sentence in English and in Chinese.
    pub fn new(en: impl Into<Cow<'static, str>>, zh: impl Into<Cow<'static, str>>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// The sentence in the reader's language.
    #[must_use]
    pub fn in_locale(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.en,
            Locale::Zh => &self.zh,
        }
    }
}

/// What a program needs to go on after a problem. Only the members that the code speaks of are set.
#[derive(Clone, Debug, Default, PartialEq, Eq, SimpleObject)]
#[graphql(name = "UserErrorDetails")]
pub struct Details {
    /// CONFLICT: the record's version now.
    pub current_version: Option<i32>,
    /// CONFLICT while signing: the hash of the content now (64 hexadecimal digits).
    pub current_hash: Option<String>,
    /// ILLEGAL_STEP: the steps that are open to you now.
    pub open_steps: Option<Vec<String>>,
    /// DUPLICATE: the name of what exists already, if you may know it.
    pub existing: Option<String>,
    /// CAPACITY_FULL: the ids of interview slots of the same enterprise that still have places, the soonest first, at
    /// most five; `nodes` reads them. RULE_VIOLATED of whoever would wait for a session that has places: its slots.
    pub alternatives: Option<Vec<ID>>,
}

/// One thing the caller can put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem.
    pub code: Code,
    /// What is wrong and what was expected, naming the field.
    pub message: Text,
    /// Where in the arguments: `["input", "parties", "0", "organizationId"]`.
    pub path: Vec<String>,
    /// What a program needs to go on.
    pub details: Details,
}

impl Problem {
    /// A problem with the whole input.
    #[must_use]
    pub fn new(code: Code, message: Text) -> Self {
        Self { code, message, path: Vec::new(), details: Details::default() }
    }

    /// The same problem, at one argument.
    #[must_use]
    pub fn at<I: IntoIterator<Item = S>, S: Into<String>>(mut self, path: I) -> Self {
        self.path = path.into_iter().map(Into::into).collect();
        self
    }

    /// The same problem, with what a program needs to go on.
    #[must_use]
    pub fn with(mut self, details: Details) -> Self {
        self.details = details;
        self
    }
}

/// Something the caller cannot mend by changing the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which kind.
    pub code: Code,
    /// The reason in words that give nothing away.
    pub message: Text,
}

/// Why a request failed.
#[derive(Clone, Debug)]
pub enum Error {
    /// What the caller can put right, all of it. Never empty.
    Problems(Vec<Problem>),
    /// What the caller cannot.
    Refused(Refusal),
    /// Our own failure. The cause goes to the log, never to the caller.
    Internal(Arc<dyn std::error::Error + Send + Sync>),
}

impl Error {
    fn refused(code: Code, en: &'static str, zh: &'static str) -> Self {
        Self::Refused(Refusal { code, message: Text::new(en, zh) })
    }

    /// Nobody is signed in.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::refused(Code::Unauthenticated, "Sign in first.", "请先登录。")
    }

    /// The actor sees the record but may not do this.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::refused(Code::Forbidden, "Your role may not do this here.", "您的角色无权执行此操作。")
    }

    /// The server runs what its own frontends registered, and nothing else.
    #[must_use]
    pub fn unregistered() -> Self {
        let en = "This server runs registered documents only; this one is not registered.";
        Self::refused(Code::Forbidden, en, "本服务器仅执行已登记的文档，该文档未登记。")
    }

    /// Missing and not-yours look the same.
    #[must_use]
    pub fn not_found() -> Self {
        Self::refused(Code::NotFound, "There is no such record that you may see.", "没有您可查看的该记录。")
    }

    /// The person concerned has not consented to this being shown, or no longer does.
    #[must_use]
    pub fn consent_required() -> Self {
        let en = "The person concerned has not consented to showing you this, or no longer does.";
        Self::refused(Code::ConsentRequired, en, "当事人尚未同意向您提供此信息，或已撤回同意。")
    }

    /// It took too long.
    #[must_use]
    pub fn timeout() -> Self {
        Self::refused(Code::Timeout, "It took too long and was stopped.", "处理超时，已停止。")
    }

    /// Too many attempts.
    #[must_use]
    pub fn rate_limited() -> Self {
        Self::refused(Code::RateLimited, "Too many attempts; try again later.", "尝试过于频繁，请稍后再试。")
    }

    /// One request asks for too much; the message says of what.
    #[must_use]
    pub fn limit_exceeded(message: Text) -> Self {
        Self::Refused(Refusal { code: Code::LimitExceeded, message })
    }

    /// Our own failure, by its cause.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(Arc::from(cause.into()))
    }

    /// A rule of the cooperation forbids it.
    #[must_use]
    pub fn rule(en: impl Into<Cow<'static, str>>, zh: impl Into<Cow<'static, str>>) -> Self {
        Problem::new(Code::RuleViolated, Text::new(en, zh)).into()
    }

    /// The code of the failure; of the first problem where there are several.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Problems(problems) => problems.first().map_or(Code::Internal, |problem| problem.code),
            Self::Refused(refusal) => refusal.code,
            Self::Internal(_) => Code::Internal,
        }
    }

    /// What the caller reads, in the caller's language.
    #[must_use]
    pub fn message(&self, locale: Locale) -> Cow<'_, str> {
        match self {
            Self::Problems(problems) => {
                let sentences: Vec<_> = problems.iter().map(|problem| problem.message.in_locale(locale)).collect();
                Cow::Owned(sentences.join(" "))
            }
            Self::Refused(refusal) => Cow::Borrowed(refusal.message.in_locale(locale)),
            Self::Internal(_) => Cow::Borrowed(match locale {
                Locale::En => "Something went wrong on our side.",
                Locale::Zh => "系统内部错误。",
            }),
        }
    }

    /// The members of `extensions`: the code, and for a problem where it is and what helps.
    #[must_use]
    pub fn extensions(&self) -> ErrorExtensionValues {
        let mut values = ErrorExtensionValues::default();
        values.set("code", self.code().as_str());
        if let Self::Problems(problems) = self
            && let [problem] = problems.as_slice()
        {
            if !problem.path.is_empty() {
                values.set("argument", problem.path.clone());
            }
            if let Some(version) = problem.details.current_version {
                values.set("currentVersion", version);
            }
        }
        values
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problems(vec![problem])
    }
}

/// The text of a database error never leaves the server.
impl From<sea_orm::DbErr> for Error {
    fn from(cause: sea_orm::DbErr) -> Self {
        Self::internal(cause)
    }
}

/// Code and English words, and nothing of an internal cause: async-graphql turns whatever can be displayed into an
/// error for the client, keeping this as its source, from which `http` makes the final words.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code().as_str(), self.message(Locale::En))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Internal(cause) => Some(&**cause),
            Self::Problems(_) | Self::Refused(_) => None,
        }
    }
}
