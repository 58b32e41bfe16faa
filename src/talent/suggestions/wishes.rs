//! What a résumé says in words of its own, compared with what positions say in codes. Where the words leave a doubt,
//! nothing is read into them.

use entity::job_position::PositionFamily as Family;
use unicode_normalization::UnicodeNormalization as _;

use crate::dictionaries::region;

/// How a wish names a family, in Chinese and in English; whoever wishes for anything else wishes for nothing in
/// particular.
fn words(family: Family) -> &'static [&'static str] {
    match family {
        Family::ResearchAndDevelopment => &["研发", "研究", "research", "r&d"],
        Family::Engineering => &["工艺", "设备", "process", "equipment", "engineering"],
        Family::Production => &["生产", "制造", "production", "manufacturing"],
        Family::Quality => &["质量", "质检", "品质", "quality"],
        Family::Accounting => &["财务", "会计", "accounting", "finance", "financial"],
        Family::InformationTechnology => &["信息", "软件", "计算机", "information", "software"],
        Family::Sales => &["销售", "市场", "营销", "sales", "marketing"],
        Family::Logistics => &["采购", "物流", "供应链", "purchasing", "logistics"],
        Family::Administration => &["行政", "人事", "人力", "administration", "humanresources"],
        Family::Other => &[],
    }
}

/// Without spaces and hyphens, full-width letters and capitals put right.
pub(super) fn plain(text: &str) -> String {
    let kept = |symbol: &char| !symbol.is_whitespace() && !matches!(symbol, '-' | '_' | '·');
    text.nfkc().filter(kept).collect::<String>().to_lowercase()
}

/// Whether a wish is for this family.
pub(super) fn is_family(wish: &str, family: Family) -> bool {
    let wish = plain(wish);
    words(family).iter().any(|word| wish.contains(word))
}

/// Whether a wish names a place in which this region lies: its code, or names from above down, each as it is or cut
/// short, and nothing else: 营山, 南充市, 四川南充, 511300.
pub(super) fn is_place(wish: &str, code: &str, names: &[String]) -> bool {
    if region::contains(wish, code) {
        return true;
    }
    let wish: Vec<char> = plain(wish).chars().collect();
    let mut rest = wish.as_slice();
    for name in names {
        let common = rest.iter().zip(name.chars()).take_while(|(one, other)| **one == *other).count();
        // One character names no place.
        if common >= 2 {
            rest = &rest[common..];
        }
    }
    rest.is_empty() && !wish.is_empty()
}

/// Whether two names are of the same skill: written alike, or in Chinese one a little longer: 三坐标测量 and 三坐标测量机.
pub(super) fn is_skill(one: &str, other: &str) -> bool {
    let (one, other) = (plain(one), plain(other));
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    let longer = || short.chars().count() >= 3 && !short.contains(|c: char| c.is_ascii()) && long.starts_with(short);
    short == long || longer()
}

/// The lowest pay of a month that words ask for, in fen: 6000-8000, 6-8k, 0.8万元以上. Nothing where it is of a day or a
/// year, an upper bound, or no amount that a month can have.
pub(super) fn pay(words: &str) -> Option<i64> {
    const OTHERWISE: [&str; 11] = ["年", "天", "日", "时", "周", "以下", "以内", "year", "annual", "hour", "day"];
    let words = plain(words.replace('-', "~").as_str()).replace(',', "");
    if OTHERWISE.iter().any(|word| words.contains(word)) {
        return None;
    }
    let mut amounts = amounts(&words).into_iter();
    let (thousandths, scale) = amounts.next()?;
    // 6-8k: the first means what the second says.
    let next = amounts.next().map_or(1, |(_, scale)| scale);
    let scale = if scale == 1 && thousandths < 100_000 { next } else { scale };
    let fen = thousandths.checked_mul(scale)? / 10;
    (50_000..=20_000_000).contains(&fen).then_some(fen)
}

/// Every number in thousandths, and by how much the sign after it multiplies.
fn amounts(words: &str) -> Vec<(i64, i64)> {
    let symbols: Vec<char> = words.chars().collect();
    let runs = symbols.chunk_by(|one, other| is_of_number(*one) == is_of_number(*other));
    let runs: Vec<&[char]> = runs.collect();
    let number = |run: &[char]| {
        let text: String = run.iter().collect();
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let part = part.get(..part.len().min(3))?;
        Some(whole.parse::<i64>().ok()?.checked_mul(1_000)? + format!("{part:0<3}").parse::<i64>().ok()?)
    };
    let mut amounts = Vec::new();
    for (place, run) in runs.iter().enumerate() {
        let Some(amount) = number(run) else { continue };
        let scale = match runs.get(place + 1).and_then(|after| after.first()) {
            Some('k' | '千') => 1_000,
            Some('w' | '万') => 10_000,
            _ => 1,
        };
        amounts.push((amount, scale));
    }
    amounts
}

fn is_of_number(symbol: char) -> bool {
    symbol.is_ascii_digit() || symbol == '.'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families() {
        assert!(is_family("质量管理", Family::Quality) && is_family("Quality management", Family::Quality));
        assert!(is_family("RESEARCH_AND_DEVELOPMENT", Family::ResearchAndDevelopment));
        assert!(
            !is_family("质量管理", Family::Production)
                && !is_family("其他", Family::Other)
                && !is_family("", Family::Sales)
        );
    }

    #[test]
    fn places() {
        let names = ["四川省", "南充市", "营山县"].map(str::to_owned);
        for wish in [
            "营山",
            "营山县",
            "南充",
            "南充市",
            "四川",
            "四川南充",
            "四川省 南充市 营山县",
            "南充营山",
            "511322",
            "5113",
            "51",
        ] {
            assert!(is_place(wish, "511322", &names), "{wish}");
        }
        for wish in ["", "四", "南", "仪陇", "南充市仪陇县", "重庆", "营山或重庆", "全国", "511324", "50"]
        {
            assert!(!is_place(wish, "511322", &names), "{wish}");
        }
        assert!(is_place("新疆", "650100", &["新疆维吾尔自治区".to_owned(), "乌鲁木齐市".to_owned()]));
    }

    #[test]
    fn skills() {
        assert!(
            is_skill("SolidWorks", " solid works")
                && is_skill("用友 U8", "用友U８")
                && is_skill("三坐标测量", "三坐标测量机")
        );
        assert!(!is_skill("Java", "JavaScript") && !is_skill("C", "C++") && !is_skill("会计", "会计电算化"));
    }

    #[test]
    fn amounts_of_a_month() {
        for (words, fen) in [
            ("6000", 600_000),
            ("6000-8000元", 600_000),
            ("6,500 yuan a month", 650_000),
            ("6-8k", 600_000),
            ("1-1.5万", 1_000_000),
            ("0.8万元以上", 800_000),
            ("不低于５千", 500_000),
            ("税前 4500.50", 450_050),
        ] {
            assert_eq!(pay(words), Some(fen), "{words}");
        }
        for words in ["面议", "", "10万/年", "300元/天", "20 an hour", "8000以下", "6", "5.5.5", "99999999999999999999"]
        {
            assert_eq!(pay(words), None, "{words}");
        }
    }
}
