//! Subscriptions that are asked alike run once, and everyone hears only what is theirs.

use std::time::Duration;

use entity::{membership::Role, notification::NoticeKind};
use hezuo::{
    auth::{Job, Permit, RecordRef},
    http::Site,
    identity::sessions,
    notifications::{Notice, To, notify},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};
use uuid::Uuid;

use super::{
    net::{Server, Socket},
    site::{Bulletins, Steps, schema},
};
use crate::support::{Organization, Persona, TestApp, make, on_both};

const BULLETINS: &str = "subscription { bulletins { number rendered } }";
/// Longer than the memory of who is signed in is old.
const A_MOMENT: Duration = Duration::from_millis(900);

/// A server around the small schema, with the people of a test.
async fn server(app: &TestApp) -> (Server, Bulletins) {
    let bulletins = Bulletins::default();
    let site = Site::new(app.app().clone(), schema(&Steps::default(), &bulletins));
    (Server::start(site).await, bulletins)
}

/// A socket that was greeted with this.
async fn greeted(server: &Server, payload: Value) -> Socket {
    let mut socket = server.socket().await;
    socket.say(json!({ "type": "connection_init", "payload": payload })).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
    socket
}

/// A socket of somebody, listening.
async fn listening(server: &Server, token: &str, query: &str) -> Socket {
    let mut socket = greeted(server, json!({ "authorization": format!("Bearer {token}") })).await;
    socket.subscribe("1", query).await;
    settled(&mut socket).await;
    socket
}

/// Waits until the socket has begun what it was asked to: another operation has been through.
async fn settled(socket: &mut Socket) {
    socket.subscribe("settled", "{ __typename }").await;
    assert_eq!(socket.hear().await["type"], "next");
    assert_eq!(socket.hear().await["type"], "complete");
    sleep(Duration::from_millis(50)).await;
}

/// The data of the next result.
async fn next(socket: &mut Socket) -> Value {
    let message = socket.hear().await;
    assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!("1")), "{message}");
    message["payload"]["data"].clone()
}

/// Nothing comes for a while.
async fn hears_nothing(socket: &mut Socket) {
    assert!(timeout(A_MOMENT, socket.hear()).await.is_err());
}

/// Another session of the same person under the same membership.
async fn other_session(app: &TestApp, persona: &Persona) -> sessions::Tokens {
    let input = sessions::SessionCreateInput {
        login: persona.login.clone(),
        password: crate::support::PASSWORD.to_owned(),
        membership_id: None,
        client: None,
    };
    sessions::create(app.app(), "192.0.2.1", &input).await.unwrap()
}

async fn tell(app: &TestApp, organization: &Organization, record: RecordRef) {
    let to = To::Members { organizations: vec![organization.key], roles: &[Role::UniversityAdmin, Role::CountyAdmin] };
    let notice = &Notice::new(NoticeKind::RenewalDue, record, to);
    let told =
        app.db().write(move |tx| async move { notify(&tx.under(Permit::system(Job::Remind, record)), notice).await });
    told.await.unwrap();
}

on_both! {
    /// One execution for sockets and events, in whatever session; each hears all of it in its order.
    async fn those_who_ask_alike_are_told_from_one_execution(app: TestApp) {
        let north = app.university("North").await.admin().await;
        let (server, bulletins) = server(&app).await;
        let (own, other) = (north.token().await, other_session(&app, &north).await.access_token);
        let mut sockets = Vec::new();
        for at in 0..12 {
            sockets.push(listening(&server, if at % 2 == 0 { &own } else { &other }, BULLETINS).await);
        }
        let mut events = TcpStream::connect(server.address).await.unwrap();
        let request = format!(
            "GET /graphql?query=subscription%20%7B%20bulletins%20%7B%20number%20rendered%20%7D%20%7D HTTP/1.1\r\nhost: a\r\n\
             authorization: Bearer {own}\r\naccept: text/event-stream\r\n\r\n"
        );
        events.write_all(request.as_bytes()).await.unwrap();
        sleep(Duration::from_millis(200)).await;
        bulletins.executing(1).await;
        for number in 1..=20 {
            bulletins.publish(number);
        }
        bulletins.publish(0);
        for socket in &mut sockets {
            for number in 1..=20 {
                assert_eq!(next(socket).await, json!({ "bulletins": { "number": number, "rendered": number } }));
            }
            assert_eq!(socket.hear().await, json!({ "id": "1", "type": "complete" }));
        }
        let mut text = String::new();
        while !text.contains("event: complete") {
            let mut part = [0; 4_096];
            let count = timeout(Duration::from_secs(20), events.read(&mut part)).await.unwrap().unwrap();
            text.push_str(std::str::from_utf8(&part[..count]).unwrap());
        }
        assert_eq!(text.matches("\"rendered\"").count(), 20, "{text}");
        assert_eq!(bulletins.rendered(), 20);
        bulletins.executing(0).await;
        // What has ended is begun anew.
        sockets[0].subscribe("1", BULLETINS).await;
        bulletins.executing(1).await;
        bulletins.publish(21);
        assert_eq!(next(&mut sockets[0]).await, json!({ "bulletins": { "number": 21, "rendered": 21 } }));
    }

    /// Another person, membership, language, document, operation or variable: another execution.
    async fn whoever_asks_otherwise_is_told_otherwise(app: TestApp) {
        let university = app.university("North").await;
        let (first, second) = (university.admin().await, university.admin().await);
        let (server, bulletins) = server(&app).await;
        let query = "query Other { __typename } subscription A($length: Int!) { bulletins { reader language padding(length: $length) } }
            subscription B($length: Int!) { bulletins { reader language padding(length: $length) } }";
        let ask = |name: &str, length: i32| json!({ "type": "subscribe", "id": "1", "payload": {
            "query": query, "operationName": name, "variables": { "length": length } } });
        let mut asked = Vec::new();
        for (persona, language, name, length) in [
            (&first, "en", "A", 1), (&first, "en", "A", 1), (&first, "zh", "A", 1), (&first, "en", "B", 1),
            (&first, "en", "A", 2), (&second, "en", "A", 1), (&second, "en", "A", 1),
        ] {
            let authorization = format!("Bearer {}", persona.token().await);
            let mut socket = greeted(&server, json!({ "authorization": authorization, "accept-language": language })).await;
            socket.say(ask(name, length)).await;
            settled(&mut socket).await;
            let padding = "x".repeat(usize::try_from(length).unwrap());
            let expected = json!({ "reader": persona.user.to_string(), "language": language, "padding": padding });
            asked.push((socket, json!({ "bulletins": expected })));
        }
        bulletins.executing(5).await;
        bulletins.publish(1);
        for (socket, expected) in &mut asked {
            assert_eq!(next(socket).await, *expected);
        }
        drop(asked);
        bulletins.executing(0).await;
    }

    /// Whoever began it may leave; it ends with the last one.
    async fn who_hangs_up_takes_nobody_along(app: TestApp) {
        let north = app.university("North").await.admin().await;
        let (server, bulletins) = server(&app).await;
        let token = north.token().await;
        let first = listening(&server, &token, BULLETINS).await;
        let mut second = listening(&server, &token, BULLETINS).await;
        let mut third = listening(&server, &token, BULLETINS).await;
        bulletins.publish(1);
        assert_eq!(next(&mut second).await["bulletins"]["number"], 1);
        drop(first);
        third.say(json!({ "type": "complete", "id": "1" })).await;
        heard_out(&mut third).await;
        bulletins.publish(2);
        assert_eq!(next(&mut second).await["bulletins"]["number"], 2);
        hears_nothing(&mut third).await;
        bulletins.executing(1).await;
        drop(second);
        bulletins.executing(0).await;
    }

    /// A session that ended hears nothing more of what another of the same person goes on hearing.
    async fn who_is_signed_out_hears_nothing_more(app: TestApp) {
        let north = app.university("North").await.admin().await;
        let (server, bulletins) = server(&app).await;
        let (token, other) = (north.token().await, other_session(&app, &north).await);
        // The one that ends is the one that began.
        let mut ended = listening(&server, &other.access_token, BULLETINS).await;
        let mut goes_on = listening(&server, &token, BULLETINS).await;
        bulletins.executing(1).await;
        bulletins.publish(1);
        assert_eq!((next(&mut ended).await, next(&mut goes_on).await["bulletins"]["number"].clone()),
            (json!({ "bulletins": { "number": 1, "rendered": 1 } }), json!(1)));
        sessions::end(app.app(), &other.signed_in.actor).await.unwrap();
        sleep(A_MOMENT).await;
        bulletins.publish(2);
        assert_eq!(next(&mut goes_on).await["bulletins"]["number"], 2);
        // The first that comes is the farewell.
        let farewell = timeout(Duration::from_secs(20), futures_util::StreamExt::next(&mut ended.0)).await.unwrap();
        let tokio_tungstenite::tungstenite::Message::Close(Some(frame)) = farewell.unwrap().unwrap() else { panic!("told") };
        assert_eq!(u16::from(frame.code), 4403);
        bulletins.publish(3);
        assert_eq!(next(&mut goes_on).await["bulletins"]["number"], 3);
    }

    /// A reader who takes nothing is cut off; who reads hears everything.
    async fn a_slow_reader_of_a_broadcast_is_dropped_and_hurts_nobody(app: TestApp) {
        let north = app.university("North").await.admin().await;
        let (server, bulletins) = server(&app).await;
        let token = north.token().await;
        let query = "subscription { bulletins { number padding(length: 60000) } }";
        let mut slow = listening(&server, &token, query).await;
        let mut quick = listening(&server, &token, query).await;
        for number in 1..=500 {
            bulletins.publish(number);
            assert_eq!(next(&mut quick).await["bulletins"]["number"], number);
        }
        assert_eq!(slow.closed().await, None);
        bulletins.executing(1).await;
    }

    /// What cannot be run is refused to each; a field that fails is told to all, and a panic ends it for all.
    async fn what_fails_is_told_to_all(app: TestApp) {
        let north = app.university("North").await.admin().await;
        let (server, bulletins) = server(&app).await;
        let token = north.token().await;
        for _ in 0..2 {
            let mut socket = greeted(&server, json!({ "authorization": format!("Bearer {token}") })).await;
            socket.subscribe("1", "subscription { bulletins { nothing } }").await;
            let error = socket.hear().await;
            assert_eq!((&error["type"], &error["payload"][0]["extensions"]["code"]), (&json!("error"), &json!("INVALID_INPUT")));
        }
        let query = "subscription { bulletins { even } }";
        let mut both = [listening(&server, &token, query).await, listening(&server, &token, query).await];
        bulletins.publish(1);
        bulletins.publish(2);
        for socket in &mut both {
            let refused = socket.hear().await;
            assert_eq!(refused["payload"]["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused}");
            assert_eq!(next(socket).await, json!({ "bulletins": { "even": true } }));
        }
        drop(both);
        let query = "subscription { bulletins { panics } }";
        let mut both = [listening(&server, &token, query).await, listening(&server, &token, query).await];
        bulletins.executing(1).await;
        bulletins.publish(3);
        for socket in &mut both {
            let error = socket.hear().await;
            assert_eq!((&error["type"], &error["payload"][0]["extensions"]["code"]), (&json!("error"), &json!("INTERNAL")));
        }
        bulletins.executing(0).await;
    }

    /// The real one: read for each person once, however many listen; nobody hears of another's.
    async fn notifications_are_read_once_for_each_person(app: TestApp) {
        let (north, yingshan) = (app.university("North").await, app.county("511322").await);
        let (ours, theirs) = (north.admin().await, yingshan.admin().await);
        let agreement = make::submitted(&[&ours, &theirs], json!({})).await;
        let record = hezuo::platform::id::read(&agreement.id).map(|(_, id)| RecordRef { kind: "agreement", id }).unwrap();
        let server = Server::start(Site::new(app.app().clone(), app.api().clone())).await;
        let query = "subscription { notificationReceived { recordId agreement { title } organization { name } } }";
        let (mut north_sockets, mut county_sockets) = (Vec::new(), Vec::new());
        for _ in 0..20 {
            north_sockets.push(listening(&server, &ours.token().await, query).await);
            county_sockets.push(listening(&server, &theirs.token().await, query).await);
        }
        sleep(A_MOMENT).await;
        let told = |organization: &str| json!({ "notificationReceived": { "recordId": agreement.id,
            "agreement": { "title": "Framework agreement" }, "organization": { "name": organization } } });
        let before = app.db().statements();
        tell(&app, &north, record).await;
        for socket in &mut north_sockets {
            assert_eq!(next(socket).await, told("North"));
        }
        // Four for all twenty: the listener's look, and the three levels of the selection. The others are the write, the
        // feed's look and those who look after the sockets, which no number of sockets makes more.
        let statements = app.db().statements() - before;
        assert!((4..20).contains(&statements), "{statements} statements");
        for socket in &mut county_sockets[..3] {
            hears_nothing(socket).await;
        }
        // Another record that this side does not see is not shown because somebody else sees it.
        let unknown = RecordRef { kind: "agreement", id: Uuid::from_u128(7) };
        tell(&app, &yingshan, unknown).await;
        for socket in &mut county_sockets {
            assert_eq!(next(socket).await["notificationReceived"]["agreement"], Value::Null);
        }
        hears_nothing(&mut north_sockets[0]).await;
    }
}

/// Waits until what is on its way has come.
async fn heard_out(socket: &mut Socket) {
    while timeout(Duration::from_millis(100), socket.hear()).await.is_ok() {}
}
