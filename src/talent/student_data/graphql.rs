//! What is kept about a student, as the student takes it along.

use async_graphql::{Context, Object, SimpleObject};

use super::{Exported, Registered};
use crate::{
    error::{Error, Result},
    graphql::{DateTime, Payload, asked},
};

/// Everything that is kept about a student 个人信息.
#[derive(Clone, Debug, SimpleObject)]
pub struct StudentData {
    /// When it was exported 导出时间.
    pub exported_at: DateTime,
    /// Everything, as a JSON text: résumé with every version and file's name, consents, and who read what 全部内容.
    pub json: String,
}

impl From<Exported> for StudentData {
    fn from(exported: Exported) -> Self {
        Self { exported_at: DateTime(exported.at), json: exported.json }
    }
}

/// Mutations of what is kept about students.
#[derive(Debug, Default)]
pub struct StudentDataMutations;

#[Object]
impl StudentDataMutations {
    /// Gives everything that is kept about you as a student. That it was taken stands in your trail. Who may: everybody,
    /// also after the studies 导出个人信息.
    async fn student_data_export(&self, ctx: &Context<'_>) -> Result<Payload<StudentData>> {
        let (app, actor) = asked(ctx)?;
        let slices = ctx.data::<Registered>().map_err(|_| Error::internal("nothing is registered for exports"))?;
        Payload::of(super::export(app, actor, slices).await.map(StudentData::from))
    }
}
