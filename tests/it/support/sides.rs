//! The three sides of most stories: a university, a county and an enterprise of it, each with its admin.

use super::{Organization, Persona, TestApp};

/// Three organizations that could agree on something, and who speaks for them.
#[derive(Debug)]
pub(crate) struct Sides {
    /// The university, which drafts.
    pub(crate) north: Organization,
    /// The county, 511322.
    pub(crate) yingshan: Organization,
    /// An enterprise of the county.
    pub(crate) alpha: Organization,
    /// The university's admin.
    pub(crate) university: Persona,
    /// The county's admin.
    pub(crate) county: Persona,
    /// The enterprise's admin.
    pub(crate) enterprise: Persona,
}

impl TestApp {
    /// North, Yingshan and Alpha, with their admins signed in.
    pub(crate) async fn sides(&self) -> Sides {
        let north = self.university("North").await;
        let yingshan = self.county("511322").await;
        let alpha = self.enterprise(&yingshan, "Alpha").await;
        let (university, county, enterprise) = (north.admin().await, yingshan.admin().await, alpha.admin().await);
        for admin in [&university, &county, &enterprise] {
            admin.token().await;
        }
        Sides { north, yingshan, alpha, university, county, enterprise }
    }
}

impl Sides {
    /// All three, the drafting one first.
    pub(crate) fn all(&self) -> [&Persona; 3] {
        [&self.university, &self.county, &self.enterprise]
    }
}
