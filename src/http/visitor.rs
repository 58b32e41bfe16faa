//! Who sent a request, and in which language to answer.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, header};

use super::{accept::thousandths, serving::Connection};
use crate::{
    app::App,
    error::{Error, Locale, Result},
    graphql::{Caller, Cost},
    identity::{self, SignedIn},
    settings::Networks,
};

/// Where proxies write whom they speak for.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Whoever sent a request.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// As resolvers see them.
    pub(super) caller: Caller,
    /// Until when, if they are signed in: what stays open must end with it.
    pub(super) signed_in: Option<SignedIn>,
}

impl Visitor {
    /// Asks [`identity`] about the token. No token is nobody, which is fine; a bad token is not.
    ///
    /// # Errors
    /// UNAUTHENTICATED when the token is not good.
    pub(super) async fn arrive(app: &App, authorization: Option<&str>, mut caller: Caller) -> Result<Self> {
        let signed_in = match authorization {
            None => None,
            Some(header) => Some(identity::caller(app, bearer(header).ok_or_else(Error::unauthenticated)?).await?),
        };
        caller.actor = signed_in.as_ref().map(|signed_in| signed_in.actor.clone());
        Ok(Self { caller, signed_in })
    }

    /// The same visitor with another operation, whose cost is its own.
    pub(super) fn again(&self) -> Self {
        let caller = Caller { cost: Cost::default(), ..self.caller.clone() };
        Self { caller, signed_in: self.signed_in.clone() }
    }

    /// Whether whoever sent the request may still be answered.
    pub(super) async fn still_valid(&self, app: &App) -> bool {
        match &self.signed_in {
            Some(signed_in) => identity::still_valid(app, signed_in).await,
            None => true,
        }
    }
}

/// Nobody yet, at that address, speaking that language.
pub(super) fn stranger(app: &App, headers: &HeaderMap, connection: Option<&Connection>) -> Caller {
    let address = connection.map(|connection| address(&app.settings().trusted_proxies, headers, connection.peer.ip()));
    Caller {
        actor: None,
        locale: locale(headers),
        address: address.map(|address| address.to_string()).unwrap_or_default(),
        cost: Cost::default(),
    }
}

/// The client's address: the other end of the connection or, behind proxies we trust, the last one in
/// `X-Forwarded-For` that is not theirs. Whatever stands before that, the client may have written itself.
fn address(trusted: &Networks, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
    let lines: Vec<_> = headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok()).collect();
    let mut address = peer.to_canonical();
    for before in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        if !trusted.contain(address) {
            break;
        }
        let Ok(before) = before.trim().parse::<IpAddr>() else { break };
        address = before.to_canonical();
    }
    address
}

/// The `Authorization` header; `Some("")` when it is there but cannot be one.
pub(super) fn authorization(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let first = values.next()?;
    Some(if values.next().is_some() { "" } else { first.to_str().unwrap_or_default() })
}

/// The token of `Bearer <token>`.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The language a client likes best among ours.
pub(super) fn locale(headers: &HeaderMap) -> Locale {
    let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    locale_of(header)
}

/// As [`locale`], from the header's text.
pub(super) fn locale_of(header: &str) -> Locale {
    let quality = |wanted: &str| {
        let qualities = header.split(',').filter_map(|range| {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, "q=1"));
            let language = tag.split('-').next().unwrap_or_default().trim();
            let quality = parameters.trim().strip_prefix("q=").and_then(thousandths)?;
            language.eq_ignore_ascii_case(wanted).then_some(quality)
        });
        qualities.max().unwrap_or_default()
    };
    if quality("zh") > quality("en") { Locale::Zh } else { Locale::En }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_language_a_client_likes_best() {
        for header in ["zh", "zh-CN,zh;q=0.9,en;q=0.8", "ZH-Hans", "fr, zh;q=0.1", "en;q=0.5, zh-TW;q=0.7"] {
            assert_eq!(locale_of(header), Locale::Zh, "{header}");
        }
        for header in ["", "en", "en-US,en;q=0.9,zh;q=0.8", "fr", "zh;q=0", "*", "zhx", "zh;q=x", ";;;,,,"] {
            assert_eq!(locale_of(header), Locale::En, "{header}");
        }
    }

    #[test]
    fn the_address_behind_proxies_that_are_trusted() {
        let trusted: Networks = "10.0.0.0/8, 192.0.2.7, 2001:db8::/32".parse().unwrap();
        let address = |peer: &str, lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(FORWARDED_FOR, HeaderValue::from_static(line));
            }
            address(&trusted, &headers, peer.parse().unwrap()).to_string()
        };
        assert_eq!(address("10.1.2.3", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(address("10.1.2.3", &["1.1.1.1, 203.0.113.9, 192.0.2.7"]), "203.0.113.9");
        assert_eq!(address("10.1.2.3", &["1.1.1.1", "203.0.113.9", "10.9.9.9"]), "203.0.113.9");
        assert_eq!(address("2001:db8::1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(address("::ffff:10.1.2.3", &["::ffff:203.0.113.9"]), "203.0.113.9");
        // A stranger is not believed, and what no address is says nothing.
        assert_eq!(address("198.51.100.1", &["1.1.1.1"]), "198.51.100.1");
        assert_eq!(address("192.0.2.8", &["1.1.1.1"]), "192.0.2.8");
        assert_eq!(address("10.1.2.3", &["1.1.1.1, unknown"]), "10.1.2.3");
        assert_eq!(address("10.1.2.3", &[]), "10.1.2.3");
        for wrong in ["10.0.0.0/33", "10.0.0", "a", "10.0.0.0/x", "10.0.0.0/8,b"] {
            assert!(wrong.parse::<Networks>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_bearer_token() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for header in ["", "Bearer", "Bearer ", "Basic abc", "abc"] {
            assert_eq!(bearer(header), None, "{header}");
        }
    }
}
