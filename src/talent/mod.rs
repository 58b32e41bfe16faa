//! Talent pipelines 人才对接: how a student and an enterprise find each other, from a fair to a contract.
//!
//! An enterprise offers **positions** ([`positions`]), which its county reviews before anybody else sees them, and
//! answers **questions** ([`questions`]) about what it makes and how it cultivates talents.

pub mod positions;
pub mod questions;
