//! The parts of agreements as clients see them; each is seen with its agreement.

use entity::{
    agreement_party::{self, PartyRole},
    agreement_review::{self, ReviewDecision},
    agreement_signature::{self, SignatureEvidence},
    agreement_version,
};

use super::store;
use crate::{
    agreements::graphql::Agreement,
    documents::graphql::Document,
    graphql::{DateTime, ID, column, one},
    identity::graphql::Person,
    organizations::graphql::Organization,
    view,
};

view! {
    /// One organization named in an agreement 协议一方; seen with its agreement.
    pub AgreementParty of agreement_party, seen by store::parties_visible_to, with Agreement by AgreementId, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The organization; null if it is no longer to be seen 单位.
    organization: Option<Organization> = one(OrganizationId);
    /// How the text calls it: 甲方, 乙方 … 称谓.
    capacity: String = column(Capacity);
    /// Signs, or only witnesses 参与方式.
    role: PartyRole = column(Role);
    /// Its place on the cover, from 0 顺序.
    position: i32 = column(Position);
}

view! {
    /// A text as it was submitted; it never changes 协议版本.
    pub AgreementVersion of agreement_version, seen by store::versions_visible_to, with Agreement by AgreementId, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// 1 for the first submission 版本号.
    number: i32 = column(Number);
    /// Everything that is signed, as canonical JSON 规范化文本.
    content: String = column(Content);
    /// SHA-256 of the content, 64 hexadecimal digits 文本哈希.
    content_hash: String = column(ContentHash);
    /// Who submitted it 提交人.
    submitted_by: Option<Person> = one(SubmittedById);
    /// When 提交时间.
    created_at: DateTime = column(CreatedAt);
}

view! {
    /// What a party said of a text under review 会审意见.
    pub AgreementReview of agreement_review, seen by store::reviews_visible_to, with Agreement by AgreementId, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The text that was read 所审版本.
    version: Option<AgreementVersion> = one(VersionId);
    /// The party 单位.
    organization: Option<Organization> = one(OrganizationId);
    /// The person 审核人.
    reviewer: Option<Person> = one(ReviewerId);
    /// In whose stead, under a delegation 委托人.
    on_behalf_of: Option<Person> = one(OnBehalfOfId);
    /// What was decided 结论.
    decision: ReviewDecision = column(Decision);
    /// The reason; a note on an approval is for the party's own people only 意见.
    note: Option<String> = column(Note).only_if(store::review_notes_visible_to);
    /// When 时间.
    created_at: DateTime = column(CreatedAt);
}

view! {
    /// A party's signature under one text 签署记录.
    pub AgreementSignature of agreement_signature, seen by store::signatures_visible_to, with Agreement by AgreementId, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The text that was signed 所签版本.
    version: Option<AgreementVersion> = one(VersionId);
    /// The party 单位.
    organization: Option<Organization> = one(OrganizationId);
    /// The person 签署人.
    signer: Option<Person> = one(SignerId);
    /// In whose stead, under a delegation 委托人.
    on_behalf_of: Option<Person> = one(OnBehalfOfId);
    /// The hash that was signed 所签哈希.
    content_hash: String = column(ContentHash);
    /// What shows it; PLATFORM is a record of a click, not a reliable electronic signature in law 凭据.
    evidence: SignatureEvidence = column(Evidence);
    /// The scan, for the parties that sign 扫描件.
    document: Option<Document> = one(DocumentId);
    /// When 签署时间.
    signed_at: DateTime = column(SignedAt);
    /// The second person who compared a scan with the text 扫描件确认人.
    confirmed_by: Option<Person> = one(ConfirmedById);
    /// When the scan was confirmed 确认时间.
    confirmed_at: Option<DateTime> = column(ConfirmedAt);
    /// When it became void because the text was withdrawn for revision 作废时间.
    voided_at: Option<DateTime> = column(VoidedAt);
}
