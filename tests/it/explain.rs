//! How queries are read is told as it is: levels, statements, rows, and what the database does; never what is in a row.

use entity::membership::Role;
use hezuo::{
    error::{Code, Locale},
    http::{self, Question},
    identity,
    notifications::rules::{Action, Inbox},
    platform::id,
};
use serde_json::json;

use crate::{
    cli::{fails, hezuo, succeeds},
    statements::statements,
    support::{Kind, Persona, TestApp, generated, make, on_both, scratch},
};

/// What is told of a query, or what is wrong with it.
async fn explain(app: &TestApp, person: &Persona, text: &str) -> Result<String, String> {
    explain_with(app, person, (text, None, None)).await
}

async fn explain_with(
    app: &TestApp,
    person: &Persona,
    (text, operation, variables): (&str, Option<&str>, Option<&str>),
) -> Result<String, String> {
    let membership = id::show("membership", person.membership);
    let actor = &identity::reading_as(app.app(), &person.login, Some(&membership)).await.unwrap();
    let question = Question { file: "a.graphql", text, operation, variables, actor };
    http::explain(app.app(), question).await.map_err(|problems| problems.join("\n"))
}

/// Without the first line, which names a membership, and without the statements' texts and what is done for them.
fn outline(told: &str) -> Vec<&str> {
    let marks = ["─ ", " → ", "nothing is sent", ": facts of", "written "];
    told.lines().skip(1).filter(|line| marks.iter().any(|mark| line.contains(mark))).collect()
}

/// What the database does.
fn access(told: &str) -> Vec<&str> {
    told.lines().filter_map(|line| line.split_once("· ").map(|(_, access)| access)).collect()
}

/// The picture in the guide is what the command prints of the demo, which is in these places. `HEZUO_UPDATE=1 cargo test
/// cli` draws it anew.
pub(crate) fn the_guide_shows_what_is_told(places: &[(&str, &str)]) {
    let guide = include_str!("../../docs/read-path.md");
    let block = |kind: &str| guide.split_once(&format!("```{kind}\n")).unwrap().1.split_once("```").unwrap().0;
    let (query, shown) = (block("graphql"), block("text"));
    let file = scratch::fresh("guide").join("our_items.graphql");
    std::fs::write(&file, query).unwrap();
    let told = succeeds(hezuo(places, &["explain", file.to_str().unwrap(), "--as", "county.admin", "--demo"]));
    // The membership, in the first line, has another id in every demo.
    let (first, rest) = (shown.lines().next().unwrap(), told.split_once('\n').unwrap().1);
    generated::holds("docs/read-path.md", &guide.replace(shown, &format!("{first}\n{rest}")));
}

const PARTIES_AND_ITEMS: &str = "{ agreements(first: 1) { nodes { number parties { capacity organization { name } } items(first: 2) { nodes { title } } } } }";

on_both! {
    /// Every level with its place, its view, the keys that went in and the rows that came out.
    async fn a_query_is_told_level_by_level(app: TestApp) {
        let sides = app.sides().await;
        for _ in 0..2 {
            make::draft(&[&sides.university, &sides.county], json!({})).await;
        }
        let told = explain(&app, &sides.university, PARTIES_AND_ITEMS).await.unwrap();
        let database = if app.kind() == Kind::Sqlite { "SQLite" } else { "PostgreSQL" };
        let membership = id::show("membership", sides.university.membership);
        let first = format!("a.graphql on {database}, as UNIVERSITY_ADMIN ({membership})");
        assert_eq!(told.lines().next(), Some(first.as_str()), "{told}");
        let expected = [
            "└─ agreements: Agreement from agreement",
            "   │  any row, seen by its rule → 2 rows, 1 only to know of more",
            "   ├─ agreements.nodes.parties: AgreementParty from agreement_party",
            "   │  │  1 key of agreement_id, seen without asking → 2 rows",
            "   │  └─ agreements.nodes.parties.organization: Organization from organization",
            "   │        2 keys of id, seen by its rule → 2 rows",
            "   └─ agreements.nodes.items: CooperationItem from cooperation_item",
            "         1 key of agreement_id, seen without asking → 0 rows",
            "4 levels, 4 statements, 6 rows; written straight into the answer, at a cost of 43",
        ];
        assert_eq!(outline(&told), expected, "{told}");
        // Which way PostgreSQL takes depends on how much there is.
        if app.kind() == Kind::Sqlite {
            let expected = [
                "walks agreement along sqlite_autoindex_agreement_1",
                "finds agreement_party by ux_agreement_party_agreement_id_organization_id",
                "finds agreement_party by ux_agreement_party_agreement_id_position",
                "finds organization by sqlite_autoindex_organization_1",
                "finds cooperation_item by ix_cooperation_item_agreement_id_due_on_id",
            ];
            assert_eq!(access(&told), expected, "{told}");
        } else {
            let ways = ["finds ", "walks ", "scans ", "sorts"];
            let known = access(&told).iter().all(|told| ways.iter().any(|way| told.starts_with(way)));
            assert!(access(&told).len() >= 4 && known, "{told}");
        }
    }

    /// The statements are those that are sent to answer, and nothing of the rows or of what is looked for is in them.
    async fn statements_are_shown_without_values(app: TestApp) {
        let sides = app.sides().await;
        make::active(&[&sides.university, &sides.county], json!({})).await;
        let query = "{ agreements(filter: { endsOn: { gte: \"2028-12-31\" }, kind: { in: [FRAMEWORK] } }) { nodes { title county { name } } } }";
        let told = explain(&app, &sides.county, query).await.unwrap();
        let parameter = if app.kind() == Kind::Sqlite { "\"organization\".\"id\" = ?" } else { "\"organization\".\"id\" = $1" };
        assert!(told.contains(parameter), "{told}");
        assert_eq!(told.matches("SELECT \"").count(), 2, "{told}");
        for secret in ["2028", "FRAMEWORK", "County 511322", "Framework", "'", &sides.county.organization.key.to_string()] {
            assert!(!told.contains(secret), "{secret} is told:\n{told}");
        }
    }

    /// As many statements are told as are sent when the same query is served, whatever there is in it.
    async fn as_many_statements_as_when_it_is_served(app: TestApp) {
        let sides = app.sides().await;
        for _ in 0..3 {
            make::draft(&[&sides.university, &sides.county], json!({})).await;
        }
        let token = sides.university.token().await;
        // Levels, and the statements of these.
        let documents = [
            (PARTIES_AND_ITEMS, 4, 4),
            ("{ agreements { totalCount nodes { number } } }", 1, 2),
            ("{ agreements { totalCount nodes { items { totalCount nodes { title } } } } }", 2, 4),
            ("{ agreements { nodes { openSteps again: openSteps } edges { node { openSteps } } } }", 1, 1),
            (
                "{ agreements { nodes { openSteps } edges { node { county { name } } } } viewer { user { displayName } } }",
                3,
                3,
            ),
            ("query { ...Root } fragment Root on Query { agreements { nodes { number } } }", 1, 1),
        ];
        for (document, levels, of_levels) in documents {
            let told = explain(&app, &sides.university, document).await.unwrap();
            let served = statements(&app, &token, document).await;
            let count = |count: u64, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
            let last = format!("{}, {}, ", count(levels, "level"), count(served, "statement"));
            assert!(told.lines().last().is_some_and(|line| line.starts_with(&last)), "{document}: {last}\n{told}");
            // One by one they are as many as all together.
            let facts = |line: &str| line.split_once(" of the store's")?.0.rsplit(' ').nth(1)?.parse::<u64>().ok();
            let of_facts: u64 = told.lines().filter_map(facts).sum();
            assert_eq!((told.matches(" → ").count() as u64, of_levels + of_facts), (of_levels, served), "{document}\n{told}");
            assert_eq!(of_facts > 0, document.contains("openSteps"), "{document}\n{told}");
        }
    }

    /// A stranger's levels are empty, and what hangs off nothing is not asked for.
    async fn a_stranger_sees_no_rows(app: TestApp) {
        let sides = app.sides().await;
        let agreement = make::active(&[&sides.university, &sides.county], json!({})).await;
        let stranger = app.county("511324").await.admin().await;
        let expected = [
            "└─ agreements: Agreement from agreement",
            "   │  any row, seen by its rule → 0 rows",
            "   ├─ agreements.nodes.parties: AgreementParty from agreement_party",
            "   │  │  0 keys of agreement_id, so that nothing is sent",
            "   │  └─ agreements.nodes.parties.organization: Organization from organization",
            "   │        0 keys of id, so that nothing is sent",
            "   └─ agreements.nodes.items: CooperationItem from cooperation_item",
            "         0 keys of agreement_id, so that nothing is sent",
            "4 levels, 1 statement, 0 rows; written straight into the answer, at a cost of 43",
        ];
        let told = explain(&app, &stranger, PARTIES_AND_ITEMS).await.unwrap();
        assert_eq!(outline(&told), expected, "{told}");
        let one = format!("{{ node(id: \"{}\") {{ id }} }}", agreement.id);
        for (person, rows) in [(&stranger, "→ 0 rows"), (&sides.county, "→ 1 row")] {
            let told = explain(&app, person, &one).await.unwrap();
            assert!(told.contains("1 key of id, seen by its rule") && told.contains(rows), "{told}");
        }
    }

    /// Counts, and facts that stores load, are told at their level; what code works out is named.
    async fn counts_facts_and_code_are_told(app: TestApp) {
        let sides = app.sides().await;
        make::active(&[&sides.university, &sides.county], json!({})).await;
        let query = "{ version mine: agreements { totalCount edges { node { openSteps kept: executionRate { due } } } } }";
        let told = explain(&app, &sides.university, query).await.unwrap();
        let expected = [
            "├─ version: worked out by code, not read by the planner",
            "└─ mine: Agreement from agreement",
            "      any row, seen by its rule → 1 row",
            "      any row, seen by its rule → counted, 1 row",
            "      openSteps: facts of 1 row",
            "      kept: facts of 1 row",
        ];
        // How many statements the stores take is theirs.
        let outline = outline(&told);
        let (last, outline) = outline.split_last().unwrap();
        let outline: Vec<_> = outline.iter().map(|line| if line.contains(": facts") { line.split_once(", ").unwrap().0 } else { line }).collect();
        assert_eq!(outline, expected, "{told}");
        let (first, end) = ("1 level, ", " statements, 2 rows; written by way of the executor, at a cost of 20");
        assert!(last.starts_with(first) && last.ends_with(end), "{told}");
    }

    /// What is wrong is told with its place, all of it, and nothing is read.
    async fn what_cannot_be_answered_is_not_explained(app: TestApp) {
        let county = app.county("511322").await.admin().await;
        let wrong = [
            ("{ agreements { nodes { nombre } }\n  bogus }", None, None,
                "a.graphql:1:24: Unknown field \"nombre\" on type \"Agreement\".\na.graphql:2:3: Unknown field \"bogus\" on type \"Query\"."),
            ("mutation { sessionEnd { userErrors { code } } }", None, None,
                "a.graphql: only queries can be explained, and this is a mutation."),
            ("subscription { notificationReceived { id } }", None, None,
                "a.graphql: only queries can be explained, and this is a subscription."),
            ("{ agreement(id: \"x\") { number } }", None, None,
                "a.graphql:1:3: id: expected an id such as agreement_00000000000000000000000000."),
            ("query($id: ID!) { agreement(id: $id) { number } }", None, None, "a.graphql: The variable \"$id\" needs a value."),
            ("query($n: Int) { agreements(first: $n) { totalCount } }", None, Some("[1]"), "The variables are not a JSON object."),
            ("query A { version } query B { version }", Some("C"), None, "a.graphql: The document has no operation of this name."),
        ];
        for (text, operation, variables, expected) in wrong {
            let before = app.db().statements();
            let said = explain_with(&app, &county, (text, operation, variables)).await.unwrap_err();
            assert_eq!(said, expected, "{text}");
            // Looking the person up is all.
            assert!(app.db().statements() - before <= 6, "{text}");
        }
        assert!(explain(&app, &county, "{ agreements {").await.unwrap_err().starts_with("a.graphql:1:"));
        let values = Some(r#"{"n": 3}"#);
        let two = "query A { version } query B($n: Int) { agreements(first: $n) { nodes { id } } }";
        let told = explain_with(&app, &county, (two, Some("B"), values)).await.unwrap();
        assert!(told.starts_with("B on ") && told.contains("LIMIT 4\n") && told.ends_with(" at a cost of 3\n"), "{told}");
    }

    /// The membership is the one that a session would begin with, or another that is named; who cannot sign in cannot be
    /// named, and nobody's rights but reading come with it.
    async fn somebody_reads_as_a_session_would_begin(app: TestApp) {
        let (yingshan, yilong) = (app.county("511322").await, app.county("511324").await);
        let officer = yingshan.officer().await;
        let also = officer.also(&yilong, Role::CountyOfficer).await;
        let reading = async |login: &str, membership: Option<&str>| {
            let actor = identity::reading_as(app.app(), login, membership).await;
            actor.map(|actor| actor.membership()).map_err(|error| error.message(Locale::En).into_owned())
        };
        let login = &officer.login.to_uppercase();
        assert_eq!(reading(login, None).await, Ok(officer.membership));
        let other = id::show("membership", also.membership);
        assert_eq!(reading(login, Some(&other)).await, Ok(also.membership));
        also.token().await;
        assert_eq!(reading(login, None).await, Ok(also.membership));
        let foreign = id::show("membership", yilong.admin().await.membership);
        for membership in ["membership", &foreign] {
            let said = reading(login, Some(membership)).await.unwrap_err();
            assert_eq!(said, "That is not a membership in force of this person.");
        }
        assert_eq!(reading("nobody", None).await.unwrap_err(), "Nobody can sign in with this login.");
        let actor = &identity::reading_as(app.app(), login, None).await.unwrap();
        let permit = app.db().write(move |tx| async move { tx.permit(actor, Action::MarkRead, &Inbox::of(actor)).await.map(drop) });
        assert_eq!(permit.await.unwrap_err().code(), Code::Unauthenticated);
        let platform = app.platform().await.admin().await;
        let disable = json!({ "id": id::show("user", officer.user), "expectedVersion": 1 });
        platform.does("userDisable", disable, "status").await.results_in(json!({ "status": "DISABLED" }));
        assert_eq!(reading(login, None).await.unwrap_err(), "Nobody can sign in with this login.");
    }

    /// The command: the tree on standard output, or a sentence on standard error and the exit code 1.
    async fn whoever_holds_the_database_asks(app: TestApp) {
        let county = app.county("511322").await.admin().await;
        let settings = app.app().settings();
        let places = [("database_url", settings.database_url.reveal()), ("data_dir", settings.data_dir.to_str().unwrap())];
        let folder = scratch::fresh("explain");
        let file = |name: &str, text: &str| {
            std::fs::write(folder.join(name), text).unwrap();
            folder.join(name).to_str().unwrap().to_owned()
        };
        let query = &file("q.graphql", "query Q($n: Int!) { agreements(first: $n) { nodes { number } } }");
        let values = &file("v.json", r#"{"n": 7}"#);
        let membership = &id::show("membership", county.membership);
        let command = ["explain", query, "--as", &county.login, "--membership", membership, "--operation", "Q", "--variables", values];
        let told = succeeds(hezuo(&places, &command));
        assert!(told.contains("└─ agreements: Agreement from agreement\n") && told.contains("LIMIT 8\n"), "{told}");
        assert!(told.ends_with("1 level, 1 statement, 0 rows; written straight into the answer, at a cost of 7\n"), "{told}");
        assert_eq!(fails(hezuo(&places, &["explain", query, "--as", "nobody"])), "Nobody can sign in with this login.\n");
        let said = fails(hezuo(&places, &["explain", query, "--as", &county.login]));
        assert_eq!(said, format!("{query}: The variable \"$n\" needs a value.\n"));
        let said = fails(hezuo(&[("data_dir", folder.to_str().unwrap())], &["explain", query, "--as", "a", "--demo"]));
        assert_eq!(said, "There is no demo yet: start it once with hezuo serve --demo.\n");
    }
}
