//! Clients that hang up in the middle: no connection to the database is left behind, none is left broken.

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, future::join_all, stream};
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::net::Socket;
use crate::support::{
    Kind, make, on_both,
    server::{Server, free_address},
};

const READS: usize = 1_000;
const AT_ONCE: usize = 32;
/// Connections with which the server reads; it has up to as many again for everything else.
const CONNECTIONS: usize = 4;
const PATIENCE: Duration = Duration::from_secs(10);

/// Several statements one after the other, and some at the same time.
const READ: &str = "{ agreements(first: 30, orderBy: { field: NUMBER }) { totalCount nodes { number title openSteps \
    parties { capacity organization { name } } history(first: 5) { totalCount nodes { kind organization { name } } } \
    county { name children(first: 5) { nodes { name } } } items(first: 5) { totalCount nodes { title } } } } }";

/// Asks and hangs up: while the server works, before the request is whole, or before the answer is.
async fn hang_up(address: &str, request: &[u8], number: usize) {
    let mut client = TcpStream::connect(address).await.unwrap();
    let half = if number % 4 == 1 { request.len() * (number % 17) / 17 } else { request.len() };
    client.write_all(&request[..half]).await.unwrap();
    if number % 4 == 3 {
        // Some of the answer, less than all.
        let mut some = vec![0; 1 + number % 400];
        client.read_exact(&mut some).await.unwrap();
        assert!(b"HTTP/1.1 200".starts_with(&some[..some.len().min(12)]), "{}", String::from_utf8_lossy(&some));
    } else {
        tokio::time::sleep(Duration::from_millis(number as u64 * 7 % 21)).await;
    }
}

/// The value of a counter or a gauge of the server.
async fn metric(address: &str, name: &str) -> u64 {
    let page = reqwest::get(format!("http://{address}/metrics")).await.unwrap().text().await.unwrap();
    let value = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.unwrap_or_else(|| panic!("{name}: {page}")).parse().unwrap()
}

/// What the server's connections to the database do on PostgreSQL.
async fn connections(db: &DatabaseConnection) -> Vec<String> {
    let sql = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'hezuo'";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

on_both! {
    /// A thousand hang up, thirty-two at a time. Then every connection answers, and exactly what it answered before.
    async fn clients_that_hang_up_break_nothing(app: TestApp) {
        let sides = app.sides().await;
        for _ in 0..12 {
            make::draft(&[&sides.university, &sides.county], json!({})).await;
        }
        // From here on, whoever is connected is the server's.
        app.db().close().await.unwrap();
        let metrics = free_address();
        let connections_text = CONNECTIONS.to_string();
        let server = Server::start(&app, &[
            ("database_connections", &connections_text), ("metrics_listen", &metrics), ("cost_per_minute", "4000000000"),
        ]).await;
        let token = server.sign_in(&sides.university).await;
        let expected = server.ask(Some(&token), READ, json!({})).await;
        let data: Value = serde_json::from_str(&expected).unwrap();
        assert_eq!((&data["errors"], &data["data"]["agreements"]["totalCount"]), (&Value::Null, &json!(12)), "{expected}");

        let address = server.site.trim_start_matches("http://").to_owned();
        let body = json!({ "query": READ }).to_string();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len(),
        );
        let answered = "hezuo_http_requests_total{operation=\"query\",status=\"2xx\"}";
        let before = metric(&metrics, answered).await;
        let clients = stream::iter(0..READS).map(|number| hang_up(&address, request.as_bytes(), number));
        clients.buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;

        // Whoever hung up is not worked for any more.
        let begun = Instant::now();
        while metric(&metrics, "hezuo_operations_running").await > 0 {
            assert!(begun.elapsed() < PATIENCE, "somebody is still worked for");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let answered = metric(&metrics, answered).await - before;
        // Who reads something of the answer gets it; of the others, many hang up while the server works.
        assert!((READS as u64 / 4..READS as u64 * 7 / 10).contains(&answered), "{answered} were answered");

        for _ in 0..10 {
            let asked = (0..CONNECTIONS).map(|_| server.ask(Some(&token), READ, json!({})));
            for answer in tokio::time::timeout(PATIENCE, join_all(asked)).await.expect("an answer") {
                assert_eq!(answer, expected);
            }
        }
        if app.kind() == Kind::Postgres {
            let db = Database::connect(app.app().settings().database_url.reveal()).await.unwrap();
            let begun = Instant::now();
            loop {
                let states = connections(&db).await;
                assert!((1..=3 * CONNECTIONS).contains(&states.len()), "{states:?}");
                if states.iter().all(|state| state == "idle") {
                    break;
                }
                assert!(begun.elapsed() < PATIENCE, "{states:?}");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            db.close().await.unwrap();
        }
    }

    /// Subscriptions on sockets, many of them alike: nothing is left of those whose clients are gone.
    async fn sockets_that_are_gone_leave_nothing_behind(app: TestApp) {
        let sides = app.sides().await;
        app.db().close().await.unwrap();
        let metrics = free_address();
        let server = Server::start(&app, &[("metrics_listen", &metrics)]).await;
        let address = server.site.trim_start_matches("http://").to_owned();
        let tokens = [server.sign_in(&sides.university).await, server.sign_in(&sides.county).await];
        for _ in 0..2 {
            let mut sockets = Vec::new();
            for number in 0..30 {
                let headers = [("sec-websocket-protocol", "graphql-transport-ws")];
                let mut socket = Socket::to(&address, &headers).await.unwrap();
                let authorization = format!("Bearer {}", tokens[number % 2]);
                socket.say(json!({ "type": "connection_init", "payload": { "authorization": authorization } })).await;
                socket.subscribe("1", "subscription { notificationReceived { id } }").await;
                sockets.push(socket);
            }
            reaches(&metrics, "hezuo_operations_running", 30).await;
            reaches(&metrics, "hezuo_sockets_open", 30).await;
            drop(sockets);
            reaches(&metrics, "hezuo_operations_running", 0).await;
            reaches(&metrics, "hezuo_sockets_open", 0).await;
        }
    }
}

/// Waits until a gauge shows this.
async fn reaches(metrics: &str, name: &str, expected: u64) {
    let begun = Instant::now();
    while metric(metrics, name).await != expected {
        assert!(begun.elapsed() < PATIENCE, "{name} does not reach {expected}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
