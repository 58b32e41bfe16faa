//! Sessions: signing in, rotation, replay, switching, ending.

use chrono::TimeDelta;
use entity::{
    membership::Role,
    session::{self, SessionEnd},
};
use futures_util::future::join_all;
use hezuo::{
    error::{Code, Locale},
    identity::{
        memberships::{self, MembershipEndInput},
        sessions::{self, SessionCreateInput, SessionRefreshInput, SessionRevokeInput, SessionSwitchInput, Tokens},
        still_valid,
    },
    platform::id::Id,
};
use sea_orm::EntityTrait;
use uuid::Uuid;

use crate::support::{at_last, on_both};

use super::house::{House, PASSWORD, house};

impl House {
    async fn session(&self, id: Uuid) -> session::Model {
        session::Entity::find_by_id(id).one(self.app.db().reader()).await.unwrap().unwrap()
    }
}

fn spend(tokens: &Tokens) -> SessionRefreshInput {
    SessionRefreshInput { refresh_token: tokens.refresh_token.clone().unwrap() }
}

fn to(membership: Uuid) -> SessionSwitchInput {
    SessionSwitchInput { membership_id: Id::new(membership) }
}

on_both! {
    async fn a_token_says_who_is_calling(app: TestApp) {
        let house = house(&app).await;
        let tokens = house.try_sign_in("192.0.2.1", " COUNTY ", PASSWORD).await.unwrap();
        let signed_in = house.caller(&tokens).await.unwrap();
        assert_eq!(signed_in.actor, tokens.signed_in.actor);
        assert_eq!(signed_in.actor.user(), house.user("county").await.id);
        assert_eq!(signed_in.actor.role(), Role::CountyAdmin);
        assert_eq!(signed_in.actor.organization(), house.county);
        assert_eq!(signed_in.actor.region(), "511322");
        assert_eq!(signed_in.expires_at, house.now() + TimeDelta::minutes(10));
        assert_eq!(tokens.expires_at, signed_in.expires_at);
        house.later(TimeDelta::minutes(10) - TimeDelta::microseconds(1));
        house.caller(&tokens).await.unwrap();
        house.later(TimeDelta::microseconds(1));
        assert!(house.is_refused(&tokens).await);
        assert!(!still_valid(&house.app, &signed_in).await);
    }
}

on_both! {
    async fn every_reason_has_the_same_answer(app: TestApp) {
        let house = house(&app).await;
        let member = house.person("gone", house.county, Role::CountyOfficer).await;
        let county = house.sign_in("county").await;
        let end = MembershipEndInput { id: Id::new(member), expected_version: 1 };
        memberships::end(&house.app, &county.signed_in.actor, &end).await.unwrap();
        for (login, password) in [
            ("county", "wrong password"),
            ("nobody", PASSWORD),
            ("gone", PASSWORD),
            ("", ""),
            ("county", &"x".repeat(2_000)),
        ] {
            let error = house.try_sign_in("192.0.2.1", login, password).await.unwrap_err();
            assert_eq!(error.code(), Code::Unauthenticated, "{login}");
            assert_eq!(error.message(Locale::En), "The login or the password is wrong.", "{login}");
        }
    }
}

on_both! {
    async fn a_refresh_token_is_good_once(app: TestApp) {
        let house = house(&app).await;
        let first = house.sign_in("uni").await;
        house.later(TimeDelta::minutes(11));
        let second = sessions::refresh(&house.app, &spend(&first)).await.unwrap();
        assert_eq!(house.caller(&second).await.unwrap().actor, first.signed_in.actor);
        assert_ne!(second.refresh_token, first.refresh_token);
        assert_eq!(house.session(first.signed_in.actor.session()).await.expires_at, house.now() + TimeDelta::days(30));

        let replay = sessions::refresh(&house.app, &spend(&first)).await;
        assert_eq!(replay.unwrap_err().code(), Code::Unauthenticated);
        assert!(house.is_refused(&second).await);
        let rest = sessions::refresh(&house.app, &spend(&second)).await;
        assert_eq!(rest.unwrap_err().code(), Code::Unauthenticated);
        let session = house.session(first.signed_in.actor.session()).await;
        assert_eq!((session.ended_at, session.end_reason), (Some(house.now()), Some(SessionEnd::Replayed)));
        assert_eq!(house.happened("SessionReplayed").await, 1);
    }
}

on_both! {
    async fn of_parallel_uses_one_wins_and_the_family_ends(app: TestApp) {
        let house = house(&app).await;
        let tokens = house.sign_in("uni").await;
        let input = spend(&tokens);
        let uses = join_all((0..32).map(|_| {
            let (app, input) = (house.app.clone(), input.clone());
            tokio::spawn(async move { sessions::refresh(&app, &input).await })
        }))
        .await;
        let (won, lost): (Vec<_>, Vec<_>) = uses.into_iter().map(Result::unwrap).partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (1, 31));
        for error in lost {
            assert_eq!(error.unwrap_err().code(), Code::Unauthenticated);
        }
        assert!(house.is_refused(won[0].as_ref().unwrap()).await);
        assert_eq!(house.session(tokens.signed_in.actor.session()).await.end_reason, Some(SessionEnd::Replayed));
        assert_eq!(house.happened("SessionReplayed").await, 1);
    }
}

on_both! {
    async fn unknown_and_expired_refresh_tokens_are_refused(app: TestApp) {
        let house = house(&app).await;
        let tokens = house.sign_in("uni").await;
        let unknown = sessions::refresh(&house.app, &SessionRefreshInput { refresh_token: "hzr_unknown".to_owned() }).await.unwrap_err();
        assert_eq!(unknown.code(), Code::Unauthenticated);
        house.later(TimeDelta::days(30));
        let late = sessions::refresh(&house.app, &spend(&tokens)).await.unwrap_err();
        assert_eq!(late.code(), Code::Unauthenticated);
        sessions::tidy(&house.app).await.unwrap();
        assert_eq!(house.session(tokens.signed_in.actor.session()).await.end_reason, Some(SessionEnd::Expired));
    }
}

on_both! {
    async fn one_session_ends_another_of_the_same_person_only(app: TestApp) {
        let house = house(&app).await;
        let (here, there, other) = (house.sign_in("uni").await, house.sign_in("uni").await, house.sign_in("county").await);
        let id = &SessionRevokeInput { id: Id::new(there.signed_in.actor.session()) };
        let stranger = sessions::revoke(&house.app, &other.signed_in.actor, id).await;
        assert_eq!(stranger.unwrap_err().code(), Code::NotFound);
        assert!(still_valid(&house.app, &house.caller(&there).await.unwrap()).await);

        sessions::revoke(&house.app, &here.signed_in.actor, id).await.unwrap();
        assert!(house.is_refused(&there).await);
        sessions::end(&house.app, &here.signed_in.actor).await.unwrap();
        assert!(house.is_refused(&here).await);
        house.caller(&other).await.unwrap();
        let again = sessions::end(&house.app, &here.signed_in.actor).await.unwrap_err();
        assert_eq!(again.code(), Code::Unauthenticated);
        assert_eq!(house.happened("SessionEnded").await, 2);
    }
}

on_both! {
    async fn sockets_learn_of_it(app: TestApp) {
        let house = house(&app).await;
        let tokens = [house.sign_in("uni").await, house.sign_in("uni").await];
        let mut sockets = Vec::new();
        for one in &tokens {
            sockets.push(house.caller(one).await.unwrap());
        }
        assert!(still_valid(&house.app, &sockets[0]).await);
        sessions::end(&house.app, &sockets[0].actor).await.unwrap();
        assert!(at_last(async || !still_valid(&house.app, &sockets[0]).await).await);
        assert!(still_valid(&house.app, &sockets[1]).await);
    }
}

on_both! {
    async fn a_session_acts_under_one_membership_at_a_time(app: TestApp) {
        let house = house(&app).await;
        house.later(TimeDelta::seconds(1));
        let second = house.person("uni", house.county, Role::Auditor).await;
        let before = house.sign_in("uni").await;
        assert_eq!(before.signed_in.actor.role(), Role::UniversityAdmin);
        let socket = house.caller(&before).await.unwrap();
        let after = sessions::switch(&house.app, &before.signed_in.actor, &to(second)).await.unwrap();
        assert_eq!(after.refresh_token, None);
        assert_eq!(house.caller(&after).await.unwrap().actor.role(), Role::Auditor);
        assert_eq!(after.signed_in.actor.session(), before.signed_in.actor.session());
        assert!(house.is_refused(&before).await);
        assert!(at_last(async || !still_valid(&house.app, &socket).await).await);
        assert!(still_valid(&house.app, &after.signed_in).await);

        house.later(TimeDelta::seconds(1));
        assert_eq!(house.sign_in("uni").await.signed_in.actor.membership(), second, "the one last used");
        let foreign = house.sign_in("county").await.signed_in.actor.membership();
        let error = sessions::switch(&house.app, &after.signed_in.actor, &to(foreign)).await.unwrap_err();
        assert_eq!(error.code(), Code::InvalidInput);
        let input = SessionCreateInput {
            login: "uni".to_owned(),
            password: PASSWORD.to_owned(),
            membership_id: Some(Id::new(before.signed_in.actor.membership())),
            client: Some("desk".to_owned()),
        };
        let chosen = sessions::create(&house.app, "", &input).await.unwrap();
        assert_eq!(chosen.signed_in.actor.role(), Role::UniversityAdmin);
        assert_eq!(house.session(chosen.signed_in.actor.session()).await.client, "desk");
    }
}

on_both! {
    async fn two_hundred_sign_in_at_once(app: TestApp) {
        let house = std::sync::Arc::new(house(&app).await);
        let all = join_all((0..200).map(|_| {
            let house = house.clone();
            tokio::spawn(async move { house.try_sign_in("192.0.2.1", "uni", PASSWORD).await.is_ok() })
        }))
        .await;
        assert_eq!(all.into_iter().filter(|signed_in| *signed_in.as_ref().unwrap()).count(), 200);
        assert_eq!(session::Entity::find().all(house.app.db().reader()).await.unwrap().len(), 200);
    }
}
