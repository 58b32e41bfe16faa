//! From a fair to a contract: recruitment events and who comes there.

mod check_in;
mod events;
mod exhibitors;
mod registrations;
