//! The network, around a small schema that does on purpose what real ones do by accident.

mod broadcasts;
mod documents;
mod events;
mod hanging_up;
mod net;
mod over_http;
mod pages;
mod signed_in;
mod site;
mod sockets;
