//! The only place that touches the tables of résumés.

use entity::{
    document,
    membership::Role,
    resume::{self, Column},
    resume_version::{self, Column as Version},
    share_consent::ShareCategory,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait as _, Query},
};
use uuid::Uuid;

use super::rules::{Facts, STAFF};
use crate::{
    auth::Actor,
    error::{Error, Result},
    platform::{
        condition::exists,
        db::{Db, Tx, Write},
    },
    talent::consents::{Opened, rules::reads, store as consents},
};

/// Which résumés the actor knows of: the own one, also after the studies, an enterprise those that it may read something
/// of, the university's staff those of its students.
#[must_use]
pub fn visible_to(actor: &Actor) -> Condition {
    let own = Condition::any().add(Column::StudentId.eq(actor.user()));
    if actor.is(STAFF) {
        return own.add(Column::UniversityId.eq(actor.organization()));
    }
    if reads(actor) { own.add(readable(actor, None)) } else { own }
}

/// Which versions the actor reads: a student all of the own résumé, an enterprise the newest of those whose profile the
/// student shares.
#[must_use]
pub fn versions_visible_to(actor: &Actor) -> Condition {
    of_readable(actor, ShareCategory::Profile)
}

/// In which versions the actor reads the contact data.
#[must_use]
pub fn contacts_visible_to(actor: &Actor) -> Condition {
    of_readable(actor, ShareCategory::Contact)
}

/// Which documents the actor reads: a student all that are attached to the own résumé, an enterprise the file of the
/// newest version.
#[must_use]
pub fn files_visible_to(actor: &Actor) -> Condition {
    if actor.is(&[Role::Student]) {
        return exists(Column::Id, document::Column::RecordId, readable(actor, None));
    }
    exists(Version::DocumentId, document::Column::Id, of_readable(actor, ShareCategory::File))
}

/// Résumés of which the actor reads this, or anything at all.
fn readable(actor: &Actor, category: Option<ShareCategory>) -> Condition {
    if actor.is(&[Role::Student]) {
        return Condition::all().add(Column::StudentId.eq(actor.user()));
    }
    consents::shared_by(Column::StudentId, actor, category)
}

fn of_readable(actor: &Actor, category: ShareCategory) -> Condition {
    let readable = readable(actor, Some(category));
    let newest = || Expr::col(Column::CurrentId.as_column_ref()).equals(Version::Id.as_column_ref());
    let shown = if actor.is(&[Role::Student]) { readable } else { readable.add(newest()) };
    exists(Column::Id, Version::ResumeId, shown)
}

/// The résumé, if the actor sees it; locked until the transaction ends.
///
/// # Errors
/// `NOT_FOUND` when there is none that the actor sees.
pub async fn facts(tx: &Tx, actor: &Actor, id: Uuid) -> Result<Facts> {
    let row = resume::Entity::find_by_id(id).filter(visible_to(actor)).lock_exclusive().one(tx).await?;
    // Whom it is shared with decides who sees it, and that is asked above.
    row.map(|resume| Facts { resume, shared_with: Vec::new() }).ok_or_else(Error::not_found)
}

/// The student's résumé, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn own(tx: &Tx, student: Uuid) -> Result<Option<resume::Model>> {
    Ok(resume::Entity::find().filter(Column::StudentId.eq(student)).lock_exclusive().one(tx).await?)
}

/// What the newest version of the student's résumé says.
///
/// # Errors
/// When the database fails.
pub async fn current_of(db: &Db, student: Uuid) -> Result<Option<String>> {
    let newest = resume::Entity::find().select_only().column(Column::CurrentId).filter(Column::StudentId.eq(student));
    let version = resume_version::Entity::find().select_only().column(Version::Content);
    let version = version.filter(Version::Id.in_subquery(newest.into_query()));
    Ok(version.into_tuple().one(db.reader()).await?)
}

/// Each of these versions with its résumé and whose it is.
///
/// # Errors
/// When the database fails.
pub async fn behind(db: &impl ConnectionTrait, versions: &[Uuid]) -> Result<Vec<(Uuid, Opened)>> {
    let rows: Vec<(Uuid, Uuid)> = resume_version::Entity::find()
        .select_only()
        .columns([Version::Id, Version::ResumeId])
        .filter(Version::Id.is_in(versions.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let resumes = opened(db, &rows.iter().map(|(_, resume)| *resume).collect::<Vec<_>>()).await?;
    let with = |(version, resume): (Uuid, Uuid)| {
        resumes.iter().find(|opened| opened.resume == resume).map(|opened| (version, *opened))
    };
    Ok(rows.into_iter().filter_map(with).collect())
}

/// These résumés and whose they are, each once.
///
/// # Errors
/// When the database fails.
pub async fn opened(db: &impl ConnectionTrait, resumes: &[Uuid]) -> Result<Vec<Opened>> {
    let rows: Vec<(Uuid, Uuid)> = resume::Entity::find()
        .select_only()
        .columns([Column::Id, Column::StudentId])
        .filter(Column::Id.is_in(resumes.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(resume, student)| Opened { resume, student }).collect())
}

/// The versions of a résumé, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn versions(db: &impl ConnectionTrait, resume: Uuid) -> Result<Vec<resume_version::Model>> {
    let rows = resume_version::Entity::find().filter(Version::ResumeId.eq(resume));
    Ok(rows.order_by_asc(Version::Number).all(db).await?)
}

/// Removes every version of a résumé; says how many.
///
/// # Errors
/// When the database fails.
pub async fn erase_versions(write: &Write, resume: Uuid) -> Result<u64> {
    let erase = Query::delete().from_table(resume_version::Entity).and_where(Version::ResumeId.eq(resume)).take();
    write.execute(&erase).await
}
