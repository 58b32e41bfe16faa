//! Whoever has forgotten the password: who lets whom choose another, and what that ends.

use chrono::TimeDelta;
use entity::membership::Role;
use hezuo::{
    error::{Code, Result},
    identity::{
        self,
        password_resets::{self, PasswordResetAcceptInput, PasswordResetCreateInput, PasswordResetRevokeInput},
        people::{self, PasswordChangeInput},
    },
    platform::id::Id,
};

use crate::support::on_both;

use super::house::{House, PASSWORD, house};

const NEW: &str = "sunny autumn 2026";

impl House {
    async fn reset(&self, admin: &str, login: &str) -> Result<String> {
        let input = PasswordResetCreateInput { user_id: Id::new(self.user(login).await.id) };
        let actor = self.sign_in(admin).await.signed_in.actor;
        password_resets::create(&self.app, &actor, &input).await.map(|(_, token)| token)
    }

    async fn use_token(&self, token: &str) -> Result<String> {
        let input = PasswordResetAcceptInput { token: token.to_owned(), new_password: NEW.to_owned() };
        password_resets::accept(&self.app, &input).await
    }

    async fn is_spent(&self, token: &str) -> bool {
        matches!(self.use_token(token).await, Err(error) if error.code() == Code::InvalidInput)
    }
}

on_both! {
    async fn a_member_chooses_another_password_once(app: TestApp) {
        let house = house(&app).await;
        house.person("li", house.county, Role::CountyOfficer).await;
        let before = house.sign_in("li").await;
        let token = house.reset("county", "li").await.unwrap();
        assert!(token.starts_with("hzp_"), "{token}");
        house.caller(&before).await.unwrap();
        assert_eq!(house.use_token(&token).await.unwrap(), "li");
        assert!(house.is_refused(&before).await);
        assert!(house.try_sign_in("", "li", PASSWORD).await.is_err());
        house.try_sign_in("", "li", NEW).await.unwrap();
        assert!(house.is_spent(&token).await);
        let happened = (house.happened("PasswordResetCreated").await, house.happened("PasswordReset").await);
        assert_eq!(happened, (1, 1));
    }

    /// Nobody becomes by it what he or she is not.
    async fn an_admin_resets_plain_members_only(app: TestApp) {
        let house = house(&app).await;
        house.person("li", house.county, Role::CountyOfficer).await;
        house.person("second", house.county, Role::CountyAdmin).await;
        house.person("both", house.county, Role::CountyOfficer).await;
        house.person("both", house.university, Role::Professor).await;
        for (admin, login, code) in [
            ("county", "county", Code::Forbidden),
            ("county", "second", Code::Forbidden),
            ("county", "both", Code::Forbidden),
            ("uni", "both", Code::Forbidden),
            ("root", "li", Code::Forbidden),
            ("root", "county", Code::Forbidden),
            ("uni", "li", Code::NotFound),
            ("li", "both", Code::NotFound),
            ("li", "li", Code::Forbidden),
        ] {
            assert_eq!(house.reset(admin, login).await.unwrap_err().code(), code, "{admin} resets {login}");
        }
        assert_eq!(house.happened("PasswordResetCreated").await, 0);
    }

    /// The rule is asked again when the token is used.
    async fn whoever_has_risen_or_gone_elsewhere_is_out_of_reach(app: TestApp) {
        let house = house(&app).await;
        for login in ["risen", "gone"] {
            house.person(login, house.county, Role::CountyOfficer).await;
        }
        let (risen, gone) = (house.reset("county", "risen").await.unwrap(), house.reset("county", "gone").await.unwrap());
        house.person("risen", house.county, Role::CountyAdmin).await;
        house.person("gone", house.university, Role::Professor).await;
        assert!(house.is_spent(&risen).await && house.is_spent(&gone).await);
        house.sign_in("risen").await;
    }

    async fn a_token_ends_by_time_by_another_by_taking_back_and_by_a_change(app: TestApp) {
        let house = house(&app).await;
        house.person("li", house.county, Role::CountyOfficer).await;
        let first = house.reset("county", "li").await.unwrap();
        let second = house.reset("county", "li").await.unwrap();
        assert!(house.is_spent(&first).await);
        let actor = house.sign_in("county").await.signed_in.actor;
        let input = PasswordResetRevokeInput { user_id: Id::new(house.user("li").await.id) };
        password_resets::revoke(&house.app, &actor, &input).await.unwrap();
        assert!(house.is_spent(&second).await);
        let third = house.reset("county", "li").await.unwrap();
        let li = house.sign_in("li").await.signed_in.actor;
        let change = PasswordChangeInput { current_password: PASSWORD.to_owned(), new_password: PASSWORD.to_owned() };
        people::change_password(&house.app, &li, "", &change).await.unwrap();
        assert!(house.is_spent(&third).await);
        let fourth = house.reset("county", "li").await.unwrap();
        house.later(TimeDelta::days(1));
        assert!(house.is_spent(&fourth).await);
    }

    async fn whoever_runs_the_server_resets_anybody(app: TestApp) {
        let house = house(&app).await;
        let token = identity::reset_password(&house.app, " ROOT ").await.unwrap();
        assert_eq!(house.use_token(&token).await.unwrap(), "root");
        house.try_sign_in("", "root", NEW).await.unwrap();
        assert_eq!(identity::reset_password(&house.app, "nobody").await.unwrap_err().code(), Code::NotFound);
    }

    /// Two at once: one of them.
    async fn a_token_is_good_once(app: TestApp) {
        let house = house(&app).await;
        house.person("li", house.county, Role::CountyOfficer).await;
        let token = house.reset("county", "li").await.unwrap();
        let (one, other) = tokio::join!(house.use_token(&token), house.use_token(&token));
        assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|used| **used).count(), 1);
        assert_eq!(house.happened("PasswordReset").await, 1);
    }
}
