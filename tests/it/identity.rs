//! Signing in, and who stays signed in.

mod accounts;
mod api;
mod exchange;
mod house;
mod invitations;
mod issuers;
mod keys;
mod limits;
mod password_resets;
mod provider;
mod service_accounts;
mod sessions;
mod standing;
mod town;
mod who;
