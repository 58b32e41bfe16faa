//! Single sign-on: whose ID tokens open a session, and what such a session can do.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use entity::{
    membership::Role,
    organization::{self, OrganizationKind as Kind},
};
use futures_util::future::join_all;
use hezuo::platform::id;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use sea_orm::{ActiveEnum as _, ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, sea_query::Query};
use serde_json::{Value, json};

use super::{
    provider::{CLIENT, Pair},
    town::{EMAIL, Town, refused},
};
use crate::support::{Organization, Persona, TestApp, on_both};

const WHO: &str = "{ viewer { user { id } membership { id } } }";

on_both! {
    /// The first token with the allowed address binds the subject; afterwards the address says nothing.
    async fn an_id_token_is_exchanged_for_a_session(app: TestApp) {
        let town = Town::new(&app).await;
        assert_eq!(town.status().await, "PENDING");
        let answer = town.exchange_with(&town.token(), json!({ "client": "desk" })).await;
        let officer = json!({
            "user": { "id": id::show("user", town.officer.user) },
            "membership": { "id": id::show("membership", town.officer.membership), "role": "COUNTY_OFFICER" },
        });
        assert_eq!(answer.result()["viewer"], officer);
        let access = answer.result()["accessToken"].as_str().unwrap();
        let who = json!({ "viewer": { "user": officer["user"], "membership": { "id": officer["membership"]["id"] } } });
        town.app.gql_as(access, WHO, json!({})).await.is(who);
        assert_eq!(town.status().await, "BOUND");

        let other_address = town.provider.token_of("li-0001", "somebody.else@county.example");
        assert_eq!(town.exchange(&other_address).await.result()["viewer"], officer);
        assert_eq!(town.exchange(&town.provider.token(json!({}))).await.result()["viewer"], officer);
        refused(&town.exchange(&town.provider.token_of("li-0002", EMAIL)).await);
        assert_eq!(town.reasons().await, [json!({ "reason": "nobody" })]);

        let refreshed = json!({ "refreshToken": answer.result()["refreshToken"] });
        town.app.does("sessionRefresh", refreshed, "accessToken").await.result();
        let history = "query($id: ID!) { identity(id: $id) { history { nodes { kind action } } } }";
        town.officer.gql(history, json!({ "id": town.identity })).await.is(json!({ "identity": { "history": { "nodes": [
            { "kind": "IdentityAllowed", "action": "issuer.allow" },
            { "kind": "IdentityBound", "action": "job.sessions" },
        ] } } }));
    }

    /// Whatever is wrong, the answer is the same, and nothing has happened.
    async fn every_reason_has_the_same_answer(app: TestApp) {
        let town = Town::new(&app).await;
        town.sign_in(&town.token()).await;
        let (provider, sessions) = (&town.provider, town.sessions().await);
        let now = || town.app.now().timestamp();
        let (reader, events) = (town.app.db().reader(), entity::event::Entity::find());
        let forged = Pair::new("a", Algorithm::EdDSA);
        let signed = |header: &Header, key: &EncodingKey| encode(header, &provider.claims(json!({})), key).unwrap();
        let mut access = provider.pair.header();
        access.typ = Some("at+jwt".to_owned());
        let mut critical = provider.pair.header();
        critical.crit = Some(vec!["b64".to_owned()]);
        let mut unknown = provider.pair.header();
        unknown.kid = Some("z".to_owned());
        let mut symmetric = Header::new(Algorithm::HS256);
        symmetric.kid = Some("a".to_owned());
        let x = URL_SAFE_NO_PAD.decode(provider.pair.public["x"].as_str().unwrap()).unwrap();
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let none = format!("{}.{}.", part(json!({ "alg": "none", "kid": "a" })), part(provider.claims(json!({}))));
        let good = provider.token(json!({}));
        let unproven = [
            String::new(),
            "token".to_owned(),
            "a.b.c".to_owned(),
            "x".repeat(20_000),
            none,
            good[..good.len() - 4].to_owned(),
            signed(&symmetric, &EncodingKey::from_secret(&x)),
            signed(&provider.pair.header(), &forged.private),
            signed(&access, &provider.pair.private),
            signed(&critical, &provider.pair.private),
            signed(&unknown, &provider.pair.private),
            provider.token(json!({ "iss": format!("{}/", provider.url) })),
            provider.token(json!({ "iss": "https://sso.example" })),
            provider.token(json!({ "aud": "another" })),
            provider.token(json!({ "aud": [CLIENT, "another"] })),
            provider.token(json!({ "azp": "another" })),
            provider.token(json!({ "exp": null })),
            provider.token(json!({ "iat": null })),
            provider.token(json!({ "sub": null })),
            provider.token(json!({ "sub": "a\0b" })),
            provider.token(json!({ "email": "a\0b", "email_verified": true })),
            provider.token(json!({ "iss": "https://sso.example/\0" })),
        ];
        let before = events.clone().all(reader).await.unwrap().len();
        for token in unproven {
            refused(&town.exchange(&token).await);
            town.app.passes(TimeDelta::minutes(2));
        }
        assert_eq!(events.all(reader).await.unwrap().len(), before, "what nobody signed leaves no trace in the trail");
        town.app.passes(TimeDelta::minutes(15));
        for (changes, nonce, reason) in [
            (json!({ "exp": now() - 60 }), None, "time"),
            (json!({ "iat": now() + 61, "exp": now() + 300 }), None, "time"),
            (json!({ "nbf": now() + 61 }), None, "time"),
            (json!({ "nonce": "b" }), Some("a"), "nonce"),
            (json!({}), Some("a"), "nonce"),
            (json!({ "sub": "li-0002" }), None, "nobody"),
            (json!({ "sub": "" }), None, "nobody"),
            (json!({ "sub": "li-0002", "email": EMAIL, "email_verified": false }), None, "nobody"),
            (json!({ "sub": "li-0002", "email": EMAIL, "email_verified": "true" }), None, "nobody"),
        ] {
            let answer = town.exchange_with(&provider.token(changes.clone()), json!({ "nonce": nonce })).await;
            refused(&answer);
            assert_eq!(town.reasons().await.last(), Some(&json!({ "reason": reason })), "{changes}");
        }
        assert_eq!((town.reasons().await.len(), town.sessions().await), (9, sessions));
        town.exchange_with(&provider.token(json!({ "nonce": "a" })), json!({ "nonce": "a" })).await.result();
        town.exchange(&provider.token(json!({ "aud": [CLIENT, "another"], "azp": CLIENT }))).await.result();
    }

    /// A token is good for one session, also for many who come at once; other spellings of it are the same token.
    async fn a_token_is_good_once(app: TestApp) {
        let town = Town::new(&app).await;
        let token = town.token();
        let answers = join_all((0..8).map(|_| town.exchange(&token))).await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.codes().is_empty());
        assert_eq!((won.len(), lost.len(), town.reasons().await), (1, 7, vec![json!({ "reason": "spent" }); 7]));
        lost.into_iter().for_each(refused);
        hezuo::identity::tidy(town.app.app()).await.unwrap();
        refused(&town.exchange(&token).await);
        town.app.passes(TimeDelta::seconds(361));
        hezuo::identity::tidy(town.app.app()).await.unwrap();
        let kept = entity::spent_id_token::Entity::find().all(town.app.db().reader()).await.unwrap();
        assert_eq!(kept.len(), 0, "an expired token is refused without being remembered");
        refused(&town.exchange(&token).await);
    }

    /// Two first tokens of one person at the same moment: both sign in, one binds.
    async fn first_tokens_that_meet(app: TestApp) {
        let town = Town::new(&app).await;
        let tokens: Vec<String> = (0..6).map(|_| town.token()).collect();
        for answer in join_all(tokens.iter().map(|token| town.exchange(token))).await {
            answer.result();
        }
        assert_eq!(town.status().await, "BOUND");
    }
}

on_both! {
    /// A county's issuer opens the county's memberships and those of its departments, and no others: not at sign-in, not
    /// by switching, not by an invitation.
    async fn an_issuer_speaks_for_its_own_organization(app: TestApp) {
        let town = Town::new(&app).await;
        let officer = &town.officer;
        let zone = town.app.county("511322").await;
        let firm = town.app.enterprise(&town.county, "Alpha").await;
        let north = town.app.university("North").await;
        below(&town.app, &zone, &town.county).await;
        let in_zone = officer.also(&zone, Role::CountyOfficer).await;
        let in_firm = officer.also(&firm, Role::EnterpriseAdmin).await;
        let at_north = officer.also(&north, Role::Professor).await;
        let membership = |persona: &Persona| json!({ "membershipId": id::show("membership", persona.membership) });
        let there = town.exchange_with(&town.token(), membership(&in_zone)).await;
        assert_eq!(there.result()["viewer"]["membership"]["id"], id::show("membership", in_zone.membership));
        for other in [&in_firm, &at_north] {
            refused(&town.exchange_with(&town.token(), membership(other)).await);
        }
        let reason = json!({ "reason": "membership" });
        assert_eq!(town.reasons().await, [reason.clone(), reason.clone()]);

        let token = town.sign_in(&town.token()).await;
        let as_issuer = async |mutation: &str, input: Value| {
            let (query, variables) = TestApp::mutation(mutation, &input, "__typename");
            town.app.gql_as(&token, &query, variables).await
        };
        for other in [&in_firm, &at_north] {
            as_issuer("sessionSwitch", membership(other)).await.complains(&["INVALID_INPUT input.membershipId"]);
        }
        let invited = json!({ "organizationId": north.id(), "role": "UNIVERSITY_STAFF" });
        let invited = north.admin().await.does("invitationCreate", invited, "token").await.result()["token"].clone();
        as_issuer("invitationAccept", json!({ "token": invited })).await.complains(&["RULE_VIOLATED"]);
        let leave = json!({ "id": id::show("membership", at_north.membership), "expectedVersion": 1 });
        as_issuer("membershipEnd", leave).await.complains(&["RULE_VIOLATED"]);
        as_issuer("sessionSwitch", membership(&in_zone)).await.result();
        // The password opens them all, and the invitation is still good.
        officer.does("sessionSwitch", membership(&at_north), "accessToken").await.result();
        at_north.does("invitationAccept", json!({ "token": invited }), "accessToken").await.result();

        // Whoever is a member elsewhere only is nobody here.
        end(&town, &town.officer, &town.county).await;
        end(&town, &in_zone, &zone).await;
        refused(&town.exchange(&town.token()).await);
        assert_eq!(town.reasons().await, [reason.clone(), reason.clone(), reason]);
    }

    /// Disabling an issuer, revoking an identity and disabling a user each end the session and refuse the next token.
    async fn what_ends_a_session(app: TestApp) {
        let town = Town::new(&app).await;
        let platform = town.app.platform().await.admin().await;
        let step = |id: &str, version: i32| json!({ "id": id, "expectedVersion": version });
        let by_password = town.officer.token().await;
        let token = town.sign_in(&town.token()).await;
        town.admin.does("issuerDisable", step(&town.issuer, 1), "status").await.results_in(json!({ "status": "DISABLED" }));
        town.app.gql_as(&token, WHO, json!({})).await.refused(&["UNAUTHENTICATED"]);
        town.app.gql_as(&by_password, WHO, json!({})).await.data();
        refused(&town.exchange(&town.token()).await);
        town.admin.does("issuerEnable", step(&town.issuer, 2), "status").await.results_in(json!({ "status": "ACTIVE" }));

        let token = town.sign_in(&town.token()).await;
        let disable = json!({ "id": id::show("user", town.officer.user), "expectedVersion": 1 });
        platform.does("userDisable", disable, "id").await.result();
        town.app.gql_as(&token, WHO, json!({})).await.refused(&["UNAUTHENTICATED"]);
        refused(&town.exchange(&town.token()).await);
        let enable = json!({ "id": id::show("user", town.officer.user), "expectedVersion": 2 });
        platform.does("userEnable", enable, "id").await.result();

        let token = town.sign_in(&town.token()).await;
        town.admin.does("identityRevoke", step(&town.identity, 2), "status").await.results_in(json!({ "status": "REVOKED" }));
        town.app.gql_as(&token, WHO, json!({})).await.refused(&["UNAUTHENTICATED"]);
        refused(&town.exchange(&town.token()).await);
        assert_eq!(town.reasons().await, [json!({ "reason": "disabled" }), json!({ "reason": "nobody" })]);
        // The subject and the address are free again.
        town.allow(&town.officer, EMAIL).await;
        town.exchange(&town.token()).await.result();
    }

    /// Failures count for the account as they do with passwords; a stranger cannot lock the person out.
    async fn too_many_failures_must_wait(app: TestApp) {
        let town = Town::new(&app).await;
        for _ in 0..10 {
            refused(&town.exchange(&town.provider.token(json!({ "exp": town.app.now().timestamp() - 100 }))).await);
        }
        town.exchange(&town.token()).await.refused(&["RATE_LIMITED"]);
        town.app.passes(TimeDelta::minutes(15));
        town.exchange(&town.token()).await.result();
        for text in town.reasons().await {
            assert_eq!(text, json!({ "reason": "time" }));
        }
    }
}

on_both! {
    /// All three algorithms; new keys are learnt, but nobody makes us ask for them all the time.
    async fn keys_are_learnt_and_not_asked_for_all_the_time(app: TestApp) {
        for algorithm in [Algorithm::RS256, Algorithm::ES256] {
            let town = Town::with(&app, Pair::new("a", algorithm)).await;
            town.exchange(&town.token()).await.result();
            // The end of the stories on one ground: the next one has a county of its own.
            town.admin.does("issuerDisable", json!({ "id": town.issuer, "expectedVersion": 1 }), "id").await.result();
        }
        let mut town = Town::new(&app).await;
        town.exchange(&town.token()).await.result();
        town.exchange(&town.token()).await.result();
        assert_eq!(town.provider.asked(), 1);
        let (old, new) = (town.provider.pair.clone(), Pair::new("b", Algorithm::ES256));
        town.provider.shows(&[&new, &old]);
        town.provider.pair = new;
        refused(&town.exchange(&town.token()).await);
        assert_eq!(town.provider.asked(), 1);
        town.app.passes(TimeDelta::seconds(30));
        town.exchange(&town.token()).await.result();
        assert_eq!(town.provider.asked(), 2);
        town.provider.pair = Pair::new("c", Algorithm::EdDSA);
        for _ in 0..3 {
            refused(&town.exchange(&town.token()).await);
        }
        assert_eq!(town.provider.asked(), 2);
        // A key that was taken away is believed for ten minutes at most.
        town.provider.shows(&[]);
        town.provider.pair = old;
        town.app.passes(TimeDelta::minutes(9));
        town.exchange(&town.token()).await.result();
        town.app.passes(TimeDelta::minutes(1));
        refused(&town.exchange(&town.token()).await);
    }

    /// Whatever a provider answers that it should not, nobody signs in.
    async fn what_a_provider_must_not_say(app: TestApp) {
        let town = Town::new(&app).await;
        let (provider, keys) = (&town.provider, format!("{}/keys", town.provider.url));
        let still = json!({ "issuer": provider.url, "jwks_uri": keys });
        for wrong in [
            json!({ "issuer": "https://other.example", "jwks_uri": keys }),
            json!({ "issuer": provider.url }),
            json!({ "issuer": provider.url, "jwks_uri": "file:///etc/passwd" }),
            json!({ "issuer": provider.url, "jwks_uri": "http://192.168.0.1/keys" }),
        ] {
            provider.discovers(&wrong);
            refused(&town.exchange(&town.token()).await);
            town.app.passes(TimeDelta::minutes(15));
        }
        assert_eq!(provider.asked(), 0);
        provider.discovers(&still);
        provider.sends_to(&keys);
        refused(&town.exchange(&town.token()).await);
        for body in ["", "{}", "[]", "<html>", &format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(300_000))] {
            town.app.passes(TimeDelta::minutes(15));
            provider.says(body);
            refused(&town.exchange(&town.token()).await);
        }
        // A secret that is published is no key.
        town.app.passes(TimeDelta::minutes(15));
        provider.says(&json!({ "keys": [{ "kty": "oct", "kid": "a", "k": "c2VjcmV0" }] }).to_string());
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some("a".to_owned());
        let token = encode(&header, &provider.claims(json!({})), &EncodingKey::from_secret(b"secret")).unwrap();
        refused(&town.exchange(&token).await);
        town.app.passes(TimeDelta::minutes(15));
        provider.shows(&[&provider.pair]);
        town.exchange(&town.token()).await.result();
    }

    /// Without the setting no private address is called, whoever registered it.
    async fn private_networks_are_closed(app: TestApp) {
        let town = Town::new(&app).await;
        let closed = town.app.replica(&[]).await;
        let input = json!({ "idToken": town.token() });
        refused(&closed.does("sessionExchange", input.clone(), "accessToken").await);
        assert_eq!(town.provider.asked(), 0);
        town.app.does("sessionExchange", input, "accessToken").await.result();
    }
}

/// Moves an organization below another.
async fn below(app: &TestApp, lower: &Organization, upper: &Organization) {
    use organization::{Column, Entity};
    assert_eq!((lower.kind.to_value(), lower.kind), (upper.kind.to_value(), Kind::County));
    let mut update = Query::update();
    update.table(Entity).value(Column::ParentId, upper.key).and_where(Column::Id.eq(lower.key));
    app.db().writer().execute(&update).await.unwrap();
}

/// The organization's admin ends a membership.
async fn end(town: &Town, person: &Persona, organization: &Organization) {
    let input = json!({ "id": id::show("membership", person.membership), "expectedVersion": 1 });
    assert_eq!(person.organization.key, organization.key);
    let admin = if organization.key == town.county.key { None } else { Some(organization.admin().await) };
    admin.as_ref().unwrap_or(&town.admin).does("membershipEnd", input, "id").await.result();
}
