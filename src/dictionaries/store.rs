//! The tables of regions and region groups: the only place that touches them. Everybody may read them.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    region::{self, RegionLevel},
    region_group,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, Iterable,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, InsertStatement, LikeExpr, OnConflict, Query},
};
use uuid::Uuid;

use super::{
    region::{RegionCode, beginning},
    table,
};
use crate::{
    auth::{Job, Permit, RecordRef},
    error::{Error, Result},
    platform::{
        db::{Db, Write},
        event::Event,
    },
};

/// Rows in one statement: databases allow some 32,000 values in one.
const BATCH: usize = 500;
/// The table as a whole, in the trail.
const TABLE: RecordRef = RecordRef { kind: "region", id: Uuid::nil() };

/// Loads the regions and groups that come with the program, if there is no region yet. Returns how many regions.
///
/// # Errors
/// When the database cannot be written.
pub async fn seed(db: &Db) -> Result<usize> {
    let regions = table::regions(table::REGIONS)?;
    let groups = table::groups()?;
    db.write(|tx| {
        let (regions, groups) = (&regions, &groups);
        async move {
            if region::Entity::find().limit(1).one(&tx).await?.is_some() {
                return Ok(0);
            }
            let write = tx.under(Permit::system(Job::Dictionaries, TABLE));
            save_regions(&write, regions).await?;
            save_groups(&write, groups).await?;
            write.emit(Event::new("RegionsSeeded").with("regions", regions.len())).await?;
            Ok(regions.len())
        }
    })
    .await
}

/// Adds the regions of a CSV file and replaces those with the same codes; others stay. Returns how many the file has.
///
/// # Errors
/// Every bad line of the file with its number and the reason; then nothing was written.
pub async fn import(db: &Db, csv: &str) -> Result<usize> {
    let regions = table::regions(csv)?;
    db.write(|tx| {
        let regions = &regions;
        async move {
            let write = tx.under(Permit::system(Job::Dictionaries, TABLE));
            save_regions(&write, regions).await?;
            write.emit(Event::new("RegionsImported").with("regions", regions.len())).await
        }
    })
    .await?;
    Ok(regions.len())
}

async fn save_regions(write: &Write, regions: &[region::Model]) -> Result<()> {
    use region::Column::{Level, Name, ValidFrom, ValidTo};
    for batch in regions.chunks(BATCH) {
        let mut statement = rows::<region::Entity, _>(batch)?;
        statement.on_conflict(
            OnConflict::column(region::Column::Code).update_columns([Name, Level, ValidFrom, ValidTo]).to_owned(),
        );
        write.execute(&statement).await?;
    }
    Ok(())
}

async fn save_groups(write: &Write, groups: &[region_group::Model]) -> Result<()> {
    use region_group::Column::{Name, RegionCode};
    for batch in groups.chunks(BATCH) {
        let mut statement = rows::<region_group::Entity, _>(batch)?;
        // Already in the group: the row says what it should.
        statement.on_conflict(OnConflict::columns([Name, RegionCode]).update_column(RegionCode).to_owned());
        write.execute(&statement).await?;
    }
    Ok(())
}

/// One statement that inserts all rows, every column of each.
fn rows<E, A>(models: &[E::Model]) -> Result<InsertStatement>
where
    E: EntityTrait<ActiveModel = A>,
    E::Model: Clone + IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E>,
{
    let mut statement = Query::insert().into_table(E::default()).columns(E::Column::iter()).to_owned();
    for model in models {
        let row = model.clone().into_active_model();
        let values = E::Column::iter().map(|column| {
            let value = row.get(column).into_value();
            value.map(|value| column.save_as(Expr::val(value))).ok_or_else(|| Error::internal("a row without a column"))
        });
        statement.values(values.collect::<Result<Vec<_>>>()?).map_err(Error::internal)?;
    }
    Ok(statement)
}

/// Which regions to list.
#[derive(Clone, Debug, Default)]
pub struct RegionFilter {
    /// Those that lie in this one, itself included.
    pub within: Option<RegionCode>,
    /// Those of one level.
    pub level: Option<RegionLevel>,
    /// Those whose name contains this, or whose code begins so.
    pub search: Option<String>,
    /// Those whose code is in use on this day; without it the retired ones too.
    pub on: Option<NaiveDate>,
}

/// Regions in the order of their codes, at most `limit`.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(db: &impl ConnectionTrait, filter: &RegionFilter, limit: u64) -> Result<Vec<region::Model>> {
    use region::Column::{Code, Level, Name, ValidFrom, ValidTo};
    let mut query = region::Entity::find();
    if let Some(within) = &filter.within {
        let (first, last) = within.range();
        query = query.filter(Code.between(first, last));
    }
    if let Some(level) = filter.level {
        query = query.filter(Level.eq(level));
    }
    if let Some(search) = &filter.search {
        let mut any = Condition::any().add(Name.like(like(&format!("%{}%", escaped(search)))));
        if let Some(beginning) = beginning(search) {
            any = any.add(Code.like(like(&format!("{beginning}%"))));
        }
        query = query.filter(any);
    }
    if let Some(day) = filter.on {
        query = query.filter(ValidFrom.is_null().or(ValidFrom.lte(day))).filter(ValidTo.is_null().or(ValidTo.gte(day)));
    }
    Ok(query.order_by_asc(Code).limit(limit).all(db).await?)
}

/// One region, retired or not.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(db: &impl ConnectionTrait, code: &RegionCode) -> Result<Option<region::Model>> {
    Ok(region::Entity::find_by_id(code.as_str()).one(db).await?)
}

/// Whether this is the code of a region on that day.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_in_use(db: &impl ConnectionTrait, code: &RegionCode, day: NaiveDate) -> Result<bool> {
    let begun = |row: &region::Model| row.valid_from.is_none_or(|from| from <= day);
    let lasts = |row: &region::Model| row.valid_to.is_none_or(|to| to >= day);
    Ok(find(db, code).await?.is_some_and(|row| begun(&row) && lasts(&row)))
}

/// The names of all regions, retired ones among them, each once and in no order.
///
/// # Errors
/// When the database cannot be read.
pub async fn region_names(db: &Db) -> Result<Vec<String>> {
    let names = region::Entity::find().select_only().column(region::Column::Name).distinct();
    Ok(names.into_tuple().all(db.reader()).await?)
}

/// The names of the regions with these codes, retired ones among them, by code.
///
/// # Errors
/// When the database cannot be read.
pub async fn names_of(db: &Db, codes: impl IntoIterator<Item = String>) -> Result<HashMap<String, String>> {
    use region::Column::{Code, Name};
    let rows = region::Entity::find().select_only().columns([Code, Name]).filter(Code.is_in(codes));
    let rows: Vec<(String, String)> = rows.into_tuple().all(db.reader()).await?;
    Ok(rows.into_iter().collect())
}

/// The codes of a group's regions, in order. What lies in one of them lies in the group: [`RegionCode::contains`].
///
/// # Errors
/// When the database cannot be read.
pub async fn list_group(db: &impl ConnectionTrait, name: &str) -> Result<Vec<String>> {
    let rows = region_group::Entity::find()
        .filter(region_group::Column::Name.eq(name))
        .order_by_asc(region_group::Column::RegionCode)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.region_code).collect())
}

fn like(pattern: &str) -> LikeExpr {
    LikeExpr::new(pattern).escape('\\')
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[cfg(test)]
pub(super) mod tests {
    use std::path::PathBuf;

    use chrono::DateTime;
    use migration::{Migrator, MigratorTrait};

    use super::*;
    use crate::platform::{clock::Clock, event::Cursor, event::after, id};

    /// A database in a file of its own, gone when the test is over.
    pub(in crate::dictionaries) struct Scratch {
        pub(in crate::dictionaries) db: Db,
        path: PathBuf,
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            for ending in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{ending}", self.path.display()));
            }
        }
    }

    /// A database without a row, on 2026-11-22.
    pub(in crate::dictionaries) async fn scratch() -> Scratch {
        let name = id::new(Clock::System.now());
        let path = std::env::temp_dir().join(format!("hezuo-dictionaries-{name}.db"));
        let now: DateTime<chrono::Utc> = "2026-11-22T04:00:00Z".parse().unwrap();
        let url = format!("sqlite:{}", path.display());
        let db = Db::connect(&url, 2, Clock::scripted(now)).await.unwrap();
        Migrator::up(db.writer(), None).await.unwrap();
        Scratch { db, path }
    }

    async fn codes(db: &Db, filter: RegionFilter) -> Vec<String> {
        list(db.reader(), &filter, 1_000).await.unwrap().into_iter().map(|row| row.code).collect()
    }

    fn within(code: &str) -> RegionCode {
        RegionCode::parse(code).unwrap()
    }

    #[tokio::test]
    async fn an_empty_database_is_seeded_once() {
        let scratch = scratch().await;
        let db = &scratch.db;
        assert_eq!(seed(db).await.unwrap(), 371);
        assert_eq!(seed(db).await.unwrap(), 0);
        assert_eq!(codes(db, RegionFilter::default()).await.len(), 371);
        let group = list_group(db.reader(), "成渝地区双城经济圈").await.unwrap();
        assert_eq!((group.len(), group[0].as_str(), group[43].as_str()), (44, "500101", "512000"));
        let yingshan = find(db.reader(), &RegionCode::parse("511322").unwrap()).await.unwrap().unwrap();
        assert_eq!((yingshan.name.as_str(), yingshan.level), ("营山县", RegionLevel::County));
        let events = after(db.reader(), Cursor::default(), 10).await.unwrap();
        let told: Vec<_> = events.iter().map(|event| (event.kind.as_str(), event.action.as_str())).collect();
        assert_eq!(told, [("RegionsSeeded", "job.dictionaries")]);
        assert_eq!(events[0].data, r#"{"regions":"371"}"#);
    }

    #[tokio::test]
    async fn regions_are_found_by_place_level_name_and_day() {
        let scratch = scratch().await;
        let db = &scratch.db;
        seed(db).await.unwrap();
        let nanchong = RegionFilter { within: Some(within("5113")), ..RegionFilter::default() };
        let all = ["511300", "511302", "511303", "511304", "511321", "511322", "511323", "511324", "511325", "511381"];
        assert_eq!(codes(db, nanchong.clone()).await, all);
        let cities = RegionFilter { level: Some(RegionLevel::Prefecture), ..nanchong.clone() };
        assert_eq!(codes(db, cities).await, ["511300"]);
        let search = |text: &str| RegionFilter { search: Some(text.to_owned()), ..RegionFilter::default() };
        assert_eq!(codes(db, search("营山")).await, ["511322"]);
        assert_eq!(codes(db, search("51132")).await, ["511321", "511322", "511323", "511324", "511325"]);
        assert_eq!(codes(db, search("%")).await, Vec::<String>::new());
        assert_eq!(codes(db, search("_")).await, Vec::<String>::new());
        let shuangliu = |year| RegionFilter { on: NaiveDate::from_ymd_opt(year, 6, 1), ..search("双流") };
        assert_eq!(codes(db, shuangliu(2014)).await, ["510122"]);
        assert_eq!(codes(db, shuangliu(2015)).await, ["510116", "510122"]);
        assert_eq!(codes(db, shuangliu(2016)).await, ["510116"]);
    }

    #[tokio::test]
    async fn an_import_adds_and_replaces_or_does_nothing() {
        let scratch = scratch().await;
        let db = &scratch.db;
        seed(db).await.unwrap();
        let csv = "\u{feff}code,name,level,valid_from,valid_to\r\n\
            511322,营山,COUNTY,1993-01-01,2030-12-31\r\n440000,广东省,PROVINCE,,\r\n";
        for _ in 0..2 {
            assert_eq!(import(db, csv).await.unwrap(), 2);
        }
        assert_eq!(codes(db, RegionFilter::default()).await.len(), 372);
        let changed = find(db.reader(), &RegionCode::parse("511322").unwrap()).await.unwrap().unwrap();
        assert_eq!((changed.name.as_str(), changed.valid_to), ("营山", NaiveDate::from_ymd_opt(2030, 12, 31)));

        let bad = "code,name,level\n330000,浙江省,PROVINCE\n33,杭州市,COUNTY\nx,y,z\n";
        let Error::Problems(problems) = import(db, bad).await.unwrap_err() else { panic!("not the caller's problem") };
        let lines: Vec<_> = problems.iter().map(|problem| problem.path[1].as_str()).collect();
        assert_eq!(lines, ["3", "4", "4"]);
        assert_eq!(codes(db, RegionFilter { within: Some(within("33")), ..RegionFilter::default() }).await.len(), 0);
    }
}
