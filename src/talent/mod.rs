//! Talent 人才对接: from a fair to a contract.
//!
//! A county, a park or a university holds recruitment **events** ([`events`]) at which enterprises have booths and for
//! which students **register** ([`registrations`]).

pub mod events;
pub mod registrations;
