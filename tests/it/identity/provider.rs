//! A tiny OpenID provider on this machine: it serves its discovery document and its keys, and signs whatever it is told.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use aws_lc_rs::{
    encoding::AsDer as _,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use axum::{
    Router,
    http::{StatusCode, header},
    response::IntoResponse as _,
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hezuo::platform::keyring;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::TestApp;

/// The setting with which issuers on this machine may be called.
pub(super) const OUTBOUND: (&str, &str) = ("outbound_networks", "127.0.0.0/8");
/// What the provider calls us.
pub(super) const CLIENT: &str = "hezuo";

/// A pair of keys: the private half, and the public one as a provider shows it.
#[derive(Clone)]
pub(super) struct Pair {
    pub(super) algorithm: Algorithm,
    pub(super) private: EncodingKey,
    pub(super) public: Value,
}

impl Pair {
    pub(super) fn new(kid: &str, algorithm: Algorithm) -> Self {
        let (private, mut public) = match algorithm {
            Algorithm::EdDSA => {
                let (pkcs8, x) = keyring::generate().unwrap();
                let public = json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "alg": "EdDSA" });
                (EncodingKey::from_ed_der(&pkcs8), public)
            }
            Algorithm::ES256 => {
                let random = SystemRandom::new();
                let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
                shown(EncodingKey::from_ec_der(pkcs8.as_ref()), algorithm)
            }
            _ => {
                let der = KeyPair::generate(KeySize::Rsa2048).unwrap().as_der().unwrap();
                let pem = format!(
                    "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
                    STANDARD.encode(der.as_ref())
                );
                shown(EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap(), algorithm)
            }
        };
        public["kid"] = json!(kid);
        public["use"] = json!("sig");
        Self { algorithm, private, public }
    }

    /// The header of a token that it signs.
    pub(super) fn header(&self) -> Header {
        let mut header = Header::new(self.algorithm);
        header.kid = self.public["kid"].as_str().map(str::to_owned);
        header
    }
}

fn shown(private: EncodingKey, algorithm: Algorithm) -> (EncodingKey, Value) {
    let public = serde_json::to_value(Jwk::from_encoding_key(&private, algorithm).unwrap()).unwrap();
    (private, public)
}

/// What the provider says at an address.
#[derive(Clone)]
struct Said {
    status: StatusCode,
    location: String,
    body: String,
}

#[derive(Default)]
struct Served {
    discovery: Option<Said>,
    keys: Option<Said>,
    /// How often somebody asked for the keys.
    asked: u32,
}

/// A running provider.
pub(super) struct Provider {
    app: TestApp,
    pub(super) url: String,
    pub(super) pair: Pair,
    served: Arc<Mutex<Served>>,
}

impl Provider {
    pub(super) async fn start(app: &TestApp, pair: Pair) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let served: Arc<Mutex<Served>> = Arc::default();
        let (discovery, keys) = (served.clone(), served.clone());
        let router = Router::new()
            .route(
                "/.well-known/openid-configuration",
                get(move || async move { say(discovery.lock().unwrap().discovery.as_ref()) }),
            )
            .route(
                "/keys",
                get(move || async move {
                    let mut served = keys.lock().unwrap();
                    served.asked += 1;
                    say(served.keys.as_ref())
                }),
            );
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let provider = Self { app: app.clone(), url: format!("http://{address}"), pair, served };
        let jwks_uri = format!("{}/keys", provider.url);
        provider.discovers(&json!({ "issuer": provider.url, "jwks_uri": jwks_uri }));
        provider.shows(&[&provider.pair]);
        provider
    }

    /// Serves this discovery document from now on.
    pub(super) fn discovers(&self, document: &Value) {
        self.served.lock().unwrap().discovery = Some(fine(document.to_string()));
    }

    /// Shows these keys from now on.
    pub(super) fn shows(&self, pairs: &[&Pair]) {
        let keys: Vec<_> = pairs.iter().map(|pair| &pair.public).collect();
        self.says(&json!({ "keys": keys }).to_string());
    }

    /// Says this instead of its keys.
    pub(super) fn says(&self, body: &str) {
        self.served.lock().unwrap().keys = Some(fine(body.to_owned()));
    }

    /// Sends whoever asks for its keys elsewhere.
    pub(super) fn sends_to(&self, location: &str) {
        let said = Said { status: StatusCode::FOUND, location: location.to_owned(), body: String::new() };
        self.served.lock().unwrap().keys = Some(said);
    }

    /// How often somebody has asked for its keys.
    pub(super) fn asked(&self) -> u32 {
        self.served.lock().unwrap().asked
    }

    /// The claims of a good token, with some changed; null takes one away.
    pub(super) fn claims(&self, changes: Value) -> Value {
        let now = self.app.now().timestamp();
        let mut claims = json!({ "iss": self.url, "aud": CLIENT, "sub": "li-0001", "iat": now, "exp": now + 300, "jti": self.app.number() });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        claims
    }

    /// A token with such claims.
    pub(super) fn token(&self, changes: Value) -> String {
        encode(&self.pair.header(), &self.claims(changes), &self.pair.private).unwrap()
    }

    /// A token of somebody whose address the provider has verified.
    pub(super) fn token_of(&self, subject: &str, email: &str) -> String {
        self.token(json!({ "sub": subject, "email": email, "email_verified": true }))
    }
}

fn fine(body: String) -> Said {
    Said { status: StatusCode::OK, location: String::new(), body }
}

fn say(said: Option<&Said>) -> axum::response::Response {
    let Said { status, location, body } = said.unwrap().clone();
    (status, [(header::LOCATION, location)], body).into_response()
}
