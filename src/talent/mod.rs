//! Talent pipelines 人才对接: how a student and an enterprise find each other, from a fair to a contract.
//!
//! A student writes a **résumé** ([`resumes`]) and decides, one enterprise at a time, who may read it and for how long
//! ([`consents`]). Every read by an enterprise stands in a log that the student sees, and everything that is kept about a
//! student is the student's to take along ([`student_data`]).

pub mod consents;
pub mod resumes;
pub mod student_data;
