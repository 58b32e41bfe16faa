//! The signing keys, and tokens that are not ours.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hezuo::identity::{self, keys};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::support::on_both;

use super::house::{House, house};

impl House {
    async fn kids(&self) -> Vec<String> {
        let jwks = identity::jwks(&self.app).await.unwrap();
        jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    }

    async fn refuses(&self, token: &str) -> bool {
        identity::caller(&self.app, token).await.is_err()
    }
}

fn part(token: &str, place: usize) -> Value {
    let part = token.split('.').nth(place).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn text(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

on_both! {
    async fn rotating_keeps_old_tokens_until_their_key_is_retired(app: TestApp) {
        let house = house(&app).await;
        let old = house.sign_in("uni").await;
        let first = kid(&old.access_token);
        let [next] = others(&house, &[&first]).await.try_into().unwrap();

        keys::rotate(&house.app).await.unwrap();
        house.caller(&old).await.unwrap();
        let new = house.sign_in("uni").await;
        assert_eq!(kid(&new.access_token), next, "the key that was published before");
        let [last] = others(&house, &[&first, &next]).await.try_into().unwrap();

        keys::rotate(&house.app).await.unwrap();
        assert!(house.is_refused(&old).await);
        house.caller(&new).await.unwrap();
        let known = house.kids().await;
        assert!(!known.contains(&first) && known.contains(&next) && known.contains(&last));
        assert_eq!(known.len(), 3);
        assert_eq!(house.happened("SigningKeysRotated").await, 2);
    }
}

/// The published keys besides these.
async fn others(house: &House, known: &[&String]) -> Vec<String> {
    let mut kids = house.kids().await;
    assert_eq!(kids.len(), known.len() + 1);
    kids.retain(|kid| !known.contains(&kid));
    kids
}

fn kid(token: &str) -> String {
    part(token, 0)["kid"].as_str().unwrap().to_owned()
}

on_both! {
    async fn everybody_can_check_our_tokens(app: TestApp) {
        let house = house(&app).await;
        let token = house.sign_in("uni").await.access_token;
        let jwks = identity::jwks(&house.app).await.unwrap();
        let key = jwks["keys"].as_array().unwrap().iter().find(|key| key["kid"] == kid(&token)).unwrap();
        assert_eq!((&key["kty"], &key["crv"], &key["alg"]), (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA")));
        assert_eq!(part(&token, 0), json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": key["kid"] }));
        let claims = part(&token, 1);
        let names: Vec<_> = claims.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = [
            "aud",
            "client_id",
            "epoch",
            "exp",
            "iat",
            "iss",
            "jti",
            "membership",
            "nbf",
            "org",
            "role",
            "sid",
            "side",
            "sub",
        ];
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, expected);
        assert_eq!(claims["iss"], "http://hezuo.test");
        assert_eq!(claims["aud"], "http://hezuo.test/graphql");
        assert_eq!((&claims["side"], &claims["role"]), (&json!("UNIVERSITY"), &json!("UNIVERSITY_ADMIN")));
        assert!(claims["sub"].as_str().unwrap().starts_with("user_"));
    }
}

on_both! {
    async fn forged_tokens_are_refused(app: TestApp) {
        let house = house(&app).await;
        let token = house.sign_in("uni").await.access_token;
        let (header, claims) = (part(&token, 0), part(&token, 1));
        let signature = token.rsplit('.').next().unwrap();
        let public = identity::jwks(&house.app).await.unwrap()["keys"][0]["x"].as_str().unwrap().to_owned();

        let mut none = header.clone();
        none["alg"] = json!("none");
        assert!(house.refuses(&format!("{}.{}.", text(&none), text(&claims))).await);
        assert!(house.refuses(&format!("{}.{}.{signature}", text(&none), text(&claims))).await);

        let mut hmac = Header::new(Algorithm::HS256);
        hmac.typ = Some("at+jwt".to_owned());
        hmac.kid = header["kid"].as_str().map(str::to_owned);
        for secret in [public.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(&public).unwrap()] {
            assert!(house.refuses(&encode(&hmac, &claims, &EncodingKey::from_secret(&secret)).unwrap()).await);
        }

        let mut admin = claims.clone();
        admin["role"] = json!("PLATFORM_ADMIN");
        assert!(house.refuses(&format!("{}.{}.{signature}", text(&header), text(&admin))).await);
        for garbage in ["", "a", "a.b", "a.b.c", "....", &"x".repeat(10_000), &token[..token.len() - 2]] {
            assert!(house.refuses(garbage).await, "{garbage}");
        }
        assert!(!house.refuses(&token).await);
    }
}
