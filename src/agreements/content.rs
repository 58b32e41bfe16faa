//! The text that is signed: canonical content and its hash.
//!
//! Two agreements with the same content have the same bytes: members in alphabetical order, no spaces, dates as
//! `2026-12-31`, texts in Unicode's composed form. One comma changed is another hash.

use chrono::NaiveDate;
use entity::{
    agreement::{self, AgreementKind, RenewalPolicy},
    agreement_party::{self, PartyRole},
};
use sea_orm::ActiveEnum;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    platform::event::sha256,
};

/// Everything that the parties sign, members in alphabetical order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Content {
    /// The county's key.
    pub county: Uuid,
    /// The last day.
    pub ends_on: NaiveDate,
    /// What it is about.
    pub kind: String,
    /// The last day to give notice.
    pub notice_by: Option<NaiveDate>,
    /// The number on the cover.
    pub number: String,
    /// The framework agreement above it.
    pub parent: Option<Uuid>,
    /// Everyone named in it, in the order of the cover.
    pub parties: Vec<PartyContent>,
    /// The agreement that it renews.
    pub predecessor: Option<Uuid>,
    /// What happens when the notice date comes.
    pub renewal_policy: String,
    /// The first day; none for the day of the last signature.
    pub starts_on: Option<NaiveDate>,
    /// The text.
    pub terms: String,
    /// The title.
    pub title: String,
}

/// One party as it is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PartyContent {
    /// 甲方, 乙方, 丙方 …
    pub capacity: String,
    /// The organization's key.
    pub organization: Uuid,
    /// Signs, or only witnesses.
    pub role: String,
}

impl Content {
    /// What the row and its parties say now.
    #[must_use]
    pub fn of(agreement: &agreement::Model, parties: &[agreement_party::Model]) -> Self {
        let mut parties: Vec<_> = parties.iter().collect();
        parties.sort_by_key(|party| party.position);
        Self {
            county: agreement.county_id,
            ends_on: agreement.ends_on,
            kind: AgreementKind::to_value(&agreement.kind),
            notice_by: agreement.notice_by,
            number: agreement.number.clone(),
            parent: agreement.parent_id,
            parties: parties
                .into_iter()
                .map(|party| PartyContent {
                    capacity: party.capacity.clone(),
                    organization: party.organization_id,
                    role: PartyRole::to_value(&party.role),
                })
                .collect(),
            predecessor: agreement.predecessor_id,
            renewal_policy: RenewalPolicy::to_value(&agreement.renewal_policy),
            starts_on: agreement.starts_on,
            terms: agreement.terms.clone(),
            title: agreement.title.clone(),
        }
    }

    /// The canonical text and its SHA-256.
    ///
    /// # Errors
    /// Never for content made by [`Self::of`].
    pub fn freeze(&self) -> Result<(String, String)> {
        let text = serde_json::to_string(self).map_err(Error::internal)?;
        let hash = sha256(text.as_bytes());
        Ok((text, hash))
    }
}

/// The required parties, sorted and joined: two agreements between the same parties have the same.
#[must_use]
pub fn party_set(required: impl IntoIterator<Item = Uuid>) -> String {
    let mut keys: Vec<_> = required.into_iter().map(|key| key.simple().to_string()).collect();
    keys.sort();
    keys.join("+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comma_changes_the_hash() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
        let mut content = Content {
            county: Uuid::from_u128(1),
            ends_on: day,
            kind: "FRAMEWORK".into(),
            notice_by: None,
            number: "XY-511322-2026-0001".into(),
            parent: None,
            parties: vec![],
            predecessor: None,
            renewal_policy: "NONE".into(),
            starts_on: None,
            terms: "甲方负责场地乙方负责人员。".into(),
            title: "框架协议".into(),
        };
        let (text, before) = content.freeze().unwrap();
        assert_eq!(
            text,
            r#"{"county":"00000000-0000-0000-0000-000000000001","endsOn":"2026-12-31","kind":"FRAMEWORK","noticeBy":null,"number":"XY-511322-2026-0001","parent":null,"parties":[],"predecessor":null,"renewalPolicy":"NONE","startsOn":null,"terms":"甲方负责场地乙方负责人员。","title":"框架协议"}"#
        );
        content.terms = "甲方负责场地，乙方负责人员。".into();
        let (_, after) = content.freeze().unwrap();
        assert_ne!(before, after);
    }

    #[test]
    fn the_order_of_parties_does_not_matter_for_duplicates() {
        let [a, b] = [Uuid::from_u128(1), Uuid::from_u128(2)];
        assert_eq!(party_set([a, b]), party_set([b, a]));
    }
}
