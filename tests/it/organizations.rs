//! Organizations beyond their registration: whom it concerns, similar names, and duplicates that are merged.

pub(crate) mod merge;
mod merge_agreements;
mod merge_rivals;
mod merge_talent;
mod notices;
mod similar;
