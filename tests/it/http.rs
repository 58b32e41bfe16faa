//! The network, around a small schema that does on purpose what real ones do by accident.

mod documents;
mod over_http;
mod pages;
mod site;
