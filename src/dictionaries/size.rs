//! How big an industrial enterprise is 企业规模, by the standard of 2017 统计上大中小微型企业划分办法（2017）.
//!
//! A class is reached only if both limits are, staff and yearly revenue; else it is the next lower one.

use entity::organization::SizeClass;

const FEN_PER_MILLION_YUAN: i64 = 100_000_000;
/// The classes from the top, with the staff and the revenue in fen that they begin at.
const LIMITS: [(SizeClass, i64, i64); 3] = [
    (SizeClass::Large, 1_000, 400 * FEN_PER_MILLION_YUAN),
    (SizeClass::Medium, 300, 20 * FEN_PER_MILLION_YUAN),
    (SizeClass::Small, 20, 3 * FEN_PER_MILLION_YUAN),
];

/// The size class of an industrial enterprise with so many staff and such a yearly revenue in fen.
#[must_use]
pub fn size_class(staff: i64, revenue: i64) -> SizeClass {
    LIMITS
        .into_iter()
        .find(|&(_, least_staff, least_revenue)| staff >= least_staff && revenue >= least_revenue)
        .map_or(SizeClass::Micro, |(class, ..)| class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_limits_or_one_class_lower() {
        use SizeClass::{Large, Medium, Micro, Small};
        for (staff, revenue, class) in [
            (1_000, 40_000_000_000, Large),
            (999, 40_000_000_000, Medium),
            (1_000, 39_999_999_999, Medium),
            (300, 2_000_000_000, Medium),
            (299, 2_000_000_000, Small),
            (300, 1_999_999_999, Small),
            (20, 300_000_000, Small),
            (19, 300_000_000, Micro),
            (20, 299_999_999, Micro),
            (5_000, 0, Micro),
            (1, i64::MAX, Micro),
            (0, 0, Micro),
        ] {
            assert_eq!(size_class(staff, revenue), class, "{staff} staff, {revenue} fen");
        }
    }
}
