//! Somebody's rights end while their request is on its way: it writes nothing any more (wall 3).

use std::{sync::Arc, time::Duration};

use entity::{event, membership::Role};
use hezuo::{
    error::{Code, Result},
    notifications::rules::{Action, Inbox},
    organizations::{self, OrganizationProfileInput, OrganizationUpdateInput},
};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::json;
use tokio::sync::{Mutex, oneshot};

use crate::support::{Persona, TestApp, on_both};

/// The organization's profile, changed by somebody whose token was checked before.
async fn update(app: &TestApp, person: &Persona, actor: &hezuo::auth::Actor) -> Result<()> {
    let profile = OrganizationProfileInput { description: Some("新简介".to_owned()), ..Default::default() };
    let id = hezuo::platform::id::Id::new(person.organization.key);
    let input = OrganizationUpdateInput { id, expected_version: 1, profile };
    organizations::update(app.app(), actor, &input).await.map(drop)
}

on_both! {
    /// Ended, disabled, signed out or switched after the token was checked: UNAUTHENTICATED, and nothing is changed.
    async fn whoever_no_longer_stands_writes_nothing(app: TestApp) {
        let yingshan = app.county("511322").await;
        let (admin, platform) = (yingshan.admin().await, app.platform().await.admin().await);
        for ending in ["membershipEnd", "userDisable", "sessionEnd", "sessionSwitch"] {
            let other = yingshan.admin().await;
            let also = other.also(&app.enterprise(&yingshan, ending).await, Role::EnterpriseAdmin).await;
            let actor = other.actor().await;
            let membership = hezuo::platform::id::show("membership", other.membership);
            let answer = match ending {
                "membershipEnd" => {
                    let input = json!({ "id": membership, "expectedVersion": 1 });
                    admin.does(ending, input, "status").await
                }
                "userDisable" => {
                    let id = hezuo::platform::id::show("user", other.user);
                    platform.does(ending, json!({ "id": id, "expectedVersion": 1 }), "status").await
                }
                "sessionSwitch" => {
                    let id = hezuo::platform::id::show("membership", also.membership);
                    other.does(ending, json!({ "membershipId": id }), "accessToken").await
                }
                _ => other.gql("mutation { sessionEnd { result { ended } userErrors { code } } }", json!({})).await,
            };
            assert!(answer.codes().is_empty() && answer.user_errors().is_empty(), "{ending}: {answer}");
            let events = event::Entity::find().count(app.db().reader()).await.unwrap();
            let refused = update(&app, &other, &actor).await.unwrap_err();
            assert_eq!(refused.code(), Code::Unauthenticated, "{ending}");
            assert_eq!(event::Entity::find().count(app.db().reader()).await.unwrap(), events, "{ending}");
            assert_eq!(yingshan.row().await.version, 1, "{ending}");
        }
    }

    /// Once a write has its permit, whoever would end the membership waits until it is committed.
    async fn a_permit_holds_until_the_write_is_done(app: TestApp) {
        let yingshan = app.county("511322").await;
        let (admin, other) = (yingshan.admin().await, yingshan.officer().await);
        let (actor, order) = (other.actor().await, Arc::new(Mutex::new(Vec::new())));
        admin.token().await;
        let (permitted, begin) = oneshot::channel();
        let permitted = &std::sync::Mutex::new(Some(permitted));
        let writing = app.db().write(|tx| {
            let (actor, order) = (actor.clone(), order.clone());
            async move {
                tx.permit(&actor, Action::MarkRead, &Inbox::of(&actor)).await?;
                if let Some(permitted) = permitted.lock().unwrap().take() {
                    permitted.send(()).unwrap();
                }
                // Long enough for the other to overtake, if nothing held it.
                tokio::time::sleep(Duration::from_millis(300)).await;
                // Before it is committed: who of the two hears first that it is says nothing.
                order.lock().await.push("written");
                Ok(())
            }
        });
        let writing = async { writing.await.unwrap() };
        let ending = async {
            begin.await.unwrap();
            let input = json!({ "id": hezuo::platform::id::show("membership", other.membership), "expectedVersion": 1 });
            admin.does("membershipEnd", input, "status").await.results_in(json!({ "status": "ENDED" }));
            order.lock().await.push("ended");
        };
        tokio::join!(writing, ending);
        assert_eq!(*order.lock().await, ["written", "ended"]);
    }
}
