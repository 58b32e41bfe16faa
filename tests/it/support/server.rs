//! The program itself, in a process of its own, on the database of a test.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use hezuo::platform::id;
use serde_json::{Value, json};

use super::{Persona, TestApp};

const PATIENCE: Duration = Duration::from_secs(20);

/// A running server. Its clock is everybody's, not the test's.
pub(crate) struct Server {
    child: Child,
    /// Where it is: `http://127.0.0.1:12345`.
    pub(crate) site: String,
}

/// The program with these arguments, with the secret of the tests.
pub(crate) fn program(app: &TestApp, listen: &str, arguments: &[&str]) -> Command {
    let settings = app.app().settings();
    let mut command = Command::new(env!("CARGO_BIN_EXE_hezuo"));
    command.env_clear().args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("HEZUO_DATABASE_URL", settings.database_url.reveal()).env("HEZUO_DATA_DIR", &settings.data_dir);
    command.env("HEZUO_SECRET", settings.secret.reveal()).env("HEZUO_PASSWORD_MEMORY_KIB", "8");
    command.env("HEZUO_PUBLIC_URL", "http://hezuo.test").env("HEZUO_LISTEN", listen);
    command
}

/// An address that nobody listens on.
pub(crate) fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

impl Server {
    /// Starts it with some settings changed, and waits until it is ready.
    pub(crate) async fn start(app: &TestApp, given: &[(&str, &str)]) -> Self {
        let listen = free_address();
        let mut command = program(app, &listen, &["serve"]);
        command.envs(given.iter().map(|(name, value)| (format!("HEZUO_{}", name.to_uppercase()), value)));
        let server = Self { child: command.spawn().unwrap(), site: format!("http://{listen}") };
        let begun = Instant::now();
        while reqwest::get(format!("{}/health/ready", server.site)).await.is_err() {
            assert!(begun.elapsed() < PATIENCE, "it does not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        server
    }

    /// An access token of this server.
    pub(crate) async fn sign_in(&self, persona: &Persona) -> String {
        let membership = id::show("membership", persona.membership);
        let input = json!({ "login": persona.login, "password": persona.password(), "membershipId": membership });
        let (query, variables) = TestApp::mutation("sessionCreate", &input, "accessToken");
        let answer: Value = serde_json::from_str(&self.ask(None, &query, variables).await).unwrap();
        answer["data"]["sessionCreate"]["result"]["accessToken"].as_str().unwrap().to_owned()
    }

    /// What it answers, as it was sent.
    pub(crate) async fn ask(&self, token: Option<&str>, query: &str, variables: Value) -> String {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = reqwest::Client::new().post(format!("{}/graphql", self.site));
        let request = request.header("content-type", "application/json").body(body);
        let request = token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth);
        request.send().await.unwrap().text().await.unwrap()
    }

    /// SIGKILL: nothing is told, nothing is finished.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
