//! How alike two names are: what they share once everything that says nothing has been left out.

use entity::organization::OrganizationKind as Kind;

use super::Reason;
use crate::platform::input;

/// Names below this are not alike, in percent.
const ALIKE: u32 = 50;
/// What a name keeps at least, in characters.
const LEAST: usize = 2;
/// Company forms, the longer ones first.
const FORMS: [&str; 7] = ["股份有限公司", "有限责任公司", "有限公司", "分公司", "总公司", "公司", "集团"];
/// What the name of a region ends with, the longer ones first.
const REGION_ENDS: [&str; 8] = ["自治区", "自治州", "自治县", "省", "市", "县", "区", "州"];

/// A name as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Letters, digits and characters only.
    plain: String,
    /// Without region and company form.
    core: Vec<char>,
}

/// What can stand at the beginning of an enterprise's name: 四川省, 四川.
#[derive(Clone, Debug, Default)]
pub struct RegionNames(Vec<String>);

impl RegionNames {
    /// The names of the table, each in full and as people shorten it, the longer ones first.
    #[must_use]
    pub fn of(names: &[String]) -> Self {
        let shortened = names.iter().filter_map(|name| {
            let short = REGION_ENDS.iter().find_map(|end| name.strip_suffix(end))?;
            (short.chars().count() >= LEAST).then(|| short.to_owned())
        });
        let mut all: Vec<String> = names.iter().cloned().chain(shortened).collect();
        all.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        all.dedup();
        Self(all)
    }
}

impl Compared {
    /// Only enterprises are called by their region and form: what tells two counties apart is the region.
    #[must_use]
    pub fn new(name: &str, kind: Kind, regions: &RegionNames) -> Self {
        let plain: String = input::fold(name).chars().filter(|c| c.is_alphanumeric()).collect();
        let core = if kind == Kind::Enterprise { core(&plain, regions) } else { &plain };
        Self { core: core.chars().collect(), plain }
    }

    /// How alike two names are in percent, and why; nothing when they are not.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> Option<(Reason, u32)> {
        if self.plain.is_empty() || other.plain.is_empty() {
            return None;
        }
        if self.plain == other.plain {
            return Some((Reason::SameName, 100));
        }
        if self.core == other.core {
            return Some((Reason::SameCore, 100));
        }
        let score = dice(&self.core, &other.core);
        (score >= ALIKE).then_some((Reason::AlikeCore, score))
    }
}

fn core<'a>(plain: &'a str, regions: &RegionNames) -> &'a str {
    let mut core = plain;
    while let Some(shorter) = FORMS.iter().find_map(|form| enough(core.strip_suffix(form))) {
        core = shorter;
    }
    let region = |core: &'a str| {
        regions.0.iter().find_map(|name| {
            enough(core.strip_prefix(name.as_str())).or_else(|| enough(core.strip_suffix(name.as_str())))
        })
    };
    while let Some(shorter) = region(core) {
        core = shorter;
    }
    core
}

fn enough(rest: Option<&str>) -> Option<&str> {
    rest.filter(|rest| rest.chars().count() >= LEAST)
}

/// Dice's coefficient over pairs of neighbouring characters, in whole percent: twice what both have, of what there is.
fn dice(a: &[char], b: &[char]) -> u32 {
    let pairs = |text: &[char]| {
        let mut pairs: Vec<[char; 2]> = text.array_windows().copied().collect();
        pairs.sort_unstable();
        pairs
    };
    let (a, mut b) = (pairs(a), pairs(b));
    let all = a.len() + b.len();
    let mut shared = 0_usize;
    for pair in a {
        if let Some(at) = b.iter().position(|other| *other == pair) {
            b.swap_remove(at);
            shared += 1;
        }
    }
    u32::try_from((200 * shared).checked_div(all).unwrap_or(0)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regions() -> RegionNames {
        RegionNames::of(&["四川省", "南充市", "营山县", "仪陇县"].map(str::to_owned))
    }

    fn alike(kind: Kind, a: &str, b: &str) -> Option<(Reason, u32)> {
        let of = |name: &str| Compared::new(name, kind, &regions());
        assert_eq!(of(a).likeness(&of(b)), of(b).likeness(&of(a)), "{a} and {b}");
        of(a).likeness(&of(b))
    }

    #[test]
    fn enterprises_are_compared_by_their_core() {
        let same = [
            ("启明（营山）ＡＢ有限公司", "启明(营山) ab 有限公司", Reason::SameName),
            ("四川省南充市营山县启明新材料有限责任公司", "启明新材料股份有限公司", Reason::SameCore),
            ("四川启明新材料集团有限公司", "营山启明新材料公司", Reason::SameCore),
            ("启明新材料（营山）有限公司", "启明新材料有限公司", Reason::SameCore),
        ];
        for (a, b, reason) in same {
            assert_eq!(alike(Kind::Enterprise, a, b), Some((reason, 100)), "{a} and {b}");
        }
        // 启明 明新 新材 材料 and 启明 明新 新能 能源: 2 · 2 of 8.
        assert_eq!(alike(Kind::Enterprise, "启明新材料", "启明新能源"), Some((Reason::AlikeCore, 50)));
        // 启明 明新 新材 材料 and 启明 明材 材料: 2 · 2 of 7, rounded down.
        assert_eq!(alike(Kind::Enterprise, "启明新材料", "启明材料"), Some((Reason::AlikeCore, 57)));
        assert_eq!(alike(Kind::Enterprise, "启明新材料有限公司", "丰收农业有限公司"), None);
        // A region and a form alone are a name, too.
        assert_eq!(alike(Kind::Enterprise, "营山有限公司", "仪陇有限公司"), None);
        assert_eq!(alike(Kind::Enterprise, "()", "（）"), None);
    }

    #[test]
    fn what_tells_counties_apart_is_their_region() {
        // 营山 山县 县人 人民 民政 政府 and 仪陇 陇县 县人 人民 民政 政府: 2 · 4 of 12.
        let counties = alike(Kind::County, "营山县人民政府", "仪陇县人民政府");
        assert_eq!(counties, Some((Reason::AlikeCore, 66)));
        assert_eq!(alike(Kind::University, "四川大学", "四川师范大学"), Some((Reason::AlikeCore, 50)));
    }

    #[test]
    fn a_pair_counts_as_often_as_both_have_it() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(dice(&chars("AAA"), &chars("AA")), 66);
        assert_eq!(dice(&chars("A"), &chars("B")), 0);
    }
}
