//! A university's rolls as clients see them.

use async_graphql::{Context, Enum, ID, InputObject, MergedObject, Object, SimpleObject};
use entity::{
    event,
    student_record::{self, Column},
};
use sea_orm::{ColumnTrait as _, Condition, Order};

use super::{
    StudentRecordEditInput, StudentRecordRemoveInput,
    importing::graphql::{RosterImportMutations, RosterImportQueries},
    inviting::{self, StudentRecordInviteInput},
    store,
};
use crate::{
    audit::graphql::Event,
    error::Result,
    graphql::{
        Connection, DateTime, Filter, OneOf, OrderField, Payload, Words, all, asked, by_id, column, filter, many, one,
    },
    identity::{graphql::Person, invitations::graphql::Invitation},
    organizations::graphql::Organization,
    view,
};

view! {
    /// A student on a university's rolls 学籍记录. Seen by the university's admins and staff, and by the student who came in
    /// by it.
    pub StudentRecord of student_record, seen by store::visible_to, is Node;

    /// The id 标识.
    id: ID = column(Id);
    /// The university 高校.
    university: Option<Organization> = one(OrganizationId);
    /// The student number 学号.
    number: String = column(Number);
    /// The name, as the rolls have it 姓名.
    name: String = column(Name);
    /// The major's code 专业代码.
    major: Option<String> = column(Major);
    /// The class 班级.
    class_name: Option<String> = column(ClassName);
    /// The year of graduation 毕业年份.
    graduation_year: Option<i32> = column(GraduatesIn);
    /// The address to which an invitation can be sent 邮箱.
    email: Option<String> = column(Email);
    /// The last invitation, for whoever sees invitations 最近邀请.
    invitation: Option<Invitation> = one(InvitationId);
    /// Who came in by it; null until somebody has 学生.
    student: Option<Person> = one(StudentId);
    /// Who did what to it, and when 办理记录.
    history: Connection<Event> = many(event::Column::RecordId).order(event::Column::Link, Order::Asc);
    /// Rises with every change; quote it as `expectedVersion` 版本.
    version: i32 = column(Version);
    /// When it was added 创建时间.
    created_at: DateTime = column(CreatedAt);
    /// When it last changed 更新时间.
    updated_at: DateTime = column(UpdatedAt);
}

view! {
    /// Queries about the rolls.
    pub RosterQueries root;

    /// The student record with this id 学籍记录.
    student_record: Option<StudentRecord> = by_id();
    /// The records that you may see: as a university's staff its rolls; as a student the own 学籍名册.
    student_records: Option<Connection<StudentRecord>> =
        all().filter::<StudentRecordFilter>().order_by::<StudentRecordOrderField>();
}

/// Which student records.
#[derive(Clone, Debug, Default, InputObject)]
pub struct StudentRecordFilter {
    /// By student number.
    pub number: Option<OneOf<String>>,
    /// By the major's code.
    pub major: Option<OneOf<String>>,
    /// By class.
    pub class_name: Option<OneOf<String>>,
    /// By the year of graduation.
    pub graduation_year: Option<OneOf<i32>>,
    /// Those who were ever invited, or those who were not.
    pub invited: Option<bool>,
    /// Those by which somebody has come in, or those by which nobody has.
    pub joined: Option<bool>,
    /// Those whose number and name hold these words, as `search` finds them; at most 100 characters, and 25 Chinese ones.
    pub search: Option<Words>,
}

impl Filter<student_record::Entity> for StudentRecordFilter {
    fn condition(&self) -> Condition {
        let there = |column: Column, there: bool| {
            Condition::all().add(if there { column.is_not_null() } else { column.is_null() })
        };
        filter::all([
            self.number.as_ref().map(|number| number.on(Column::Number)),
            self.major.as_ref().map(|major| major.on(Column::Major)),
            self.class_name.as_ref().map(|class| class.on(Column::ClassName)),
            self.graduation_year.as_ref().map(|year| year.on(Column::GraduatesIn)),
            self.invited.map(|invited| there(Column::InvitationId, invited)),
            self.joined.map(|joined| there(Column::StudentId, joined)),
            self.search.as_ref().map(|words| words.on([Column::Number, Column::Name])),
        ])
    }
}

/// What student records can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum StudentRecordOrderField {
    /// The student number 学号.
    Number,
}

impl OrderField<student_record::Entity> for StudentRecordOrderField {
    fn column(self) -> Column {
        match self {
            Self::Number => Column::Number,
        }
    }
}

/// What can be asked about the rolls.
#[derive(Debug, Default, MergedObject)]
pub struct RollsQueries(RosterQueries, RosterImportQueries);

/// What can be done to the rolls.
#[derive(Debug, Default, MergedObject)]
pub struct RollsMutations(RosterMutations, RosterImportMutations);

/// Students who were invited 已邀请的学生.
#[derive(Clone, Debug, SimpleObject)]
pub struct InvitedStudents {
    /// Each with a token 邀请码列表.
    pub students: Vec<InvitedStudent>,
}

/// A student who was invited 已邀请的学生.
#[derive(Clone, Debug, SimpleObject)]
pub struct InvitedStudent {
    /// The record 学籍记录.
    pub student_record: Option<StudentRecord>,
    /// With what the student comes in. Hand it over in private: nobody can show it again 邀请码.
    pub token: String,
}

/// Student records that were removed 已移除的学籍记录.
#[derive(Clone, Debug, SimpleObject)]
pub struct RemovedStudentRecords {
    /// How many 数量.
    pub count: i32,
}

/// Mutations of the rolls.
#[derive(Debug, Default)]
pub struct RosterMutations;

#[Object]
impl RosterMutations {
    /// Edits what the rolls say of a student; imports leave it alone from then on. Who may: the university's admins and
    /// staff 修改学籍记录.
    async fn student_record_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: StudentRecordEditInput,
    ) -> Result<Payload<StudentRecord>> {
        let (app, actor) = asked(ctx)?;
        Payload::of(super::edit(app, actor, &input).await.map(StudentRecord))
    }

    /// Invites students on the rolls, all or none; earlier invitations are taken back. Who may: the university's admins
    /// and staff 邀请学生.
    async fn student_record_invite(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: StudentRecordInviteInput,
    ) -> Result<Payload<InvitedStudents>> {
        let (app, actor) = asked(ctx)?;
        let invited = inviting::invite(app, actor, &input).await;
        let student = |invited: super::Invited| InvitedStudent {
            student_record: Some(StudentRecord(invited.record)),
            token: invited.token,
        };
        Payload::of(invited.map(|invited| InvitedStudents { students: invited.into_iter().map(student).collect() }))
    }

    /// Removes records by which nobody has come in, all or none, and takes their invitations back. Who may: the
    /// university's admins and staff 移除学籍记录.
    async fn student_record_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked 内容.")] input: StudentRecordRemoveInput,
    ) -> Result<Payload<RemovedStudentRecords>> {
        let (app, actor) = asked(ctx)?;
        let removed = super::remove(app, actor, &input).await;
        Payload::of(removed.map(|count| RemovedStudentRecords { count: i32::try_from(count).unwrap_or(i32::MAX) }))
    }
}
