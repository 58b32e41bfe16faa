//! Telephone numbers 电话号码, as shown to whoever lacks the relation that opens them: `138****1234`.

use super::normalise;

const STARS: &str = "****";

/// The number with four digits hidden: `138****1234`, `0817-****234`, `023-****5678`. What is not a Chinese number
/// keeps its last two digits, if there are enough of them.
#[must_use]
pub fn mask(number: &str) -> String {
    let text = normalise(number);
    // An extension says nothing about the line and is left out.
    let line = text.split(['转', 'X', '#', ',', ';']).next().unwrap_or_default();
    let all: String = line.chars().filter(char::is_ascii_digit).collect();
    let foreign = line.starts_with('+') && !line.starts_with("+86");
    let domestic = without_country(line, &all);
    if foreign {
        return tail(&all);
    }
    if is_mobile(domestic) {
        return format!("{}{STARS}{}", &domestic[..3], &domestic[7..]);
    }
    let area = area_code(domestic);
    let local = &domestic[area.len()..];
    let local = match (local.len(), line.rsplit_once('-')) {
        // 0817-6221234-801: too long for a line, so that the last part is an extension.
        (9.., Some((line, extension))) if line.contains('-') => {
            &local[..local.len().saturating_sub(extension.chars().filter(char::is_ascii_digit).count())]
        }
        _ => local,
    };
    match (area, local.len()) {
        ("", 7 | 8) if !local.starts_with('0') => format!("{STARS}{}", &local[4..]),
        (area, 7 | 8) if !area.is_empty() => format!("{area}-{STARS}{}", &local[4..]),
        _ => tail(domestic),
    }
}

/// The digits without 86, where it is the country's.
fn without_country<'a>(line: &str, all: &'a str) -> &'a str {
    let rest = all
        .strip_prefix("0086")
        .or_else(|| all.strip_prefix("86").filter(|rest| is_mobile(rest) || line.starts_with('+')));
    rest.unwrap_or(all)
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && !digits[1..].starts_with(['0', '1', '2'])
}

/// 010 and 02x have three digits, all others four.
fn area_code(digits: &str) -> &str {
    let length = match digits.as_bytes() {
        [b'0', b'1', b'0', ..] | [b'0', b'2', _, ..] => 3,
        [b'0', b'3'..=b'9', _, _, ..] => 4,
        _ => 0,
    };
    digits.get(..length).unwrap_or_default()
}

fn tail(digits: &str) -> String {
    let shown = if digits.len() >= 7 { &digits[digits.len() - 2..] } else { "" };
    format!("{STARS}{shown}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_are_hidden() {
        for (number, shown) in [
            ("13812341234", "138****1234"),
            ("+86 138-5678-1234", "138****1234"),
            ("008613856781234", "138****1234"),
            ("8613856781234", "138****1234"),
            ("１３８５６７８１２３４", "138****1234"),
            ("0817-8221234", "0817-****234"),
            ("（0817）8221234", "0817-****234"),
            ("+86 0817 8221234", "0817-****234"),
            ("0817-8221234-801", "0817-****234"),
            ("0817-8221234转801", "0817-****234"),
            ("02362561234", "023-****1234"),
            ("010-12345678", "010-****5678"),
            ("8221234", "****234"),
            ("62561234", "****1234"),
        ] {
            assert_eq!(mask(number), shown, "{number}");
        }
    }

    #[test]
    fn whatever_it_is_nothing_more_is_shown() {
        for (number, shown) in [
            ("", "****"),
            ("12345", "****"),
            ("110", "****"),
            ("+49 170 1234567", "****67"),
            ("400-800-1234", "****34"),
            ("wechat: zhang_san", "****"),
            ("023", "****"),
            ("0817-82212345678", "****78"),
            ("12345678901234567890", "****90"),
        ] {
            assert_eq!(mask(number), shown, "{number}");
        }
    }
}
