//! Who sent a request, and in which language to answer.

use axum::http::{HeaderMap, header};

use super::{accept::thousandths, serving::Connection};
use crate::{
    app::App,
    error::{Error, Locale, Result},
    graphql::{Caller, Cost},
    identity::{self, SignedIn},
};

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
pub(super) fn stranger(headers: &HeaderMap, connection: Option<&Connection>) -> Caller {
    Caller {
        actor: None,
        locale: locale(headers),
        cost: Cost::default(),
        address: connection.map(|connection| connection.peer.ip().to_string()).unwrap_or_default(),
    }
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
    fn a_bearer_token() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for header in ["", "Bearer", "Bearer ", "Basic abc", "abc"] {
            assert_eq!(bearer(header), None, "{header}");
        }
    }
}
