//! The views of the real schema: soundly declared and described.

use crate::schema;

#[test]
fn every_view_is_soundly_declared() {
    for view in schema::views() {
        assert_eq!(view.problems(), Vec::<String>::new());
    }
}
