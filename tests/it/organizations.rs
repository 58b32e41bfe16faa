//! Organizations beyond their registration: similar names, and duplicates that are merged.

mod merge;
mod merge_agreements;
mod merge_rivals;
mod merge_talent;
mod similar;
