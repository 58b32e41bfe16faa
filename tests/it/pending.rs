//! What a use case adds waits, and nobody sees that it does.

use entity::{
    event, membership,
    region::{self, RegionLevel},
};
use hezuo::{
    auth::{Job, Permit, RecordRef},
    error::Result,
    platform::{
        db::{Tx, Write},
        event::Event,
        failure::is_duplicate,
    },
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, sea_query::Query,
};

use crate::support::{TestApp, on_both};

fn write(tx: &Tx) -> Write {
    tx.under(Permit::system(Job::Bootstrap, RecordRef { kind: "organization", id: tx.id() }))
}

fn county(code: &str) -> region::ActiveModel {
    region::ActiveModel {
        code: Set(code.to_owned()),
        name: Set("Nowhere".to_owned()),
        level: Set(RegionLevel::County),
        ..Default::default()
    }
}

async fn counties(app: &TestApp) -> u64 {
    let nowhere = region::Entity::find().filter(region::Column::Name.eq("Nowhere"));
    nowhere.count(app.db().reader()).await.unwrap()
}

on_both! {
    /// A row, the head of a chain and an event: one statement for PostgreSQL, though another table was read meanwhile.
    async fn it_goes_in_one_statement(app: TestApp) {
        let adding = app.db().write(|tx| async move {
            let write = write(&tx);
            let added = write.add(county("990001")).await?;
            // What may be empty and was not said is.
            assert_eq!((added.code.as_str(), added.valid_from, added.valid_to), ("990001", None, None));
            write.emit_first(write.permit().record(), Event::new("Founded")).await?;
            membership::Entity::find().count(&tx).await?;
            Ok(())
        });
        let (done, statements) = app.counted(adding).await;
        done.unwrap();
        assert_eq!(statements, app.either(4, 2));
        assert_eq!(counties(&app).await, 1);
        let founded = event::Entity::find().filter(event::Column::Kind.eq("Founded"));
        assert_eq!(founded.count(app.db().reader()).await.unwrap(), 1);
        assert_eq!(hezuo::platform::trail::verify(app.db()).await.unwrap(), []);
    }

    /// Whoever reads the table, or writes anything, finds the rows that waited.
    async fn it_is_there_for_whoever_asks(app: TestApp) {
        let done: Result<(u64, u64)> = app
            .db()
            .write(|tx| async move {
                let write = write(&tx);
                write.add(county("990001")).await?;
                let found = region::Entity::find_by_id("990001").count(&tx).await?;
                write.add(county("990002")).await?;
                let renamed = Query::update()
                    .table(region::Entity)
                    .value(region::Column::Name, "Somewhere")
                    .and_where(region::Column::Code.eq("990002"))
                    .take();
                Ok((found, write.execute(&renamed).await?))
            })
            .await;
        assert_eq!(done.unwrap(), (1, 1));
        assert_eq!(counties(&app).await, 1);
    }

    /// However many: eight in a statement at the most.
    async fn many_do_not_wait_for_ever(app: TestApp) {
        let adding = app.db().write(|tx| async move {
            let write = write(&tx);
            for number in 0..20 {
                write.add(county(&format!("9900{number:02}"))).await?;
            }
            Ok(())
        });
        let (done, statements) = app.counted(adding).await;
        done.unwrap();
        assert_eq!((statements, counties(&app).await), (app.either(20, 3), 20));
    }

    /// What the table refuses in the end undoes everything, and says why; a rehearsal hears of it too.
    async fn it_is_refused_as_a_whole(app: TestApp) {
        let twice = |tx: Tx| async move {
            let write = write(&tx);
            write.emit_first(write.permit().record(), Event::new("Founded")).await?;
            write.add(county("990001")).await?;
            write.add(county("990001")).await.map(drop)
        };
        assert!(is_duplicate(&app.db().write(twice).await.unwrap_err()));
        assert!(is_duplicate(&app.db().rehearse(twice).await.unwrap_err()));
        let nameless = |tx: Tx| async move {
            let write = write(&tx);
            write.add(county("990002")).await?;
            write.add(region::ActiveModel { name: sea_orm::NotSet, ..county("990003") }).await.map(drop)
        };
        assert!(!is_duplicate(&app.db().write(nameless).await.unwrap_err()));
        let founded = event::Entity::find().filter(event::Column::Kind.eq("Founded"));
        assert_eq!((counties(&app).await, founded.count(app.db().reader()).await.unwrap()), (0, 0));
    }
}
