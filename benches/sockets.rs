//! What ten thousand subscriptions cost: `cargo bench --bench sockets -- [--sockets N] [--people N] [--program PATH]`.
//!
//! Starts the program on a SQLite database of its own, signs people in, and opens sockets, each with one subscription to
//! its person's notifications; the people take turns. Prints the server's memory for each subscription, its processor
//! while nothing happens, and then what one notification to all of them costs: how long until all have it, how much
//! processor a message took, and how often the selection was rendered. The notification is committed by this process, as
//! by another server, so that the first look at it may take two seconds.

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::unwrap_used, reason = "a bench fails where it stands")]
#![expect(clippy::cast_precision_loss, reason = "thousands")]

use std::{
    env, fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use entity::{membership::Role, notification::NoticeKind};
use futures_util::{SinkExt as _, StreamExt as _, stream};
use hezuo::{
    app::App,
    auth::{Job, Permit, RecordRef},
    identity::{
        NewPerson, found_platform,
        sessions::{self, SessionCreateInput},
        set_up_person,
    },
    notifications::{Notice, To, notify},
    platform::clock::Clock,
    settings::Settings,
    start,
};
use serde_json::json;
use tokio::sync::mpsc;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue, protocol::WebSocketConfig},
};
use uuid::Uuid;

const PASSWORD: &str = "spring rice 2026";
const SUBSCRIPTION: &str = "subscription { notificationReceived { id kind recordId createdAt agreement { title status } \
    organization { name } } }";
/// Sockets that are being opened at once.
const OPENING: usize = 64;
/// How long nothing happens.
const IDLE: Duration = Duration::from_secs(5);
/// How long everybody may take to hear.
const PATIENCE: Duration = Duration::from_mins(2);

type Socket = WebSocketStream<tokio::net::TcpStream>;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (sockets, people) = (count("--sockets", 10_000), count("--people", 100));
    let data = env::temp_dir().join(format!("hezuo-sockets-{}", std::process::id()));
    let (app, organization) = founded(&data).await;
    let tokens = signed_in(&app, organization, people).await;
    println!("{sockets} subscriptions of {people} people");
    let server = Server::start(&data);
    let before = server.memory();
    let began = Instant::now();
    let open: Vec<Socket> = stream::iter(0..sockets)
        .map(|at| server.subscribed(&tokens[at % people]))
        .buffer_unordered(OPENING)
        .collect()
        .await;
    while server.metric("hezuo_operations_running") < sockets {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!("open after {:.1} s, with {:.1} s of processor", began.elapsed().as_secs_f64(), server.processor());
    let mut heard = listening(open);
    let worked = server.processor();
    tokio::time::sleep(IDLE).await;
    let idle = (server.processor() - worked) / IDLE.as_secs_f64() * 100.0;
    let memory = server.memory();
    let each = (memory - before) / sockets as f64;
    println!("memory {:.1} MB, before {:.1} MB: {:.1} KB each", memory / 1e3, before / 1e3, each);
    println!("idle, {idle:.1} % of a processor");
    for _ in 0..2 {
        tell(&app, organization, (&server, sockets), &mut heard).await;
    }
    println!("memory {:.1} MB afterwards, {:.1} MB at most", server.memory() / 1e3, server.status("VmHWM:") / 1e3);
    drop(server);
    app.db().close().await.unwrap();
    fs::remove_dir_all(data).unwrap();
}

fn given(name: &str) -> Option<String> {
    let arguments: Vec<String> = env::args().collect();
    arguments.windows(2).find(|two| two[0] == name).map(|two| two[1].clone())
}

fn count(name: &str, usual: usize) -> usize {
    given(name).map_or(usual, |text| text.parse().unwrap())
}

fn settings(data: &Path) -> [(&'static str, String); 7] {
    [
        ("HEZUO_PUBLIC_URL", "http://hezuo.bench".to_owned()),
        ("HEZUO_DATA_DIR", data.to_str().unwrap().to_owned()),
        ("HEZUO_SECRET", "a secret of the benches, long enough to be taken".to_owned()),
        ("HEZUO_PASSWORD_MEMORY_KIB", "8".to_owned()),
        ("HEZUO_COST_PER_MINUTE", "4294967295".to_owned()),
        ("HEZUO_ACCESS_TOKEN_MINUTES", "600".to_owned()),
        ("HEZUO_LOG", "warn".to_owned()),
    ]
}

/// The database, with an organization for everybody.
async fn founded(data: &Path) -> (App, Uuid) {
    let given = settings(data).map(|(name, value)| (name.to_owned(), value));
    let settings = Settings::load(given.into_iter(), None).unwrap();
    fs::create_dir_all(data).unwrap();
    let url = start::database_url(&settings, "hezuo.sqlite");
    let app = start::connect(&url, settings, Clock::System).await.unwrap();
    let organization = found_platform(&app, "Platform", "12511322DEMW0003XX").await.unwrap();
    (app, organization)
}

/// The access tokens of so many people.
async fn signed_in(app: &App, organization: Uuid, people: usize) -> Vec<String> {
    let mut tokens = Vec::with_capacity(people);
    for number in 0..people {
        let login = format!("person{number}");
        let person = NewPerson {
            organization,
            role: Role::PlatformAdmin,
            login: login.clone(),
            display_name: login.clone(),
            password: PASSWORD.to_owned(),
        };
        set_up_person(app, &person).await.unwrap();
        let input = SessionCreateInput { login, password: PASSWORD.to_owned(), membership_id: None, client: None };
        let address = format!("192.0.{}.{}", number / 250, number % 250);
        tokens.push(sessions::create(app, &address, &input).await.unwrap().access_token);
    }
    tokens
}

/// Tells each socket's first results, one each time it hears something.
fn listening(open: Vec<Socket>) -> mpsc::UnboundedReceiver<Instant> {
    let (hears, heard) = mpsc::unbounded_channel();
    for mut socket in open {
        let hears = hears.clone();
        tokio::spawn(async move {
            while let Some(message) = socket.next().await {
                // The server ends before its sockets do.
                let Ok(message) = message else { return };
                if let Message::Text(text) = message {
                    assert!(text.contains("\"type\":\"next\"") && text.contains("RENEWAL_DUE"), "{text}");
                    hears.send(Instant::now()).unwrap();
                }
            }
        });
    }
    heard
}

/// One notification to everybody.
async fn tell(
    app: &App,
    organization: Uuid,
    (server, sockets): (&Server, usize),
    heard: &mut mpsc::UnboundedReceiver<Instant>,
) {
    let (worked, rendered) = (server.processor(), server.metric("hezuo_results_rendered_total"));
    let record = RecordRef { kind: "agreement", id: Uuid::from_u128(7) };
    let roles = &[Role::PlatformAdmin];
    let notice = &Notice::new(NoticeKind::RenewalDue, record, To::Members { organizations: vec![organization], roles });
    let told =
        app.db().write(move |tx| async move { notify(&tx.under(Permit::system(Job::Remind, record)), notice).await });
    told.await.unwrap();
    let told = Instant::now();
    let mut times = Vec::with_capacity(sockets);
    while times.len() < sockets {
        times.push(tokio::time::timeout(PATIENCE, heard.recv()).await.unwrap().unwrap());
    }
    let (first, last) = (times.iter().min().unwrap(), times.iter().max().unwrap());
    println!(
        "told: first after {:.2} s, all {:.2} s later, {:.1} µs of processor a message, rendered {} times",
        (*first - told).as_secs_f64(),
        (*last - *first).as_secs_f64(),
        (server.processor() - worked) / sockets as f64 * 1e6,
        server.metric("hezuo_results_rendered_total") - rendered,
    );
}

/// The program, running by itself.
struct Server {
    running: Child,
    address: String,
    metrics: String,
}

impl Server {
    /// Starts it with as many open files as the system allows.
    fn start(data: &Path) -> Self {
        let program = given("--program").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_hezuo")), PathBuf::from);
        let (address, metrics) = (free(), free());
        let running = Command::new("sh")
            .args(["-c", "ulimit -n $(ulimit -Hn); exec \"$0\" serve"])
            .arg(program)
            .envs(settings(data))
            .env("HEZUO_LISTEN", &address)
            .env("HEZUO_METRICS_LISTEN", &metrics)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while page(&metrics).is_none() {
            assert!(began.elapsed() < Duration::from_mins(1), "it does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        Self { running, address, metrics }
    }

    /// An open socket with its subscription.
    async fn subscribed(&self, token: &str) -> Socket {
        let mut request = format!("ws://{}/graphql/ws", self.address).into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
        let stream = tokio::net::TcpStream::connect(&self.address).await.unwrap();
        let config = WebSocketConfig::default().read_buffer_size(1_024);
        let (mut socket, _) = client_async_with_config(request, stream, Some(config)).await.unwrap();
        let init = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
        socket.send(Message::text(init.to_string())).await.unwrap();
        assert_eq!(socket.next().await.unwrap().unwrap(), Message::text(r#"{"type":"connection_ack"}"#));
        let subscribe = json!({ "type": "subscribe", "id": "1", "payload": { "query": SUBSCRIPTION } });
        socket.send(Message::text(subscribe.to_string())).await.unwrap();
        socket
    }

    /// A line of `/proc/…/status`, in thousands of bytes as the system counts them.
    fn status(&self, name: &str) -> f64 {
        let text = fs::read_to_string(format!("/proc/{}/status", self.running.id())).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().parse::<f64>().unwrap() * 1.024
    }

    fn memory(&self) -> f64 {
        self.status("VmRSS:")
    }

    /// The processor time that it has used, in seconds.
    fn processor(&self) -> f64 {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.running.id())).unwrap();
        let fields: Vec<&str> = text.rsplit(')').next().unwrap().split_whitespace().collect();
        (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
    }

    /// A number of `/metrics`; 0 where there is none of that name.
    fn metric(&self, name: &str) -> usize {
        let page = page(&self.metrics).unwrap();
        let line = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.map_or(0, |number| number.trim().parse().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.running.kill().unwrap();
        self.running.wait().unwrap();
    }
}

fn free() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn page(address: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n").ok()?;
    let mut page = String::new();
    stream.read_to_string(&mut page).ok()?;
    Some(page)
}
