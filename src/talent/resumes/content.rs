//! What a résumé says, as a student sends it and as it is kept: one canonical text with its hash.

use async_graphql::{Enum, InputObject};
use entity::{document, resume};
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    platform::{event::sha256, id::Id},
};

/// How far an education leads 学历层次.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EducationLevel {
    /// Secondary vocational 中职.
    SecondaryVocational,
    /// Higher vocational 专科.
    HigherVocational,
    /// Bachelor 本科.
    Bachelor,
    /// Master 硕士.
    Master,
    /// Doctor 博士.
    Doctor,
}

/// What kind of skill it is 技能类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SkillKind {
    /// A named professional software 专业软件.
    Software,
    /// A method or a technique 专业技能.
    Technique,
    /// A machine or an instrument 设备操作.
    Equipment,
    /// Working with people 通用能力.
    General,
}

/// How well it is mastered 熟练程度.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SkillLevel {
    /// Learned, little used 了解.
    Basic,
    /// Used under guidance 熟悉.
    Working,
    /// Used alone 熟练.
    Proficient,
    /// Teaches others 精通.
    Expert,
}

/// An education.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResumeEducationInput {
    /// The first month, such as 2022-09.
    pub from: String,
    /// How far it leads.
    pub level: EducationLevel,
    /// The major's code, such as 120203K.
    pub major: Option<String>,
    /// The school, 1 to 200 characters.
    pub school: String,
    /// The last month; left out while it goes on.
    pub to: Option<String>,
}

/// A skill.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResumeSkillInput {
    /// What shows it, 1 to 2,000 characters: a project, a certificate, a course.
    pub evidence: Option<String>,
    /// What kind of skill it is.
    pub kind: SkillKind,
    /// How well it is mastered.
    pub level: SkillLevel,
    /// Its name, 1 to 200 characters: `SolidWorks`.
    pub name: String,
}

/// Something that was done somewhere.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResumeExperienceInput {
    /// The first month, such as 2025-07.
    pub from: String,
    /// Where, 1 to 200 characters.
    pub organization: String,
    /// As what, 1 to 200 characters.
    pub role: String,
    /// What was done, 1 to 2,000 characters.
    pub text: Option<String>,
    /// The last month; left out while it goes on.
    pub to: Option<String>,
}

/// A certificate.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResumeCertificateInput {
    /// The month in which it was given, such as 2025-06.
    pub issued: Option<String>,
    /// Its name, 1 to 200 characters.
    pub name: String,
}

/// A language.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResumeLanguageInput {
    /// How well, 1 to 200 characters: `CET-6`.
    pub level: String,
    /// Which, 1 to 200 characters.
    pub name: String,
}

/// What kind of job is wished for.
#[derive(Clone, Debug, Default, InputObject, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResumeWishesInput {
    /// Families of positions, such as quality management; at most 20.
    pub families: Vec<String>,
    /// The pay, in words of up to 200 characters.
    pub pay: Option<String>,
    /// Places; at most 20.
    pub places: Vec<String>,
}

/// How a student is reached. An enterprise reads it only if the student consents to that by itself.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ResumeContactInput {
    /// The telephone number.
    pub phone: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
}

/// What a résumé says, without the contact data; members in alphabetical order.
#[derive(Clone, Debug, InputObject, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResumeContentInput {
    /// Certificates; at most 20.
    #[graphql(default)]
    pub certificates: Vec<ResumeCertificateInput>,
    /// Educations, the newest first; at most 20.
    pub education: Vec<ResumeEducationInput>,
    /// What was done and where, the newest first; at most 20.
    #[graphql(default)]
    pub experiences: Vec<ResumeExperienceInput>,
    /// In one line, 1 to 200 characters.
    pub headline: String,
    /// Languages; at most 20.
    #[graphql(default)]
    pub languages: Vec<ResumeLanguageInput>,
    /// Skills; at most 20.
    #[graphql(default)]
    pub skills: Vec<ResumeSkillInput>,
    /// In a paragraph, 1 to 2,000 characters.
    pub summary: Option<String>,
    /// What kind of job is wished for.
    #[graphql(default)]
    pub wishes: ResumeWishesInput,
}

/// A new version of the own résumé. Who may: a student.
#[derive(Clone, Debug, InputObject)]
pub struct ResumeSaveInput {
    /// The version of the résumé that you read; left out for the first.
    pub expected_version: Option<i32>,
    /// What it says.
    pub content: ResumeContentInput,
    /// How you are reached.
    #[graphql(default)]
    pub contact: ResumeContactInput,
    /// The file that goes with it: a document that you attached to the résumé and confirmed.
    pub document_id: Option<Id<document::Entity>>,
}

/// To erase the own résumé. Who may: whoever wrote it, also after the studies.
#[derive(Clone, Debug, InputObject)]
pub struct ResumeEraseInput {
    /// Which résumé.
    pub id: Id<resume::Entity>,
}

impl ResumeContentInput {
    /// The code of the major that is studied, or was last.
    #[must_use]
    pub fn major(&self) -> Option<&str> {
        self.education.first()?.major.as_deref()
    }

    /// What a frozen text says.
    ///
    /// # Errors
    /// Never for a text that [`Self::freeze`] made.
    pub fn thaw(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(Error::internal)
    }

    /// The canonical text and its SHA-256.
    ///
    /// # Errors
    /// Never for content that was checked.
    pub fn freeze(&self) -> Result<(String, String)> {
        let text = serde_json::to_string(self).map_err(Error::internal)?;
        let hash = sha256(text.as_bytes());
        Ok((text, hash))
    }
}
