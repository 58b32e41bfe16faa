//! Merges at the same time: pairs, chains and cycles. Each is done as a whole or not at all.

use std::collections::BTreeSet;

use entity::{membership, organization::OrganizationStatus as Status};
use futures_util::future::join_all;
use sea_orm::EntityTrait as _;
use serde_json::json;

use super::merge::input;
use crate::support::{TestApp, make, on_both};

/// In which organizations people have memberships in force.
async fn homes(app: &TestApp) -> Vec<uuid::Uuid> {
    let rows = membership::Entity::find().all(app.db().reader()).await.unwrap();
    let in_force = rows.into_iter().filter(|row| row.status == membership::MembershipStatus::Active);
    in_force.map(|row| row.organization_id).collect()
}

on_both! {
    /// 32 tasks merge four organizations crosswise, each with what it read before: whatever wins, nothing is left half
    /// done, nobody is lost and no organization leads in a circle.
    async fn nothing_is_half_done(app: TestApp) {
        let yingshan = app.county("511322").await;
        let mut four = Vec::new();
        for name in ["A", "B", "C", "D"] {
            four.push(app.enterprise(&yingshan, name).await);
        }
        for organization in &four {
            organization.admin().await;
            organization.recruiter().await;
        }
        let admin = &app.platform().await.admin().await;
        admin.token().await;
        let before = homes(&app).await.len();
        let four = &four;
        let merges = (0..32_usize).map(|n| async move {
            let (from, into) = (&four[n % 4], &four[(n + 1 + n / 4 % 3) % 4]);
            let answer = admin.does("organizationMerge", input(from, into).await, "status").await;
            let problems: Vec<String> =
                answer.problems().iter().map(|problem| problem.split(' ').next().unwrap().to_owned()).collect();
            assert_eq!(answer.codes(), [""; 0], "{answer}");
            problems
        });
        let answers = join_all(merges).await;
        let known = ["CONFLICT", "ILLEGAL_STEP", "RULE_VIOLATED"];
        assert!(answers.iter().flatten().all(|problem| known.contains(&problem.as_str())), "{answers:?}");
        let done = answers.iter().filter(|problems| problems.is_empty()).count();

        let mut left = BTreeSet::new();
        let mut merged = Vec::new();
        for organization in four {
            let row = organization.row().await;
            match row.merged_into_id {
                None => drop(left.insert(row.id)),
                Some(into) => merged.push(into),
            }
            assert_eq!(row.status == Status::Merged, row.merged_into_id.is_some());
        }
        assert_eq!(merged.len(), done);
        assert!((1..=3).contains(&done), "{done} merges of four");
        assert!(merged.iter().all(|into| left.contains(into)), "{merged:?} into {left:?}");
        let homes = homes(&app).await;
        assert_eq!(homes.len(), before);
        let elsewhere = [yingshan.key, app.platform().await.key];
        assert!(homes.iter().all(|home| left.contains(home) || elsewhere.contains(home)));
        // Both records of each merge tell of it, once.
        let events = entity::event::Entity::find().all(app.db().reader()).await.unwrap();
        let count = |kind: &str| events.iter().filter(|event| event.kind == kind).count();
        assert_eq!((count("OrganizationMerged"), count("OrganizationAbsorbed")), (done, done));
    }

    /// A draft is submitted while its party is merged: either the text is frozen and forbids the merge, or the draft
    /// changed before it could be. Never is a frozen text left without its party.
    async fn a_draft_is_submitted_meanwhile(app: TestApp) {
        let sides = app.sides().await;
        let admin = app.platform().await.admin().await;
        for n in 0..8 {
            let double = app.enterprise(&sides.yingshan, &format!("Alpha {n}")).await;
            let signer = double.admin().await;
            let draft = make::draft(&[&sides.university, &sides.county, &signer], json!({})).await;
            let (merging, submit) = (input(&double, &sides.alpha).await, json!({ "id": draft.id, "expectedVersion": 1 }));
            let (merged, submitted) = tokio::join!(
                admin.does("organizationMerge", merging, "id"),
                sides.university.does("agreementSubmit", submit, "id"),
            );
            let outcome = (merged.problems(), submitted.problems());
            let outcome = (outcome.0.iter().map(String::as_str).collect::<Vec<_>>(), outcome.1.iter().map(String::as_str).collect::<Vec<_>>());
            let party = draft.read("status parties { organization { id } }").await;
            let third = party["parties"][2]["organization"]["id"].clone();
            match outcome {
                (ref first, ref second) if first.is_empty() && second == &["CONFLICT input.expectedVersion"] => {
                    assert_eq!((&party["status"], third), (&json!("DRAFT"), json!(sides.alpha.id())));
                }
                (ref first, ref second) if first == &["RULE_VIOLATED input.id"] && second.is_empty() => {
                    assert_eq!((&party["status"], third), (&json!("IN_REVIEW"), json!(double.id())));
                }
                other => panic!("{other:?}: {merged} {submitted}"),
            }
        }
    }

    /// While people come in by invitations, nobody is left behind in an organization that is no more.
    async fn nobody_is_left_behind(app: TestApp) {
        let sides = app.sides().await;
        let double = app.enterprise(&sides.yingshan, "Alpha 2").await;
        let host = double.admin().await;
        let mut tokens = Vec::new();
        for _ in 0..15 {
            let invite = json!({ "organizationId": double.id(), "role": "ENTERPRISE_RECRUITER" });
            tokens.push(host.does("invitationCreate", invite, "token").await.result()["token"].clone());
        }
        let admin = app.platform().await.admin().await;
        let asked = input(&double, &sides.alpha).await;
        let (app, admin) = (&app, &admin);
        let coming = tokens.into_iter().enumerate().map(|(n, token)| async move {
            let accept = json!({
                "token": token, "login": format!("newcomer-{n}"), "displayName": "新来的", "password": "sunny autumn 2026",
            });
            let answer = app.does("invitationAccept", accept, "__typename").await;
            let problems = answer.problems();
            assert!(problems.is_empty() || problems == ["INVALID_INPUT input.token"], "{answer}");
            usize::from(problems.is_empty())
        });
        let merging = async {
            admin.does("organizationMerge", asked, "status").await.results_in(json!({ "status": "MERGED" }));
        };
        let (came_in, ()) = tokio::join!(join_all(coming), merging);
        let homes = homes(app).await;
        assert!(!homes.contains(&double.key));
        // The host and Alpha's own admin, and everyone who came in.
        let in_alpha = homes.iter().filter(|home| **home == sides.alpha.key).count();
        assert_eq!(in_alpha, 2 + came_in.into_iter().sum::<usize>());
    }
}
