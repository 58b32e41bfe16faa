//! Subscriptions that many can listen to as one.

/// The fields of the subscription's root that tell whoever has the same rights the same, and only of what is to come: who
/// joins later has missed nothing that was meant for them. Belongs into the schema's data.
#[derive(Clone, Copy, Debug, Default)]
pub struct Joinable(pub &'static [&'static str]);

impl Joinable {
    /// Whether this field is one of them.
    #[must_use]
    pub fn names(&self, field: &str) -> bool {
        self.0.contains(&field)
    }
}
