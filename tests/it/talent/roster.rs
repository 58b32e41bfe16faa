//! The rolls of a university: from a table, by invitation, and nobody else's.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::future::join_all;
use hezuo::platform::trail;
use serde_json::{Value, json};

use crate::{
    organizations::merge,
    support::{Answer, Persona, TestApp, on_both},
};

const HEADER: &str = "学号,姓名,专业代码,班级,毕业年份,邮箱";

fn row(number: &str, name: &str, class: &str) -> String {
    format!("{number},{name},120703t,{class},2027,{number}@North.example")
}

fn table(rows: &[String]) -> Vec<u8> {
    format!("{HEADER}\r\n{}\r\n", rows.join("\r\n")).into_bytes()
}

fn many(count: usize) -> Vec<String> {
    (0..count).map(|place| row(&format!("2023{place:04}"), &format!("学生{place}"), "质量2301")).collect()
}

const SELECTION: &str = "dryRun created updated unchanged invited
    rows { row number outcome studentRecordId keptColumns invited invitationToken }";

async fn import(by: &Persona, rows: &[String], (dry_run, invite): (bool, bool)) -> Answer {
    let input = json!({ "file": STANDARD.encode(table(rows)), "dryRun": dry_run, "invite": invite });
    by.does("studentRecordImport", input, SELECTION).await
}

/// Created, updated, unchanged, invited.
fn counts(answer: &Answer) -> [i64; 4] {
    let result = answer.result();
    ["created", "updated", "unchanged", "invited"].map(|name| result[name].as_i64().unwrap())
}

/// A member of every row.
fn each(answer: &Answer, member: &str) -> Vec<Value> {
    answer.result()["rows"].as_array().unwrap().iter().map(|row| row[member].clone()).collect()
}

async fn rolls(by: &Persona) -> Value {
    let query = "{ studentRecords(orderBy: { field: NUMBER }) { totalCount nodes {
        number name major className graduationYear email version student { displayName } } } }";
    by.gql(query, json!({})).await.at("/studentRecords").clone()
}

/// Comes in by a token, under this login.
async fn come_in(app: &TestApp, token: &Value, login: &str) -> Answer {
    let input = json!({ "token": token, "login": login, "displayName": login, "password": "spring rice 2026" });
    app.does("invitationAccept", input, "accessToken").await
}

async fn history(by: &Persona, id: &Value) -> Vec<String> {
    let query = "query($id: ID!) { studentRecord(id: $id) { history { nodes { kind } } } }";
    let told = by.gql(query, json!({ "id": id })).await;
    let nodes = told.at("/studentRecord/history/nodes").as_array().unwrap().clone();
    nodes.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    /// The rehearsal says what the run does and does nothing; the run adds and invites; the same again changes nothing and
    /// invites nobody.
    async fn a_table_becomes_the_rolls(app: TestApp) {
        let staff = app.sides().await.north.staff().await;
        let rows = [row("2023001", "李华", "质量2301"), row("２０２３００２", "王芳", "")];
        let rehearsed = import(&staff, &rows, (true, true)).await;
        assert_eq!(counts(&rehearsed), [2, 0, 0, 2]);
        assert_eq!(rehearsed.result()["rows"][1], json!({ "row": 3, "number": "2023002", "outcome": "CREATED",
            "studentRecordId": null, "keptColumns": [], "invited": true, "invitationToken": null }));
        assert_eq!(rolls(&staff).await["totalCount"], 0);
        let imported = import(&staff, &rows, (false, true)).await;
        assert_eq!(counts(&imported), [2, 0, 0, 2]);
        let tokens = each(&imported, "invitationToken");
        assert!(tokens.iter().all(|token| token.as_str().unwrap().starts_with("hzi")) && tokens[0] != tokens[1]);
        let found = rolls(&staff).await;
        let student = |number: &str, name: &str, class: Value| json!({ "number": number, "name": name, "major": "120703T",
            "className": class, "graduationYear": 2027, "email": format!("{number}@north.example"), "version": 1, "student": null });
        assert_eq!(found["nodes"][0], student("2023001", "李华", json!("质量2301")));
        assert_eq!(found["nodes"][1]["className"], Value::Null);
        assert_eq!(counts(&import(&staff, &rows, (false, true)).await), [0, 0, 2, 0]);
        assert_eq!(rolls(&staff).await, found);
        let ids = each(&imported, "studentRecordId");
        assert_eq!(history(&staff, &ids[0]).await, ["StudentRecordCreated"]);
        assert_eq!(trail::verify(app.db()).await.unwrap(), []);
    }

    /// Whoever is on the rolls without an invitation is invited by a later import that asks for it, and only once.
    async fn whoever_was_never_invited_is_later(app: TestApp) {
        let staff = app.sides().await.north.staff().await;
        let known = import(&staff, &many(2), (false, false)).await;
        assert_eq!((counts(&known), each(&known, "invitationToken")), ([2, 0, 0, 0], vec![Value::Null; 2]));
        let asked = import(&staff, &many(3), (false, true)).await;
        assert_eq!(counts(&asked), [1, 0, 2, 3]);
        assert_eq!(counts(&import(&staff, &many(3), (false, true)).await), [0, 0, 3, 0]);
        let id = &each(&asked, "studentRecordId")[0];
        assert_eq!(history(&staff, id).await, ["StudentRecordCreated", "StudentRecordInvited"]);
    }

    /// By the token a student comes in; the record is the student's to see then, and to take along.
    async fn a_student_comes_in(app: TestApp) {
        let sides = app.sides().await;
        let staff = sides.north.staff().await;
        let imported = import(&staff, &many(2), (false, true)).await;
        let (ids, tokens) = (each(&imported, "studentRecordId"), each(&imported, "invitationToken"));
        let access = come_in(&app, &tokens[0], "xuesheng").await.result()["accessToken"].as_str().unwrap().to_owned();
        let own = app.gql_as(&access, "{ studentRecords { nodes { id number university { id } student { displayName } } } }", json!({})).await;
        own.is(json!({ "studentRecords": { "nodes": [{ "id": ids[0], "number": "20230000", "university": { "id": sides.north.id() },
            "student": { "displayName": "xuesheng" } }] } }));
        let export = app.gql_as(&access, "mutation { studentDataExport { result { json } } }", json!({})).await;
        let export: Value = serde_json::from_str(export.result()["json"].as_str().unwrap()).unwrap();
        let records = export["studentRecords"].as_array().unwrap();
        assert_eq!((records.len(), &records[0]["id"], &records[0]["number"]), (1, &ids[0], &json!("20230000")));
        let joined = "{ studentRecords(filter: { joined: true }) { totalCount nodes { number } } }";
        staff.gql(joined, json!({})).await.is(json!({ "studentRecords": { "totalCount": 1, "nodes": [{ "number": "20230000" }] } }));
        assert_eq!(history(&staff, &ids[0]).await, ["StudentRecordCreated", "StudentRecordJoined"]);
        // What the university's system says later still arrives, and the student stays.
        let mut later = many(1);
        later[0] = later[0].replace("质量2301", "质量2302");
        assert_eq!(counts(&import(&staff, &later, (false, true)).await), [0, 1, 0, 0]);
        let found = rolls(&staff).await;
        assert_eq!((&found["nodes"][0]["className"], &found["nodes"][0]["student"]["displayName"]), (&json!("质量2302"), &json!("xuesheng")));
        assert_eq!(found["nodes"][0]["version"], 3);
        come_in(&app, &tokens[0], "another").await.complains(&["INVALID_INPUT input.token"]);
    }

    /// Whoever is a student here already accepts with that membership, and has no other; as another university's, one more.
    async fn a_student_who_was_there_before(app: TestApp) {
        let sides = app.sides().await;
        let (staff, student, guest) = (sides.north.staff().await, sides.north.student().await, app.university("South").await.student().await);
        let imported = import(&staff, &many(3), (false, true)).await;
        let tokens = each(&imported, "invitationToken");
        let accept = async |person: &Persona, token: &Value| person.does("invitationAccept", json!({ "token": token }), "accessToken").await;
        accept(&student, &tokens[0]).await.result();
        accept(&guest, &tokens[1]).await.result();
        let memberships = "{ memberships { totalCount } }";
        for (person, count) in [(student.elsewhere().await, 1), (guest.elsewhere().await, 2)] {
            person.gql(memberships, json!({})).await.is(json!({ "memberships": { "totalCount": count } }));
        }
        let joined = "{ studentRecords(filter: { joined: true }, orderBy: { field: NUMBER }) { nodes { number } } }";
        staff.gql(joined, json!({})).await.is(json!({ "studentRecords": { "nodes": [{ "number": "20230000" }, { "number": "20230001" }] } }));
        // An invitation from no rolls is for whoever is not there yet.
        let invite = json!({ "organizationId": sides.north.id(), "role": "STUDENT" });
        let token = sides.university.does("invitationCreate", invite, "token").await.result()["token"].clone();
        accept(&student.elsewhere().await, &token).await.complains(&["DUPLICATE input.token"]);
    }

    /// The rolls are the staff's: nobody else sees that there is somebody, not even in a count.
    async fn nobody_else_sees_them(app: TestApp) {
        let sides = app.sides().await;
        let staff = sides.north.staff().await;
        let id = each(&import(&staff, &many(1), (false, false)).await, "studentRecordId")[0].clone();
        let south = app.university("South").await.staff().await;
        let (professor, student) = (sides.north.professor().await, sides.north.student().await);
        let auditor = sides.north.auditor().await;
        for person in [&professor, &student, &auditor, &sides.county, &sides.enterprise, &south] {
            assert_eq!(rolls(person).await, json!({ "totalCount": 0, "nodes": [] }), "{}", person.login);
            let query = "query($id: ID!) { studentRecord(id: $id) { id } node(id: $id) { id } }";
            person.gql(query, json!({ "id": id })).await.is(json!({ "studentRecord": null, "node": null }));
            let edit = json!({ "id": id, "expectedVersion": 1, "content": { "name": "某人" } });
            person.does("studentRecordEdit", edit, "id").await.refused(&["NOT_FOUND"]);
        }
        assert_eq!(rolls(&sides.university).await["totalCount"], 1);
    }

    /// What the table says anew is changed; what people edited since is theirs.
    async fn what_people_edited_is_kept(app: TestApp) {
        let staff = app.sides().await.north.staff().await;
        let imported = import(&staff, &[row("1", "李华", "一班"), row("2", "王芳", "一班")], (false, false)).await;
        let id = &each(&imported, "studentRecordId")[0];
        let content = json!({ "name": "李骅", "major": "120703T", "className": "一班", "graduationYear": 2027, "email": "1@north.example" });
        let edited = staff.does("studentRecordEdit", json!({ "id": id, "expectedVersion": 1, "content": content }), "name version").await;
        edited.results_in(json!({ "name": "李骅", "version": 2 }));
        let rows = [row("1", "李花", "二班"), row("2", "王方", "一班")];
        let answer = import(&staff, &rows, (false, false)).await;
        assert_eq!((counts(&answer), each(&answer, "keptColumns")), ([0, 2, 0, 0], vec![json!(["name"]), json!([])]));
        let found = rolls(&staff).await;
        let said = |place: usize| (found["nodes"][place]["name"].clone(), found["nodes"][place]["className"].clone());
        assert_eq!((said(0), said(1)), ((json!("李骅"), json!("二班")), (json!("王方"), json!("一班"))));
        assert_eq!(counts(&import(&staff, &rows, (false, false)).await), [0, 0, 2, 0]);
        assert_eq!(history(&staff, id).await, ["StudentRecordCreated", "StudentRecordEdited", "StudentRecordImported"]);
        let wrong = json!({ "name": "", "major": "12070", "graduationYear": 27, "email": "nowhere" });
        let refused = staff.does("studentRecordEdit", json!({ "id": id, "expectedVersion": 3, "content": wrong }), "id").await;
        let at = ["name", "major", "graduationYear", "email"].map(|field| format!("INVALID_INPUT input.content.{field}"));
        refused.complains(&at.each_ref().map(String::as_str));
    }

    /// A column that one table lacks is as it was, and whoever edited it goes on owning it, whatever later tables say.
    async fn a_column_that_comes_and_goes(app: TestApp) {
        let staff = app.sides().await.north.staff().await;
        let import = async |rows: &str| {
            let input = json!({ "file": STANDARD.encode(rows.as_bytes()), "dryRun": false, "invite": false });
            staff.does("studentRecordImport", input, SELECTION).await
        };
        let short = "学号,姓名\r\n1,李华\r\n";
        let id = each(&import(short).await, "studentRecordId")[0].clone();
        let edit = json!({ "id": id, "expectedVersion": 1, "content": { "name": "李华", "email": "own@north.example" } });
        staff.does("studentRecordEdit", edit, "id").await.result();
        for email in ["", "other@north.example"] {
            for table in [&format!("学号,姓名,邮箱\r\n1,李华,{email}\r\n"), short] {
                let answer = import(table).await;
                let kept = if table == short { json!([]) } else { json!(["email"]) };
                assert_eq!(each(&answer, "keptColumns"), [kept], "{table}");
                assert_eq!(rolls(&staff).await["nodes"][0]["email"], "own@north.example", "{table}");
            }
        }
    }

    /// A hundred rows that are wrong: each is named with its column and reason, and nothing is changed.
    async fn a_hundred_bad_rows(app: TestApp) {
        let staff = app.sides().await.north.staff().await;
        let mut rows = vec![row("A1", "李华", "一班")];
        for place in 0..100 {
            rows.push(match place % 5 {
                0 => row(&format!("B{place}"), "", "一班"),
                1 => row("a1", "王芳", "一班"),
                2 => row(&format!("B{place}"), "王芳", "一班").replace("120703t", "12O703"),
                3 => row(&format!("B{place}"), "王芳", "一班").replace("2027", "大四"),
                _ => format!("B{place},王芳,,一班,2027,nowhere"),
            });
        }
        for dry_run in [true, false] {
            let answer = import(&staff, &rows, (dry_run, true)).await;
            let problems = answer.problems();
            assert_eq!(problems.len(), 100, "{answer}");
            assert_eq!(problems[..5], [
                "INVALID_INPUT input.rows.3.name", "DUPLICATE input.rows.4.number", "INVALID_INPUT input.rows.5.major",
                "INVALID_INPUT input.rows.6.graduationYear", "INVALID_INPUT input.rows.7.email",
            ]);
            let message = answer.user_errors()[1]["message"].as_str().unwrap().to_owned();
            assert_eq!(message, "Row 4: number “A1” is in row 2 already.");
        }
        assert_eq!(rolls(&staff).await["totalCount"], 0);
        assert_eq!(staff.organization.admin().await.gql("{ invitations { totalCount } }", json!({})).await.at("/invitations/totalCount"), 0);
    }

    /// Whoever has lost the token is invited again, and only the new one is good; whoever came in is not.
    async fn invited_again(app: TestApp) {
        let sides = app.sides().await;
        let staff = sides.north.staff().await;
        let imported = import(&staff, &many(2), (false, true)).await;
        let (ids, tokens) = (each(&imported, "studentRecordId"), each(&imported, "invitationToken"));
        let again = async |ids: &[Value]| staff.does("studentRecordInvite", json!({ "ids": ids }), "students { token studentRecord { number version } }").await;
        let answer = again(&ids[..1]).await;
        let student = &answer.result()["students"][0];
        assert_eq!(student["studentRecord"], json!({ "number": "20230000", "version": 2 }));
        come_in(&app, &tokens[0], "early").await.complains(&["INVALID_INPUT input.token"]);
        come_in(&app, &student["token"], "late").await.result();
        again(&ids).await.complains(&["RULE_VIOLATED input.ids.0"]);
        again(&[]).await.complains(&["INVALID_INPUT input.ids"]);
        let south = app.university("South").await.staff().await;
        south.does("studentRecordInvite", json!({ "ids": [ids[1]] }), "students { token }").await.refused(&["NOT_FOUND"]);
        sides.north.professor().await.does("studentRecordInvite", json!({ "ids": [ids[1]] }), "students { token }").await.refused(&["FORBIDDEN"]);
        assert_eq!(history(&staff, &ids[0]).await, ["StudentRecordCreated", "StudentRecordInvited", "StudentRecordJoined"]);
        assert_eq!(history(&staff, &ids[1]).await, ["StudentRecordCreated"]);
        // The admins see and take back what the staff made.
        let open = sides.university.gql("{ invitations(filter: { status: { in: [OPEN] } }) { nodes { role email } } }", json!({})).await;
        open.is(json!({ "invitations": { "nodes": [{ "role": "STUDENT", "email": "20230001@north.example" }] } }));
    }

    /// A record by which nobody came in is removed with its invitation; one by which somebody did stays.
    async fn removed(app: TestApp) {
        let staff = app.sides().await.north.staff().await;
        let imported = import(&staff, &many(3), (false, true)).await;
        let (ids, tokens) = (each(&imported, "studentRecordId"), each(&imported, "invitationToken"));
        come_in(&app, &tokens[2], "xuesheng").await.result();
        let remove = async |ids: &[Value]| staff.does("studentRecordRemove", json!({ "ids": ids }), "count").await;
        remove(&ids).await.complains(&["RULE_VIOLATED input.ids.2"]);
        assert_eq!(rolls(&staff).await["totalCount"], 3);
        remove(&ids[..2]).await.results_in(json!({ "count": 2 }));
        assert_eq!(rolls(&staff).await["nodes"][0]["number"], "20230002");
        come_in(&app, &tokens[0], "gone").await.complains(&["INVALID_INPUT input.token"]);
        remove(&ids[..1]).await.refused(&["NOT_FOUND"]);
        assert_eq!(trail::verify(app.db()).await.unwrap(), []);
    }

    /// Ten times the students are as many statements, up to some hundred rows in each.
    async fn ten_times_the_students(app: TestApp) {
        let staff = app.sides().await.north.staff().await;
        // What is remembered from then on is learnt with the first request.
        import(&staff, &[row("1", "李华", "一班")], (false, true)).await.result();
        let mut taken = Vec::new();
        for count in [1, 40, 400] {
            let rows: Vec<String> = many(count).iter().map(|row| format!("{count}-{row}")).collect();
            let (answer, statements) = app.counted(import(&staff, &rows, (false, true))).await;
            assert_eq!(counts(&answer), [i64::try_from(count).unwrap(), 0, 0, i64::try_from(count).unwrap()]);
            taken.push(statements);
        }
        assert_eq!(taken, [taken[0]; 3]);
        assert_eq!(trail::verify(app.db()).await.unwrap(), []);
    }

    /// The same table from eight at once: each student once, each invited once.
    async fn at_the_same_time(app: TestApp) {
        let staff = app.sides().await.north.staff().await;
        let rows = many(20);
        let answers = join_all((0..8).map(|_| import(&staff, &rows, (false, true)))).await;
        let mut outcomes: Vec<[i64; 4]> = answers.iter().map(counts).collect();
        outcomes.sort_unstable();
        assert_eq!(outcomes, [vec![[0, 0, 20, 0]; 7], vec![[20, 0, 0, 20]]].concat());
        assert_eq!(rolls(&staff).await["totalCount"], 20);
        // While they come in, the table comes again and again: nobody is lost.
        let tokens: Vec<Value> = answers.iter().flat_map(|answer| each(answer, "invitationToken")).filter(Value::is_string).collect();
        let coming = join_all(tokens.iter().take(6).enumerate().map(|(place, token)| {
            let app = &app;
            async move { come_in(app, token, &format!("student{place}")).await.result(); }
        }));
        let importing = join_all((0..4).map(|round| {
            let rows: Vec<String> = rows.iter().map(|row| row.replace("2301", &format!("230{round}"))).collect();
            let staff = &staff;
            async move { import(staff, &rows, (false, true)).await.result(); }
        }));
        futures_util::join!(coming, importing);
        let joined = "{ studentRecords(filter: { joined: true }) { totalCount } }";
        assert_eq!(staff.gql(joined, json!({})).await.at("/studentRecords/totalCount"), 6);
        assert_eq!(trail::verify(app.db()).await.unwrap(), []);
    }

    /// How far it is, told to whoever imports and to nobody else, until it is over.
    async fn how_far_it_is(app: TestApp) {
        let sides = app.sides().await;
        let staff = sides.north.staff().await;
        let listen = async |person: &Persona, key: &str| {
            let text = format!("subscription {{ importProgress(key: \"{key}\") {{ stage rows done }} }}");
            let events = app.events(&person.token().await, &text).await;
            events.into_iter().map(|event| event["data"]["importProgress"].clone()).collect::<Vec<Value>>()
        };
        let run = async |rows: &[String], key: &str| {
            // The listener is there first.
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            let input = json!({ "file": STANDARD.encode(table(rows)), "dryRun": false, "progressKey": key });
            staff.does("studentRecordImport", input, "created").await
        };
        staff.token().await;
        let rows = many(30);
        let (told, done) = futures_util::join!(listen(&staff, "mine"), run(&rows, "mine"));
        done.results_in(json!({ "created": 30 }));
        assert_eq!(told[0], json!({ "stage": "WAITING", "rows": 0, "done": 0 }));
        assert_eq!(told.last().unwrap(), &json!({ "stage": "DONE", "rows": 30, "done": 30 }));
        assert!(told[1..].iter().all(|progress| progress["rows"] == 30), "{told:?}");
        // What is refused is over, too.
        let wrong = [rows, vec![row("", "李华", "一班")]].concat();
        let (told, refused) = futures_util::join!(listen(&staff, "again"), run(&wrong, "again"));
        refused.complains(&["INVALID_INPUT input.rows.32.number", "INVALID_INPUT input.rows.32.email"]);
        assert_eq!(told.last().unwrap(), &json!({ "stage": "REFUSED", "rows": 31, "done": 0 }));
        // Another's key is another import: it waits for ever.
        let other = sides.north.staff().await;
        other.token().await;
        let patience = std::time::Duration::from_millis(600);
        let waiting = tokio::time::timeout(patience, listen(&other, "third"));
        let one = many(1);
        let (told, done) = futures_util::join!(waiting, run(&one, "third"));
        done.result();
        assert!(told.is_err());
        run(&one, &"k".repeat(101)).await.complains(&["INVALID_INPUT input.progressKey"]);
    }

    /// The rolls of a university that is merged are the other's; one number in both forbids it.
    async fn merged(app: TestApp) {
        let sides = app.sides().await;
        let (double, platform) = (app.university("North 2").await, app.platform().await.admin().await);
        let (staff, theirs) = (sides.north.staff().await, double.staff().await);
        import(&staff, &many(2), (false, false)).await.result();
        let rows: Vec<String> = many(3)[1..].to_vec();
        let imported = import(&theirs, &rows, (false, true)).await;
        let (_, obstacles) = merge::preview(&platform, &double, &sides.north).await;
        assert_eq!(obstacles, ["id: Both universities have 1 students of the same number; remove them from the duplicate first."]);
        let shared = &each(&imported, "studentRecordId")[0];
        theirs.does("studentRecordRemove", json!({ "ids": [shared] }), "count").await.result();
        let (changes, obstacles) = merge::preview(&platform, &double, &sides.north).await;
        assert_eq!(obstacles, Vec::<String>::new());
        assert!(changes.contains(&"student_record MOVES 1".to_owned()), "{changes:?}");
        merge::merge(&platform, &double, &sides.north).await;
        let found = rolls(&staff).await;
        let numbers: Vec<&str> = found["nodes"].as_array().unwrap().iter().map(|node| node["number"].as_str().unwrap()).collect();
        assert_eq!(numbers, ["20230000", "20230001", "20230002"]);
    }
}
