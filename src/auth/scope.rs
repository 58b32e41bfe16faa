//! What is open to a service account: the fields and records of its scopes, and nothing else.
//!
//! It acts with the rights of its organization's admin, cut down here, at the two doors that everything passes: the root
//! fields that it may ask for, and the views that it may see, wherever they stand. What is not named is closed.

pub use entity::service_account::Scope;
use sea_orm::ActiveEnum as _;

/// Root fields that anybody may ask for.
const FIELDS: &[&str] = &[
    "version",
    "rateLimit",
    "enumLabels",
    "node",
    "nodes",
    "viewer",
    "validateCreditCode",
    "validateRegionCode",
    "validateSchoolCode",
    "validateMajorCode",
    "validateIndustryCode",
    "sizeClass",
    "regions",
    "region",
];
/// Views that show nothing of anybody else's.
const VIEWS: &[&str] = &["Session"];

/// Root fields that tell of recruitment events.
const EVENTS: &[&str] =
    &["recruitmentEvent", "recruitmentEvents", "eventExhibitor", "eventExhibitors", "registration", "registrations"];
/// Root fields with which they are held.
const HOLDING_EVENTS: &[&str] =
    &["recruitmentEventCreate", "recruitmentEventEdit", "eventExhibitorInvite", "registrationCheckIn"];
/// What is asked about positions and enterprises.
const POSITIONS_READ: &[&str] =
    &["position", "positions", "positionCounts", "positionTextCheck", "organizationQuestion", "organizationQuestions"];
/// What an enterprise's system does to its positions; deciding about them is for people.
const POSITIONS_WRITE: &[&str] = &[
    "positionCreate",
    "positionEdit",
    "positionSubmit",
    "positionRevise",
    "positionExtend",
    "positionFill",
    "positionWithdraw",
];

/// What a service account was granted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// From the words that the database keeps; unknown ones grant nothing.
    #[must_use]
    pub fn read(words: &str) -> Self {
        let one = |word: &str| Scope::try_from_value(&word.to_owned()).ok();
        Self(words.split_whitespace().filter_map(one).collect())
    }

    /// Each of them.
    #[must_use]
    pub fn all(&self) -> &[Scope] {
        &self.0
    }

    /// Whether they open a root field of the schema.
    #[must_use]
    pub fn open_field(&self, field: &str) -> bool {
        FIELDS.contains(&field) || self.0.iter().any(|scope| fields(*scope).contains(&field))
    }

    /// Whether they show a view of the schema.
    #[must_use]
    pub fn show(&self, view: &str) -> bool {
        VIEWS.contains(&view) || self.0.iter().any(|scope| views(*scope).contains(&view))
    }
}

/// The root fields that a scope opens.
#[must_use]
pub fn fields(scope: Scope) -> &'static [&'static str] {
    match scope {
        Scope::OrganizationsRead => {
            &["organization", "organizationByCreditCode", "organizations", "organizationSimilar"]
        }
        Scope::OrganizationsWrite => &["organizationRegister", "organizationUpdate"],
        Scope::AgreementsRead => &[
            "agreement",
            "agreementByNumber",
            "agreements",
            "agreementCounts",
            "agreementProposal",
            "cooperationItem",
            "cooperationItems",
            "amendment",
            "terminationImpact",
        ],
        Scope::AgreementsWrite => &[
            "agreementDraft",
            "agreementEdit",
            "amendmentDraft",
            "amendmentEdit",
            "cooperationItemCreate",
            "cooperationItemStart",
            "cooperationItemSubmit",
            "cooperationItemDefer",
        ],
        Scope::DocumentsRead => &["document", "documentDownloadCreate"],
        Scope::DocumentsWrite => &["documentUploadCreate", "documentConfirm"],
        Scope::TrailRead => &[],
        Scope::PositionsRead => POSITIONS_READ,
        Scope::PositionsWrite => POSITIONS_WRITE,
        Scope::EventsRead => EVENTS,
        Scope::EventsWrite => HOLDING_EVENTS,
    }
}

/// The views that a scope shows.
#[must_use]
pub fn views(scope: Scope) -> &'static [&'static str] {
    match scope {
        Scope::OrganizationsRead => &["Organization"],
        Scope::AgreementsRead => &[
            "Agreement",
            "AgreementCount",
            "AgreementParty",
            "AgreementVersion",
            "AgreementReview",
            "AgreementSignature",
            "AgreementProposal",
            "AgreementProposalVote",
            "CooperationItem",
            "CooperationItemDropVote",
            "Amendment",
            "AmendmentDecision",
            "Person",
        ],
        Scope::DocumentsRead => &["Document"],
        Scope::TrailRead => &["Event"],
        Scope::PositionsRead => {
            &["Position", "PositionCount", "PositionSkill", "PositionMajor", "OrganizationQuestion", "Person"]
        }
        Scope::EventsRead => &["RecruitmentEvent", "EventExhibitor", "Registration", "Person"],
        Scope::OrganizationsWrite
        | Scope::AgreementsWrite
        | Scope::DocumentsWrite
        | Scope::PositionsWrite
        | Scope::EventsWrite => &[],
    }
}
