//! Signing in, and who stays signed in.

mod accounts;
mod api;
mod house;
mod invitations;
mod keys;
mod limits;
mod sessions;
mod standing;
mod who;
