//! Who is who 身份: users, their memberships, how they come in and how they prove who they are.
//!
//! A **user** is a person. A **membership** ties a user to an organization in one role; somebody may have several. An
//! **invitation** is how one begins. Signing in opens a **session**, which acts under exactly one membership at a time
//! and can be switched to another; it is proved by short-lived **access tokens**, signed with the installation's
//! **keys**. [`caller`] is the only door: it turns a token into an [`crate::auth::Actor`], and nothing else makes one
//! that can do anything; [`reading_as`] makes one that only reads, for the command line.
//!
//! The folders, in the order of the business: [`setup`] (the first people), [`invitations`], [`people`],
//! [`password_resets`],
//! [`memberships`], [`service_accounts`] (machines), [`delegations`], [`sessions`] with their [`limits`], [`tokens`], [`keys`]; and for single sign-on [`issuers`],
//! [`identities`], [`exchange`].

pub mod delegations;
pub mod exchange;
pub mod graphql;
pub mod identities;
pub mod invitations;
pub mod issuers;
pub mod keys;
pub mod limits;
pub mod memberships;
pub mod password_resets;
pub mod people;
pub mod service_accounts;
pub mod sessions;
pub mod setup;
pub mod tokens;

pub use self::{
    keys::jwks,
    password_resets::issue_for as reset_password,
    sessions::tidy,
    setup::{NewPerson, bootstrap, found_platform, invite, set_up_people, set_up_person},
    tokens::{caller, reading_as, still_valid},
};
pub use crate::{auth::SignedIn, platform::seal::secret};
