//! A party's row repeats what counting its agreement takes: county, status, and who sees it. So the agreements that an
//! organization sees are counted from one index, without looking up each of them. The database keeps the copies.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::column::index;

/// Whether others than who drafted it see an agreement.
const SHARED: &str = "status <> 'DRAFT' AND content_hash IS NOT NULL";
/// What is counted of agreements until now.
const FORMER: [&str; 5] = ["county_id", "status", "id", "drafted_by_id", "content_hash"];
/// What is counted of them now, by whom, in the order of the groups.
const COUNTED: [&str; 5] = ["organization_id", "county_id", "status", "drafted_by_id", "shared"];

/// A party is added: the agreement is held, so that its own change does not miss the row that comes.
const FOLLOW_ON_POSTGRES: &str = "
    CREATE FUNCTION agreement_party_follows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        SELECT county_id, status, drafted_by_id, {SHARED} INTO NEW.county_id, NEW.status, NEW.drafted_by_id, NEW.shared
        FROM agreement WHERE id = NEW.agreement_id FOR SHARE;
        RETURN NEW;
    END $$;
    CREATE TRIGGER agreement_party_follows BEFORE INSERT ON agreement_party
    FOR EACH ROW EXECUTE FUNCTION agreement_party_follows();
    CREATE FUNCTION agreement_is_followed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE agreement_party SET county_id = NEW.county_id, status = NEW.status, drafted_by_id = NEW.drafted_by_id,
            shared = (NEW.status <> 'DRAFT' AND NEW.content_hash IS NOT NULL)
        WHERE agreement_id = NEW.id;
        RETURN NULL;
    END $$;
    CREATE TRIGGER agreement_is_followed AFTER UPDATE OF county_id, status, drafted_by_id, content_hash ON agreement
    FOR EACH ROW WHEN ((OLD.county_id, OLD.status, OLD.drafted_by_id, OLD.content_hash)
        IS DISTINCT FROM (NEW.county_id, NEW.status, NEW.drafted_by_id, NEW.content_hash))
    EXECUTE FUNCTION agreement_is_followed()";

const FOLLOW_ON_SQLITE: &str = "
    CREATE TRIGGER agreement_party_follows AFTER INSERT ON agreement_party BEGIN
        UPDATE agreement_party SET (county_id, status, drafted_by_id, shared) =
            (SELECT county_id, status, drafted_by_id, {SHARED} FROM agreement WHERE id = NEW.agreement_id)
        WHERE id = NEW.id;
    END;
    CREATE TRIGGER agreement_is_followed AFTER UPDATE OF county_id, status, drafted_by_id, content_hash ON agreement
    BEGIN
        UPDATE agreement_party SET county_id = NEW.county_id, status = NEW.status, drafted_by_id = NEW.drafted_by_id,
            shared = (NEW.status <> 'DRAFT' AND NEW.content_hash IS NOT NULL)
        WHERE agreement_id = NEW.id;
    END";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let mut status = ColumnDef::new("status").text().take();
        if postgres {
            status.extra(r#"COLLATE "C""#);
        }
        let keys = ["county_id", "drafted_by_id"].map(|name| ColumnDef::new(name).uuid().take());
        for column in keys.into_iter().chain([status, ColumnDef::new("shared").boolean().take()]) {
            manager.alter_table(Table::alter().table("agreement_party").add_column(column).take()).await?;
        }
        let db = manager.get_connection();
        let copy = format!(
            "UPDATE agreement_party SET (county_id, status, drafted_by_id, shared) = \
             (SELECT county_id, status, drafted_by_id, {SHARED} FROM agreement WHERE id = agreement_id)"
        );
        db.execute_unprepared(&copy).await?;
        let follow = if postgres { FOLLOW_ON_POSTGRES } else { FOLLOW_ON_SQLITE };
        db.execute_unprepared(&follow.replace("{SHARED}", SHARED)).await?;
        manager.create_index(index("agreement_party", &COUNTED).name("ix_agreement_party_counted").take()).await?;
        let former = format!("ix_agreement_{}", FORMER.join("_"));
        manager.drop_index(Index::drop().name(former).table("agreement").to_owned()).await?;
        manager.create_index(index("agreement", &["county_id", "status", "id"])).await
    }
}
