//! Who may do what, printed from the rules themselves for people to read in review: docs/permissions.md.
//!
//! A chapter asks one rule for everybody in every situation. People for whom it answers the same everywhere are one
//! column; a change of the rules moves them, and shows as a change of the file.

mod agreements;
mod applications;
mod cast;
mod documents;
mod events;
mod identity;
mod interviews;
mod issuers;
mod matrix;
mod organizations;
mod positions;
mod resumes;
mod service_accounts;

use crate::support::{Kind, TestApp, generated, on};
use cast::Cast;

const HEAD: &str = "\
# Permissions 权限

Who may do what, in every situation, as the program decides it. Written by `tests/it/permissions.rs`, which asks the very
rules that the program asks; after a change run `HEZUO_UPDATE=1 cargo test --test it permissions` and read what changed.

How to read a chapter: first who stands in which column (people for whom every answer is the same share one); then what
each may do: **✓** always, empty never, otherwise in which situations; then the steps that are open to each when the
record stands there, which are the buttons a frontend shows. That somebody *may* take a step does not say that it is
possible now: the [lifecycle](lifecycles.md) decides that, and the second table has both.

Whoever may not even read a record is told that it does not exist.

| role | 中文 | side |
|---|---|---|
| `UNIVERSITY_ADMIN` | 高校合作处管理员 | university |
| `UNIVERSITY_STAFF` | 高校就业实习专员 | university |
| `PROFESSOR` | 教授/专家 | university |
| `STUDENT` | 学生 | university |
| `COUNTY_ADMIN` | 县级合作管理员 | county |
| `COUNTY_OFFICER` | 县级部门专员 | county |
| `ENTERPRISE_ADMIN` | 企业管理员 | enterprise |
| `ENTERPRISE_RECRUITER` | 企业招聘/导师 | enterprise |
| `AUDITOR` | 监督审计 | county or university |
| `PLATFORM_ADMIN` | 平台管理员 | platform |
| `SERVICE_ACCOUNT` | 系统对接 | any |
";

#[tokio::test(flavor = "multi_thread")]
async fn the_matrix_is_a_file() {
    let matrix = async |app: TestApp| {
        let cast = Cast::new(&app).await;
        let chapters = [
            organizations::chapters(&cast).await,
            identity::chapters(&cast).await,
            agreements::chapters(&cast),
            documents::chapters(&cast),
            events::chapters(&cast),
            positions::chapters(&cast).await,
            resumes::chapters(&cast).await,
            applications::chapters(&cast),
            interviews::chapters(&cast),
        ];
        generated::holds("docs/permissions.md", &(HEAD.to_owned() + &chapters.concat()));
    };
    on(Kind::Sqlite, matrix).await;
}
