//! Invitations, and the first people of an installation.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::{membership::Role, organization::OrganizationStatus};
use futures_util::future::join_all;
use hezuo::{
    error::{Code, Error, Result},
    identity::{
        self,
        invitations::{self, InvitationAcceptInput, InvitationCreateInput, InvitationRevokeInput, Issued},
        memberships::{self, MembershipEndInput},
        sessions::Tokens,
    },
    platform::id::Id,
};
use sea_orm::{ConnectionTrait, sea_query::Query};
use uuid::Uuid;

use crate::support::on_both;

use super::house::{House, house};

impl House {
    async fn invite(&self, inviter: &str, organization: Uuid, role: Role) -> Result<Issued> {
        let input = InvitationCreateInput { organization_id: Id::new(organization), role, email: None };
        invitations::create(&self.app, &self.sign_in(inviter).await.signed_in.actor, &input).await
    }

    async fn accept(&self, token: &str, login: &str) -> Result<Tokens> {
        invitations::accept(&self.app, None, &acceptance(token, login), &Vec::new()).await
    }
}

fn acceptance(token: &str, login: &str) -> InvitationAcceptInput {
    InvitationAcceptInput {
        token: token.to_owned(),
        login: Some(login.to_owned()),
        display_name: Some("Li Ming".to_owned()),
        password: Some("a long enough secret".to_owned()),
    }
}

fn fields(error: &Error) -> Vec<String> {
    match error {
        Error::Problems(problems) => problems.iter().map(|problem| problem.path.join(".")).collect(),
        _ => Vec::new(),
    }
}

on_both! {
    async fn an_invited_person_comes_in_and_is_signed_in(app: TestApp) {
        let house = house(&app).await;
        let issued = house.invite("county", house.county, Role::CountyOfficer).await.unwrap();
        let tokens = house.accept(&issued.token, "Li.Ming").await.unwrap();
        let actor = house.caller(&tokens).await.unwrap().actor;
        assert_eq!((actor.role(), actor.organization()), (Role::CountyOfficer, house.county));
        assert_eq!(house.user("li.ming").await.display_name, "Li Ming");
        house.try_sign_in("", "li.ming", "a long enough secret").await.unwrap();

        let again = house.accept(&issued.token, "somebody.else").await.unwrap_err();
        assert_eq!((again.code(), fields(&again)), (Code::InvalidInput, vec!["input.token".to_owned()]));
    }
}

on_both! {
    async fn of_parallel_acceptances_one_wins(app: TestApp) {
        let house = Arc::new(house(&app).await);
        let token = house.invite("county", house.county, Role::CountyOfficer).await.unwrap().token;
        let uses = join_all((0..8).map(|n| {
            let (house, token) = (house.clone(), token.clone());
            tokio::spawn(async move { house.accept(&token, &format!("person{n}")).await })
        }))
        .await;
        let (won, lost): (Vec<_>, Vec<_>) = uses.into_iter().map(|outcome| outcome.unwrap()).partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        assert!(lost.iter().all(|lost| lost.as_ref().is_err_and(|error| error.code() == Code::InvalidInput)));
        assert_eq!(house.happened("UserJoined").await, 5);
    }
}

on_both! {
    async fn of_two_people_one_has_the_login(app: TestApp) {
        let house = Arc::new(house(&app).await);
        let mut tokens = Vec::new();
        for _ in 0..4 {
            tokens.push(house.invite("county", house.county, Role::CountyOfficer).await.unwrap().token);
        }
        let uses = join_all(tokens.into_iter().map(|token| {
            let house = house.clone();
            tokio::spawn(async move { house.accept(&token, "same").await.err().map(|error| error.code()) })
        }))
        .await;
        let codes: Vec<_> = uses.into_iter().map(|code| code.unwrap()).collect();
        assert_eq!(codes.iter().filter(|code| code.is_none()).count(), 1);
        assert_eq!(codes.iter().filter(|code| **code == Some(Code::Duplicate)).count(), 3);
    }
}

on_both! {
    async fn every_wrong_field_is_named(app: TestApp) {
        let house = house(&app).await;
        let issued = house.invite("county", house.county, Role::CountyOfficer).await.unwrap();
        let input = InvitationAcceptInput {
            token: issued.token.clone(),
            login: Some("李明".to_owned()),
            display_name: Some(String::new()),
            password: Some("password123".to_owned()),
        };
        let error = invitations::accept(&house.app, None, &input, &Vec::new()).await.unwrap_err();
        assert_eq!(fields(&error), ["input.login", "input.login", "input.displayName", "input.password"]);
        let nothing =
            InvitationAcceptInput { token: issued.token.clone(), login: None, display_name: None, password: None };
        let error = invitations::accept(&house.app, None, &nothing, &Vec::new()).await.unwrap_err();
        assert!(fields(&error).contains(&"input.password".to_owned()));
        house.accept(&issued.token, "liming").await.unwrap();
    }
}

on_both! {
    async fn whoever_is_signed_in_has_one_more_membership(app: TestApp) {
        let house = house(&app).await;
        let issued = house.invite("county", house.county, Role::Auditor).await.unwrap();
        let before = house.sign_in("uni").await;
        let only = InvitationAcceptInput { token: issued.token, login: None, display_name: None, password: None };
        let after = invitations::accept(&house.app, Some(&before.signed_in.actor), &only, &Vec::new()).await.unwrap();
        assert_eq!(after.signed_in.actor.role(), Role::Auditor);
        assert_eq!(after.signed_in.actor.user(), before.signed_in.actor.user());
        assert!(house.is_refused(&before).await);

        let twice = house.invite("county", house.county, Role::Auditor).await.unwrap();
        let twice = InvitationAcceptInput { token: twice.token, ..only.clone() };
        let error = invitations::accept(&house.app, Some(&after.signed_in.actor), &twice, &Vec::new()).await.unwrap_err();
        assert_eq!(error.code(), Code::Duplicate);

        let membership = after.signed_in.actor.membership();
        let county = house.sign_in("county").await.signed_in.actor;
        let end = MembershipEndInput { id: Id::new(membership), expected_version: 1 };
        memberships::end(&house.app, &county, &end).await.unwrap();
        let actor = house.sign_in("uni").await.signed_in.actor;
        let resumed = invitations::accept(&house.app, Some(&actor), &twice, &Vec::new()).await.unwrap();
        assert_eq!(resumed.signed_in.actor.membership(), membership);
        assert_eq!(house.happened("MembershipResumed").await, 1);
    }
}

on_both! {
    async fn expired_and_revoked_invitations_are_no_good(app: TestApp) {
        let house = house(&app).await;
        let issued = house.invite("county", house.county, Role::CountyOfficer).await.unwrap();
        let revoke = InvitationRevokeInput { id: Id::new(issued.id), expected_version: 1 };
        let uni = house.sign_in("uni").await.signed_in.actor;
        let error = invitations::revoke(&house.app, &uni, &revoke).await.unwrap_err();
        assert_eq!(error.code(), Code::NotFound);
        let county = house.sign_in("county").await.signed_in.actor;
        invitations::revoke(&house.app, &county, &revoke).await.unwrap();
        let stale = invitations::revoke(&house.app, &county, &revoke).await.unwrap_err();
        assert_eq!(stale.code(), Code::Conflict);
        let again = InvitationRevokeInput { expected_version: 2, ..revoke };
        assert_eq!(invitations::revoke(&house.app, &county, &again).await.unwrap_err().code(), Code::IllegalStep);
        assert_eq!(house.accept(&issued.token, "late").await.unwrap_err().code(), Code::InvalidInput);

        let issued = house.invite("county", house.county, Role::CountyOfficer).await.unwrap();
        house.later(TimeDelta::days(14));
        assert_eq!(house.accept(&issued.token, "late").await.unwrap_err().code(), Code::InvalidInput);
    }
}

on_both! {
    async fn admins_invite_to_their_own_organization(app: TestApp) {
        let house = house(&app).await;
        let officer = Role::CountyOfficer;
        let code = |outcome: Result<Issued>| outcome.err().map(|error| error.code());
        assert_eq!(code(house.invite("county", house.county, officer).await), None);
        assert_eq!(code(house.invite("county", house.county, Role::Professor).await), Some(Code::InvalidInput));
        assert_eq!(code(house.invite("county", house.county, Role::ServiceAccount).await), Some(Code::Forbidden));
        assert_eq!(code(house.invite("uni", house.county, officer).await), Some(Code::Forbidden));
        house.person("officer", house.county, officer).await;
        assert_eq!(code(house.invite("officer", house.county, officer).await), Some(Code::Forbidden));
        // The platform brings in first admins only.
        assert_eq!(code(house.invite("root", house.county, Role::CountyAdmin).await), Some(Code::Forbidden));
        assert_eq!(code(house.invite("root", house.platform, Role::PlatformAdmin).await), None);
        house.set_status(house.enterprise, OrganizationStatus::Ceased).await;
        assert_eq!(code(house.invite("firm", house.enterprise, Role::EnterpriseRecruiter).await), Some(Code::RuleViolated));
        assert_eq!(code(house.invite("uni", house.enterprise, officer).await), Some(Code::NotFound));
    }
}

impl House {
    async fn set_status(&self, organization: Uuid, status: OrganizationStatus) {
        use entity::organization::{Column, Entity};
        use sea_orm::{ActiveEnum, ColumnTrait};
        let mut update = Query::update();
        update.table(Entity).value(Column::Status, status.to_value()).and_where(Column::Id.eq(organization));
        self.app.db().writer().execute(&update).await.unwrap();
    }
}

on_both! {
    async fn an_empty_database_prints_one_invitation(app: TestApp) {
        let app = app.app().clone();
        let token = identity::bootstrap(&app).await.unwrap().unwrap();
        assert_eq!(identity::bootstrap(&app).await.unwrap(), None);
        let tokens = invitations::accept(&app, None, &acceptance(&token, "first"), &Vec::new()).await.unwrap();
        assert_eq!(tokens.signed_in.actor.role(), Role::PlatformAdmin);
        let clock = app.db().clock();
        clock.set(clock.now() + TimeDelta::days(30));
        assert_eq!(identity::bootstrap(&app).await.unwrap(), None);

        let more = identity::invite(&app, None, "platform-admin").await.unwrap();
        invitations::accept(&app, None, &acceptance(&more, "second"), &Vec::new()).await.unwrap();
        let error = identity::invite(&app, None, "STUDENT").await.unwrap_err();
        assert_eq!(error.code(), Code::InvalidInput);
        assert_eq!(
            identity::invite(&app, Some("9".repeat(18).as_str()), "STUDENT").await.unwrap_err().code(),
            Code::NotFound
        );
    }
}

on_both! {
    async fn replicas_that_start_together_print_one(app: TestApp) {
        let app = app.app().clone();
        let printed = join_all((0..4).map(|_| {
            let app = app.clone();
            tokio::spawn(async move { identity::bootstrap(&app).await.unwrap() })
        }))
        .await;
        assert_eq!(printed.into_iter().filter_map(|token| token.unwrap()).count(), 1);
    }
}
