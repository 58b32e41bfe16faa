//! The schema is the checklist: every root field, and what each persona is answered.
//!
//! A field without a row fails the test. Whoever is denied has changed nothing: not a version, not an event.

mod applications;
mod events;
mod ground;
mod interviews;
mod parts;
mod positions;
mod requests;
mod resumes;
mod roster;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Answer, on_both, sdl};
use ground::Ground;

/// The personas, in the order of the columns: the university's admin, staff, professor and student; the county's admin,
/// officer and auditor; the enterprise's admin and recruiter; the platform's admin; the admin of another county and of
/// another enterprise of the same county; nobody.
const COLUMNS: &str = "ua us pr st ca co au ea er pa yc be no";

/// What each is answered: `ok`; `-` there is nothing that you may see (null in a query, NOT_FOUND in a mutation); `F`
/// FORBIDDEN; `U` UNAUTHENTICATED; `I` INVALID_INPUT.
#[rustfmt::skip]
const TABLE: &[(&str, &str)] = &[
    // Query                           ua us pr st ca co au ea er pa yc be no
    ("version",                       "ok ok ok ok ok ok ok ok ok ok ok ok ok"),
    ("rateLimit",                     "ok ok ok ok ok ok ok ok ok ok ok ok ok"),
    ("enumLabels",                    "ok ok ok ok ok ok ok ok ok ok ok ok ok"),
    ("node",                          "ok ok ok ok ok ok ok ok ok -  -  -  U "),
    ("nodes",                         "ok ok ok ok ok ok ok ok ok -  -  -  U "),
    ("viewer",                        "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("sessions",                      "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("user",                          "ok -  -  -  -  -  -  -  -  ok -  -  U "),
    ("users",                         "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("membership",                    "ok -  -  -  -  -  -  -  -  ok -  -  U "),
    ("memberships",                   "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("invitation",                    "ok -  -  -  -  -  -  -  -  -  -  -  U "),
    ("serviceAccount",                "ok -  -  -  -  -  -  -  -  -  -  -  U "),
    ("serviceAccounts",               "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("invitations",                   "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("signInOptions",                 "ok ok ok ok ok ok ok ok ok ok ok ok ok"),
    ("issuer",                        "ok -  -  -  -  -  -  -  -  ok -  -  U "),
    ("issuers",                       "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("identity",                      "ok -  -  -  -  -  -  -  -  -  -  -  U "),
    ("identities",                    "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("delegation",                    "ok -  -  -  -  -  -  -  -  -  -  -  U "),
    ("delegations",                   "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("organization",                  "-  -  -  -  ok ok -  -  -  ok -  -  U "),
    ("organizationByCreditCode",      "-  -  -  -  ok ok -  -  -  ok -  -  U "),
    ("organizations",                 "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("organizationSimilar",           "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("organizationMergePreview",      "-  -  -  -  F  F  -  -  -  ok -  -  U "),
    ("document",                      "ok ok ok ok ok ok ok ok ok -  -  -  U "),
    ("notification",                  "-  -  -  -  ok -  -  -  -  -  -  -  U "),
    ("agreement",                     "ok ok ok ok ok ok ok ok ok -  -  -  U "),
    ("agreementByNumber",             "ok ok ok ok ok ok ok ok ok -  -  -  U "),
    ("agreements",                    "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("agreementCounts",               "ok ok ok ok ok ok ok ok ok -  -  -  U "),
    ("agreementProposal",             "ok ok ok ok ok ok ok ok ok -  -  -  U "),
    ("terminationImpact",             "ok ok ok ok ok ok ok ok ok -  -  -  U "),
    ("cooperationItem",               "ok ok ok ok ok ok ok ok ok -  -  -  U "),
    ("cooperationItems",              "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("amendment",                     "ok ok ok ok ok ok ok ok ok -  -  -  U "),
    ("recruitmentEvent",              "ok ok ok ok ok ok ok -  -  -  -  -  U "),
    ("recruitmentEvents",             "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("eventExhibitor",                "ok ok ok ok ok ok ok ok ok -  -  -  U "),
    ("eventExhibitors",               "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("registration",                  "ok ok -  ok -  -  -  -  -  -  -  -  U "),
    ("registrations",                 "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("registrationCode",              "-  -  -  ok -  -  -  -  -  -  -  -  U "),
    ("shareConsent",                  "-  -  -  ok -  -  -  ok ok -  -  -  U "),
    ("shareConsents",                 "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("shareConsentNotice",            "ok ok ok ok ok ok ok ok ok ok ok ok ok"),
    ("studentRecord",                 "ok ok -  -  -  -  -  -  -  -  -  -  U "),
    ("studentRecords",                "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("studentRecordImportColumns",    "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("resume",                        "ok ok -  ok -  -  -  ok ok -  -  -  U "),
    ("resumes",                       "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("resumeAccesses",                "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("position",                      "-  -  -  -  ok ok -  ok ok -  -  -  U "),
    ("positions",                     "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("positionImportColumns",         "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("positionCounts",                "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("positionTextCheck",             "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("organizationQuestion",          "-  -  -  ok -  -  -  ok ok -  -  -  U "),
    ("organizationQuestions",         "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("validateCreditCode",            "ok ok ok ok ok ok ok ok ok ok ok ok ok"),
    ("validateRegionCode",            "ok ok ok ok ok ok ok ok ok ok ok ok ok"),
    ("validateSchoolCode",            "ok ok ok ok ok ok ok ok ok ok ok ok ok"),
    ("validateMajorCode",             "ok ok ok ok ok ok ok ok ok ok ok ok ok"),
    ("validateIndustryCode",          "ok ok ok ok ok ok ok ok ok ok ok ok ok"),
    ("sizeClass",                     "ok ok ok ok ok ok ok ok ok ok ok ok ok"),
    ("regions",                       "ok ok ok ok ok ok ok ok ok ok ok ok ok"),
    ("region",                        "ok ok ok ok ok ok ok ok ok ok ok ok ok"),
    ("application",                   "ok ok -  ok -  -  -  ok ok -  -  -  U "),
    ("applications",                  "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("applicationCounts",             "ok ok -  ok -  -  -  ok ok -  -  -  U "),
    ("interviewSession",              "ok ok -  ok -  -  -  ok ok -  -  -  U "),
    ("interviewSessions",             "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("interviewSlot",                 "ok ok -  ok -  -  -  ok ok -  -  -  U "),
    ("interviewSlots",                "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("interviewBooking",              "ok ok -  ok -  -  -  ok ok -  -  -  U "),
    ("interviewBookings",             "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("interviewWait",                 "ok ok -  ok -  -  -  ok ok -  -  -  U "),
    ("interviewWaits",                "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("interviewSwap",                 "ok ok -  ok -  -  -  -  -  -  -  -  U "),
    ("interviewSwaps",                "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("interviewQueue",                "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("negotiation",                   "ok ok -  ok -  -  -  ok ok -  -  -  U "),
    ("negotiations",                  "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("overdueNegotiations",           "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("employmentRecord",              "ok ok -  ok -  -  -  ok ok -  -  -  U "),
    ("employmentRecords",             "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("retentionChecks",               "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("search",                        "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("talentFunnel",                  "ok ok F  F  ok ok ok ok ok ok ok ok U "),
    ("positionSuggestions",           "F  F  F  ok F  F  F  F  F  F  F  F  U "),
    ("positionSuggestionSetting",     "F  F  F  ok F  F  F  F  F  F  F  F  U "),
    // Mutation                        ua us pr st ca co au ea er pa yc be no
    ("sessionCreate",                 "ok ok ok ok ok ok ok ok ok ok ok ok ok"),
    ("sessionRefresh",                "ok ok ok ok ok ok ok ok ok ok ok ok ok"),
    ("sessionSwitch",                 "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("sessionEnd",                    "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("sessionRevoke",                 "ok -  -  -  -  -  -  -  -  -  -  -  U "),
    ("profileUpdate",                 "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("passwordChange",                "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("passwordResetCreate",           "ok -  -  -  -  -  -  -  -  F  -  -  U "),
    ("passwordResetRevoke",           "ok -  -  -  -  -  -  -  -  F  -  -  U "),
    ("passwordResetAccept",           "I  I  I  I  I  I  I  I  I  I  I  I  I "),
    ("userDisable",                   "F  -  -  -  -  -  -  -  -  ok -  -  U "),
    ("userEnable",                    "F  -  -  -  -  -  -  -  -  ok -  -  U "),
    ("membershipEnd",                 "ok -  -  -  -  -  -  -  -  ok -  -  U "),
    ("invitationCreate",              "ok F  F  F  F  F  F  F  F  F  F  F  U "),
    ("invitationRevoke",              "ok -  -  -  -  -  -  -  -  -  -  -  U "),
    ("invitationAccept",              "I  I  I  I  I  I  I  I  I  I  I  I  ok"),
    // Who is signed in by an issuer is told in identity/exchange.rs; this token is nobody's.
    ("sessionExchange",               "U  U  U  U  U  U  U  U  U  U  U  U  U "),
    ("issuerCreate",                  "ok F  F  F  ok F  F  ok F  F  ok ok U "),
    ("issuerDisable",                 "ok -  -  -  -  -  -  -  -  ok -  -  U "),
    ("issuerEnable",                  "ok -  -  -  -  -  -  -  -  F  -  -  U "),
    ("identityAllow",                 "ok -  -  -  -  -  -  -  -  F  -  -  U "),
    ("identityRevoke",                "ok -  -  -  -  -  -  -  -  -  -  -  U "),
    ("delegationGrant",               "ok -  -  -  -  -  -  -  -  F  -  -  U "),
    ("delegationRevoke",              "ok -  -  -  -  -  -  -  -  -  -  -  U "),
    ("serviceAccountCreate",          "ok F  F  F  ok F  F  ok F  ok ok ok U "),
    ("serviceAccountRotateSecret",    "ok -  -  -  -  -  -  -  -  -  -  -  U "),
    ("serviceAccountRevoke",          "ok -  -  -  -  -  -  -  -  -  -  -  U "),
    ("organizationRegister",          "F  F  F  F  ok ok F  F  F  F  F  F  U "),
    ("organizationUpdate",            "F  F  F  F  F  F  F  ok F  F  F  F  U "),
    ("organizationVerify",            "-  -  -  -  ok ok -  -  -  F  -  -  U "),
    ("organizationReject",            "-  -  -  -  ok ok -  -  -  F  -  -  U "),
    ("organizationSuspend",           "F  F  F  F  ok ok F  F  F  F  F  F  U "),
    ("organizationReinstate",         "-  -  -  -  ok ok -  -  -  F  -  -  U "),
    ("organizationCease",             "F  F  F  F  ok ok F  F  F  F  F  F  U "),
    ("organizationMerge",             "-  -  -  -  F  F  -  -  -  ok -  -  U "),
    ("documentUploadCreate",          "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("documentConfirm",               "ok F  F  F  -  -  -  -  -  -  -  -  U "),
    ("documentDownloadCreate",        "ok ok ok ok ok ok ok ok ok -  -  -  U "),
    ("notificationMarkRead",          "-  -  -  -  ok -  -  -  -  -  -  -  U "),
    ("notificationMarkAllRead",       "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("agreementDraft",                "ok F  F  F  ok F  F  ok F  F  ok ok U "),
    ("agreementEdit",                 "ok F  F  F  -  -  -  -  -  -  -  -  U "),
    ("agreementSubmit",               "ok F  F  F  -  -  -  -  -  -  -  -  U "),
    ("agreementApprove",              "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("agreementReturn",               "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("agreementReject",               "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("agreementSign",                 "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("agreementSignatureConfirm",     "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("agreementWithdrawForRevision",  "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("agreementCancel",               "ok F  F  F  F  F  F  F  F  -  -  -  U "),
    ("agreementRenew",                "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("agreementPropose",              "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("agreementProposalVote",         "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("agreementProposalWithdraw",     "ok F  F  F  F  F  F  F  F  -  -  -  U "),
    ("agreementTerminate",            "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("cooperationItemCreate",         "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("cooperationItemStart",          "F  F  F  F  F  F  F  ok ok -  -  -  U "),
    ("cooperationItemSubmit",         "F  F  F  F  F  F  F  ok ok -  -  -  U "),
    ("cooperationItemAccept",         "ok F  F  F  ok ok F  F  F  -  -  -  U "),
    ("cooperationItemReturn",         "ok F  F  F  ok ok F  F  F  -  -  -  U "),
    ("cooperationItemDefer",          "F  F  F  F  F  F  F  ok ok -  -  -  U "),
    ("cooperationItemDrop",           "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("amendmentDraft",                "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("amendmentEdit",                 "ok F  F  F  -  -  -  -  -  -  -  -  U "),
    ("amendmentSubmit",               "ok F  F  F  -  -  -  -  -  -  -  -  U "),
    ("amendmentApprove",              "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("amendmentReject",               "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("amendmentSign",                 "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("amendmentSignatureConfirm",     "ok F  F  F  ok F  F  ok F  -  -  -  U "),
    ("amendmentWithdraw",             "ok F  F  F  F  F  F  F  F  -  -  -  U "),
    ("recruitmentEventCreate",        "ok ok F  F  ok ok F  F  F  F  ok F  U "),
    ("recruitmentEventEdit",          "ok ok F  F  -  -  -  -  -  -  -  -  U "),
    ("recruitmentEventSubmit",        "ok ok F  F  -  -  -  -  -  -  -  -  U "),
    ("recruitmentEventReturn",        "F  F  F  F  ok ok F  -  -  -  -  -  U "),
    ("recruitmentEventPublish",       "F  F  F  F  ok ok F  -  -  -  -  -  U "),
    ("recruitmentEventMove",          "ok ok F  F  F  F  F  F  F  F  F  F  U "),
    ("recruitmentEventOpenCheckIn",   "ok ok F  F  F  F  F  F  F  F  F  F  U "),
    ("recruitmentEventStart",         "ok ok F  F  F  F  F  F  F  F  F  F  U "),
    ("recruitmentEventClose",         "ok ok F  F  F  F  F  F  F  F  F  F  U "),
    ("recruitmentEventReport",        "ok ok F  F  F  F  F  F  F  F  F  F  U "),
    ("recruitmentEventCancel",        "ok ok F  F  F  F  F  F  F  F  F  F  U "),
    ("recruitmentEventArticleWrite",  "ok ok F  F  F  F  F  F  F  F  F  F  U "),
    ("recruitmentEventArticlePublish","ok ok F  F  F  F  F  F  F  F  F  F  U "),
    ("eventExhibitorRequest",         "F  F  F  F  F  F  F  ok ok F  F  ok U "),
    ("eventExhibitorInvite",          "ok ok F  F  F  F  F  F  F  F  F  F  U "),
    ("eventExhibitorConfirm",         "ok ok F  F  F  F  F  F  F  -  -  -  U "),
    ("eventExhibitorAccept",          "F  F  F  F  F  F  F  ok ok -  -  -  U "),
    ("eventExhibitorDecline",         "ok ok F  F  F  F  F  F  F  -  -  -  U "),
    ("eventExhibitorWithdraw",        "F  F  F  F  F  F  F  ok ok -  -  -  U "),
    ("registrationCreate",            "F  F  F  ok F  F  F  F  F  F  F  F  U "),
    ("registrationCancel",            "F  F  -  ok -  -  -  -  -  -  -  -  U "),
    ("registrationCheckIn",           "ok ok F  F  F  F  F  F  F  F  F  F  U "),
    ("shareConsentGive",              "F  F  F  ok F  F  F  F  F  F  F  F  U "),
    ("shareConsentWithdraw",          "-  -  -  ok -  -  -  F  F  -  -  -  U "),
    ("shareConsentWithdrawAll",       "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("resumeSave",                    "F  F  F  ok F  F  F  F  F  F  F  F  U "),
    ("resumeErase",                   "F  F  -  ok -  -  -  F  F  -  -  -  U "),
    ("applicationSubmit",              "F  F  F  ok F  F  F  F  F  F  F  F  U "),
    ("applicationShortlist",           "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("applicationInvite",              "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("applicationRecordInterview",     "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("applicationRecordNoShow",        "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("applicationDeclareIntention",    "F  F  -  ok -  -  -  ok ok -  -  -  U "),
    ("applicationConfirmIntention",    "F  F  -  ok -  -  -  ok ok -  -  -  U "),
    ("applicationOpenNegotiation",     "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("applicationOffer",               "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("applicationAccept",              "F  F  -  ok -  -  -  F  F  -  -  -  U "),
    ("applicationDecline",             "F  F  -  ok -  -  -  F  F  -  -  -  U "),
    ("applicationReject",              "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("applicationWithdraw",            "F  F  -  ok -  -  -  F  F  -  -  -  U "),
    ("applicationRecordSigning",       "ok ok -  F  -  -  -  F  F  -  -  -  U "),
    ("applicationRecordOnboarding",    "ok ok -  F  -  -  -  F  F  -  -  -  U "),
    ("interviewSessionExtend",        "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("interviewSessionClose",         "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("interviewSessionCancel",        "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("interviewBookingCreate",        "F  F  -  ok -  -  -  F  F  -  -  -  U "),
    ("interviewBookingWalkIn",        "F  F  F  F  F  F  F  ok ok F  F  F  U "),
    ("interviewBookingCancel",        "F  F  -  ok -  -  -  F  F  -  -  -  U "),
    ("interviewBookingCheckIn",       "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("interviewBookingFinish",        "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("interviewBookingScore",         "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("interviewBookingMiss",          "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("interviewBookingExcuse",        "ok ok -  F  -  -  -  F  F  -  -  -  U "),
    ("interviewWaitJoin",             "F  F  -  ok -  -  -  F  F  -  -  -  U "),
    ("interviewWaitLeave",            "F  F  -  ok -  -  -  F  F  -  -  -  U "),
    ("interviewWaitAccept",           "F  F  -  ok -  -  -  F  F  -  -  -  U "),
    ("interviewWaitDecline",          "F  F  -  ok -  -  -  F  F  -  -  -  U "),
    ("interviewSwapRequest",          "F  F  -  ok -  -  -  F  F  -  -  -  U "),
    ("interviewSwapAccept",           "F  F  -  ok -  -  -  -  -  -  -  -  U "),
    ("interviewSwapWithdraw",         "F  F  -  ok -  -  -  -  -  -  -  -  U "),
    ("interviewSessionCreate",        "F  F  F  F  F  F  F  ok ok F  F  ok U "),
    // After the far session that was just laid out: early enough to move.
    ("interviewBookingMove",          "F  F  -  ok -  -  -  F  F  -  -  -  U "),
    ("negotiationHold",                "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("negotiationAgree",               "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("negotiationContinue",            "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("negotiationFail",                "F  F  -  F  -  -  -  ok ok -  -  -  U "),
    ("retentionCheckConfirmRetained",  "ok ok -  ok -  -  -  ok ok -  -  -  U "),
    ("retentionCheckConfirmLeft",      "ok ok -  ok -  -  -  ok ok -  -  -  U "),
    ("registrationExcuse",            "ok ok -  -  -  -  -  -  -  -  -  -  U "),
    ("positionCreate",                "F  F  F  F  F  F  F  ok ok F  F  ok U "),
    ("positionImport",                "F  F  F  F  F  F  F  ok ok F  F  ok U "),
    ("positionEdit",                  "-  -  -  -  F  F  -  ok ok -  -  -  U "),
    ("positionSubmit",                "-  -  -  -  F  F  -  ok ok -  -  -  U "),
    ("positionPublish",               "-  -  -  -  ok ok -  F  F  -  -  -  U "),
    ("positionReturn",                "-  -  -  -  ok ok -  F  F  -  -  -  U "),
    ("positionBlock",                 "F  F  F  F  ok ok F  F  F  F  F  F  U "),
    ("positionRevise",                "-  -  -  -  F  F  -  ok ok -  -  -  U "),
    ("positionExtend",                "F  F  F  F  F  F  F  ok ok F  F  F  U "),
    ("positionFill",                  "F  F  F  F  F  F  F  ok ok F  F  F  U "),
    ("positionWithdraw",              "F  F  F  F  F  F  F  ok ok F  F  F  U "),
    ("organizationQuestionAsk",       "ok ok ok ok ok ok F  F  F  F  ok F  U "),
    ("organizationQuestionAnswer",    "-  -  -  F  -  -  -  ok ok -  -  -  U "),
    ("organizationQuestionDecline",   "-  -  -  F  -  -  -  ok ok -  -  -  U "),
    ("organizationQuestionWithdraw",  "-  -  -  ok -  -  -  F  F  -  -  -  U "),
    ("studentRecordImport",           "ok ok F  F  F  F  F  F  F  F  F  F  U "),
    ("studentRecordEdit",             "ok ok -  -  -  -  -  -  -  -  -  -  U "),
    ("studentRecordInvite",           "ok ok F  F  F  F  F  F  F  F  F  F  U "),
    ("studentRecordRemove",           "ok ok F  F  F  F  F  F  F  F  F  F  U "),
    ("positionSuggestionSettingUpdate", "F  F  F  ok F  F  F  F  F  F  F  F  U "),
    ("studentDataExport",             "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    // Subscription                    ua us pr st ca co au ea er pa yc be no
    ("notificationReceived",          "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("talentFunnelChanged",           "ok ok F  F  ok ok ok ok ok ok ok ok U "),
    ("interviewQueueChanged",         "ok ok ok ok ok ok ok ok ok ok ok ok U "),
    ("importProgress",                "ok ok ok ok ok ok ok ok ok ok ok ok U "),
];

/// Every field of the three roots has a row, and no row is left over.
#[test]
fn every_field_has_a_row() {
    let asked: BTreeSet<&str> = sdl::ROOTS.into_iter().flat_map(sdl::fields).map(|field| field.name.as_str()).collect();
    let rows: BTreeSet<&str> = TABLE.iter().map(|(field, _)| *field).collect();
    let without: Vec<_> = asked.difference(&rows).collect();
    assert!(without.is_empty(), "say in TABLE who may what: {without:?}");
    let left: Vec<_> = rows.difference(&asked).collect();
    assert!(left.is_empty(), "the schema has these no more: {left:?}");
    assert_eq!(rows.len(), TABLE.len(), "a field has two rows");
}

on_both! {
    /// Everybody asks for everything.
    async fn everybody_is_answered_as_the_table_says(app: TestApp) {
        let mut ground = Ground::new(&app).await;
        let mut wrong = Vec::new();
        for (field, expected) in TABLE {
            let mut answers = Vec::new();
            for column in COLUMNS.split(' ') {
                let request = requests::request(&mut ground, field, column).await;
                let before = ground.fingerprint().await;
                let answer = request.send(&app).await;
                let outcome = answer.map_or("ok", |answer| outcome(field, &answer));
                if outcome == "ok" && sdl::field("Mutation", field).is_some() {
                    ground.done();
                } else if ground.fingerprint().await != before {
                    wrong.push(format!("{field}: {column} was answered {outcome} and changed something"));
                }
                answers.push(outcome);
            }
            let expected: Vec<&str> = expected.split_whitespace().collect();
            if answers != expected {
                let row = |row: &[&str]| row.iter().map(|outcome| format!("{outcome:<3}")).collect::<String>();
                wrong.push(format!("{field}\n  columns  {}\n  expected {}\n  answered {}",
                    row(&COLUMNS.split(' ').collect::<Vec<_>>()), row(&expected), row(&answers)));
            }
        }
        assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    }
}

/// An answer in one word.
fn outcome(field: &str, answer: &Answer) -> &'static str {
    let problems: Vec<String> =
        answer.user_errors().iter().map(|error| error["code"].as_str().unwrap().to_owned()).collect();
    let codes = answer.codes().into_iter().map(str::to_owned).chain(problems).collect::<BTreeSet<_>>();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    match codes.as_slice() {
        [] => {}
        ["UNAUTHENTICATED"] => return "U",
        ["FORBIDDEN"] => return "F",
        ["NOT_FOUND"] => return "-",
        ["INVALID_INPUT"] => return "I",
        _ => panic!("{field}: {answer}"),
    }
    let nothing = match &answer.body["data"][field] {
        Value::Null => true,
        Value::Array(rows) => rows.iter().all(Value::is_null),
        _ => false,
    };
    if nothing { "-" } else { "ok" }
}
