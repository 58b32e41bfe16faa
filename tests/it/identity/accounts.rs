//! Users and memberships.

use chrono::TimeDelta;
use entity::membership::Role;
use hezuo::{
    auth::Actor,
    error::{Code, Error, Result},
    identity::{
        memberships::{self, MembershipEndInput},
        people::{self, PasswordChangeInput, ProfileUpdateInput, UserStepInput},
        sessions::{self, SessionRefreshInput},
    },
    platform::id::Id,
};
use uuid::Uuid;

use crate::support::on_both;

use super::house::{House, PASSWORD, house};

impl House {
    async fn actor(&self, login: &str) -> Actor {
        self.sign_in(login).await.signed_in.actor
    }

    async fn end(&self, actor: &Actor, membership: Uuid) -> Option<Code> {
        let version = self.membership(membership).await.version;
        let input = MembershipEndInput { id: Id::new(membership), expected_version: version };
        memberships::end(&self.app, actor, &input).await.err().map(|error| error.code())
    }

    async fn step_of(&self, login: &str) -> UserStepInput {
        let user = self.user(login).await;
        UserStepInput { id: Id::new(user.id), expected_version: user.version }
    }

    async fn change_password(&self, actor: &Actor, current: &str, new: &str) -> Result<Uuid> {
        let input = PasswordChangeInput { current_password: current.to_owned(), new_password: new.to_owned() };
        people::change_password(&self.app, actor, "192.0.2.1", &input).await
    }
}

fn field(error: &Error) -> String {
    match error {
        Error::Problems(problems) => problems[0].path.join("."),
        _ => String::new(),
    }
}

on_both! {
    async fn whoever_is_no_member_any_more_is_out_at_once(app: TestApp) {
        let house = house(&app).await;
        let membership = house.person("officer", house.county, Role::CountyOfficer).await;
        let officer = house.sign_in("officer").await;
        let (county, uni) = (house.actor("county").await, house.actor("uni").await);
        assert_eq!(house.end(&uni, membership).await, Some(Code::NotFound));
        assert_eq!(house.end(&county, membership).await, None);
        assert!(house.is_refused(&officer).await);
        let refresh = sessions::refresh(&house.app, &SessionRefreshInput { refresh_token: officer.refresh_token.clone().unwrap() }).await;
        assert_eq!(refresh.unwrap_err().code(), Code::Unauthenticated);
        assert_eq!(house.end(&county, membership).await, Some(Code::IllegalStep));
    }
}

on_both! {
    async fn an_organization_keeps_an_admin(app: TestApp) {
        let house = house(&app).await;
        let county = house.actor("county").await;
        assert_eq!(house.end(&county, county.membership()).await, Some(Code::RuleViolated));
        // Two from outside end one each, at the same moment.
        let second = house.person("second", house.county, Role::CountyAdmin).await;
        house.person("root2", house.platform, Role::PlatformAdmin).await;
        let roots = (house.actor("root").await, house.actor("root2").await);
        let (one, other) = tokio::join!(house.end(&roots.0, second), house.end(&roots.1, county.membership()));
        let mut codes = [one, other];
        codes.sort_by_key(Option::is_some);
        assert_eq!(codes, [None, Some(Code::RuleViolated)]);
        // Two end each other: whoever is ended first can end nobody any more.
        house.person("third", house.university, Role::UniversityAdmin).await;
        let (uni, third) = (house.actor("uni").await, house.actor("third").await);
        let (one, other) =
            tokio::join!(house.end(&uni, third.membership()), house.end(&third, uni.membership()));
        let mut codes = [one, other];
        codes.sort_by_key(Option::is_some);
        assert_eq!(codes, [None, Some(Code::Unauthenticated)]);
    }
}

on_both! {
    async fn a_disabled_user_is_out_at_once(app: TestApp) {
        let house = house(&app).await;
        let (root, uni) = (house.actor("root").await, house.sign_in("uni").await);
        let step = house.step_of("uni").await;
        let county = house.actor("county").await;
        let unseen = people::disable(&house.app, &county, &step).await.unwrap_err();
        assert_eq!(unseen.code(), Code::NotFound);
        let own = people::disable(&house.app, &uni.signed_in.actor, &step).await.unwrap_err();
        assert_eq!(own.code(), Code::Forbidden);

        people::disable(&house.app, &root, &step).await.unwrap();
        assert!(house.is_refused(&uni).await);
        let refused = house.try_sign_in("192.0.2.1", "uni", PASSWORD).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unauthenticated);
        people::enable(&house.app, &root, &house.step_of("uni").await).await.unwrap();
        assert!(house.is_refused(&uni).await, "the old session stays ended");
        house.sign_in("uni").await;
        assert_eq!(house.happened("UserDisabled").await, 1);
        assert_eq!(house.happened("UserEnabled").await, 1);
    }
}

on_both! {
    async fn the_platform_keeps_an_admin(app: TestApp) {
        let house = house(&app).await;
        house.person("root2", house.platform, Role::PlatformAdmin).await;
        let (one, other) = (house.actor("root").await, house.actor("root2").await);
        let own = people::disable(&house.app, &one, &house.step_of("root").await).await.unwrap_err();
        assert_eq!(own.code(), Code::Forbidden);
        people::disable(&house.app, &one, &house.step_of("root2").await).await.unwrap();
        // Signed in before it was disabled, and asking at the same moment.
        let late = people::disable(&house.app, &other, &house.step_of("root").await).await.unwrap_err();
        assert_eq!(late.code(), Code::Unauthenticated);
    }
}

on_both! {
    async fn a_new_password_ends_the_other_sessions(app: TestApp) {
        let house = house(&app).await;
        let (here, there) = (house.sign_in("uni").await, house.sign_in("uni").await);
        let actor = &here.signed_in.actor;
        house.later(TimeDelta::seconds(1));
        house.change_password(actor, PASSWORD, "another long secret").await.unwrap();
        house.caller(&here).await.unwrap();
        assert!(house.is_refused(&there).await);
        assert!(house.try_sign_in("192.0.2.1", "uni", PASSWORD).await.is_err());
        house.try_sign_in("192.0.2.1", "uni", "another long secret").await.unwrap();
        assert_eq!(house.happened("PasswordChanged").await, 1);
    }
}

on_both! {
    async fn a_weak_or_unproven_password_is_refused(app: TestApp) {
        let house = house(&app).await;
        let actor = house.actor("uni").await;
        for weak in ["short", "aaaaaaaaaaaaaaaa", "Password1234", "hezuo-demo", &"x".repeat(201)] {
            let error = house.change_password(&actor, PASSWORD, weak).await.unwrap_err();
            assert_eq!((error.code(), field(&error)), (Code::InvalidInput, "input.newPassword".to_owned()), "{weak}");
        }
        let error = house.change_password(&actor, "wrong", "another long secret").await.unwrap_err();
        assert_eq!((error.code(), field(&error)), (Code::InvalidInput, "input.currentPassword".to_owned()));
    }
}

on_both! {
    async fn people_choose_their_name_and_language(app: TestApp) {
        let house = house(&app).await;
        let actor = house.actor("uni").await;
        let mut input = ProfileUpdateInput {
            expected_version: 1,
            display_name: Some(" 王芳 ".to_owned()),
            locale: Some("fr".to_owned()),
        };
        let error = people::update_profile(&house.app, &actor, &input).await.unwrap_err();
        assert_eq!((error.code(), field(&error)), (Code::InvalidInput, "input.locale".to_owned()));
        input.locale = Some("en".to_owned());
        people::update_profile(&house.app, &actor, &input).await.unwrap();
        let user = house.user("uni").await;
        assert_eq!((user.display_name.as_str(), user.locale.as_str(), user.version), ("王芳", "en", 2));
        let stale = people::update_profile(&house.app, &actor, &input).await.unwrap_err();
        assert_eq!(stale.code(), Code::Conflict);
    }
}
