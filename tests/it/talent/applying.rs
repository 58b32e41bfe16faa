//! What applying costs, and whom it waits for.

use std::time::Duration;

use entity::job_position;
use hezuo::{platform::id::Id, talent::positions};
use sea_orm::DbBackend;
use serde_json::json;
use tokio::time::timeout;

use super::market::Market;
use crate::support::on_both;

on_both! {
    /// Applying costs so many statements, the answer included.
    async fn applying_in_few_statements(app: TestApp) {
        let market = Market::new(&app).await;
        market.student.token().await;
        let input = json!({ "positionId": market.position });
        let (made, statements) = app.counted(market.student.does("applicationSubmit", input, "id status")).await;
        made.result();
        assert_eq!(statements, app.either(12, 9));
    }

    /// Who applies waits for nobody else who does; who withdraws the position waits for them.
    async fn applying_beside_others(app: TestApp) {
        let market = Market::new(&app).await;
        let other = market.north.student().await;
        market.consents(&other).await;
        let (actor, position) = (other.actor().await, Id::<job_position::Entity>::read(&market.position).unwrap().key());
        for who in [&market.student, &market.recruiter] {
            who.token().await;
        }
        let (actor, market, app) = (&actor, &market, &app);
        app.db()
            .write(move |tx| async move {
                positions::store::standing(&tx, actor, position).await?;
                // SQLite has one writer.
                if app.db().backend() == DbBackend::Postgres {
                    timeout(Duration::from_secs(20), market.application()).await.expect("it waited");
                }
                let input = json!({ "id": market.position, "expectedVersion": 3, "reason": "计划调整。" });
                let withdrawing = market.recruiter.does("positionWithdraw", input, "id");
                assert!(timeout(Duration::from_millis(300), withdrawing).await.is_err(), "it did not wait");
                Ok(())
            })
            .await
            .unwrap();
        let input = json!({ "id": market.position, "expectedVersion": 3, "reason": "计划调整。" });
        market.recruiter.does("positionWithdraw", input, "status").await.results_in(json!({ "status": "WITHDRAWN" }));
    }
}
