//! Files in a bucket: the same as in a folder, against `moto_server`, which speaks S3.
//!
//! `moto_server` (PyPI `moto[server]`) is looked for in PATH. Where it is missing nothing runs, which is said, unless
//! `HEZUO_TEST_REQUIRE` has `s3`.

use std::{
    io::ErrorKind,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use axum::{body::Body, http::Request};
use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::{StreamExt as _, stream};
use hezuo::{
    documents::jobs::sweep_before,
    platform::{clock::Clock, event::sha256, files::place, id},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::{House, PDF, house, path, text};
use crate::support::{TestApp, on_both, required, say};

const PATIENCE: Duration = Duration::from_mins(1);

/// A running `moto_server` with one bucket, ended with the test.
struct Moto {
    process: Child,
    address: String,
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Moto {
    /// Nothing where there is none, and nobody demands it.
    async fn start() -> Option<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let mut command = Command::new("moto_server");
        command.args(["-H", "127.0.0.1", "-p", &address.port().to_string()]);
        match command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
            Ok(process) => {
                let moto = Self { process, address: address.to_string() };
                moto.wait().await;
                assert!(moto.ask("PUT", "/files").await.starts_with("HTTP/1.1 200"));
                Some(moto)
            }
            Err(error) => {
                assert!(!required("s3"), "HEZUO_TEST_REQUIRE wants s3, and moto_server cannot be started: {error}");
                let reason = if error.kind() == ErrorKind::NotFound { "not in PATH" } else { "it does not start" };
                say(&format!(
                    "files in a bucket are not tested: moto_server is {reason} (pip install 'moto[server]')."
                ));
                None
            }
        }
    }

    async fn wait(&self) {
        let begun = Instant::now();
        while TcpStream::connect(&self.address).await.is_err() {
            assert!(begun.elapsed() < PATIENCE, "moto_server gives no answer");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Asks it as nobody: it does not mind.
    async fn ask(&self, method: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let host = &self.address;
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    /// How many files are there, and how many are in the making.
    async fn files(&self) -> (usize, usize) {
        let (whole, drafts) = (self.ask("GET", "/files?list-type=2").await, self.ask("GET", "/files?uploads").await);
        assert!(
            whole.contains("<ListBucketResult") && drafts.contains("<ListMultipartUploadsResult"),
            "{whole}{drafts}"
        );
        (whole.matches("<Key>").count(), drafts.matches("<UploadId>").count())
    }

    /// A server that keeps its files here.
    async fn server(&self, app: &TestApp, url: &str) -> TestApp {
        let endpoint = format!("http://{}", self.address);
        app.replica(&[
            ("files_url", url),
            ("files_endpoint", &endpoint),
            ("files_access_key", "an access key"),
            ("files_secret_key", "a secret key"),
        ])
        .await
    }
}

async fn put(house: &House, url: &str, body: Body) -> (u16, Value) {
    let (status, body) = house.app.http(Request::put(path(url)).body(body).unwrap()).await;
    (status, serde_json::from_slice(&body).unwrap())
}

/// A PDF of that size.
fn pdf(bytes: usize) -> Bytes {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.extend((0..bytes - pdf.len()).map(|at| u8::try_from(at % 251).unwrap()));
    pdf.into()
}

on_both! {
    /// Sent, confirmed, fetched and swept, of one part and of several.
    async fn a_bucket_keeps_files(app: TestApp) {
        let Some(moto) = Moto::start().await else { return };
        let server = moto.server(&app, "s3://files/hezuo/one").await;
        server.app().files().check().await.unwrap();
        let house = house(&server).await;
        let large = pdf(12 * 1024 * 1024 + 3);
        for (at, bytes) in [Bytes::from_static(PDF), large.clone()].into_iter().enumerate() {
            let (url, id) = house.announce(&house.north).await;
            let parts = bytes.chunks(70_000).map(|part| std::io::Result::Ok(Bytes::copy_from_slice(part)));
            let (status, answer) = put(&house, &url, Body::from_stream(stream::iter(parts.collect::<Vec<_>>()))).await;
            assert_eq!((status, &answer["sha256"], &answer["bytes"]), (200, &json!(sha256(&bytes)), &json!(bytes.len())));
            let confirm = json!({ "id": id, "expectedSha256": sha256(&bytes) });
            house.north.does("documentConfirm", confirm, "status").await.results_in(json!({ "status": "CONFIRMED" }));
            let link = house.yingshan.does("documentDownloadCreate", json!({ "id": id }), "url").await;
            let request = Request::get(path(&text(&link.result()["url"]))).body(Body::empty()).unwrap();
            let (status, fetched) = server.http(request).await;
            assert!((status, &*fetched) == (200, &*bytes), "{} bytes came back as {}", bytes.len(), fetched.len());
            assert_eq!(moto.files().await, (at + 1, 0));
        }
        let left = place(id::new(server.now()));
        let bytes = stream::iter([std::io::Result::Ok(large.clone())]);
        server.app().files().put(&left, bytes, 20_000_000).await.unwrap();
        assert_eq!(server.app().files().part(&left, 5_242_870..5_242_890).await.unwrap(), large[5_242_870..5_242_890]);
        assert_eq!(sweep_before(server.app(), Clock::System.now() - TimeDelta::minutes(10)).await.unwrap(), 0);
        // What lies beside the prefix is not ours.
        let neighbour = moto.server(&app, "s3://files/hezuo/two").await;
        neighbour.app().files().put("aa/theirs", stream::iter([std::io::Result::Ok(Bytes::from_static(PDF))]), 100).await.unwrap();
        assert_eq!((moto.files().await, sweep_before(server.app(), Clock::System.now() + TimeDelta::minutes(10)).await.unwrap()), ((4, 0), 1));
        assert_eq!(moto.files().await, (3, 0));
        assert!(server.app().files().get(&left).await.unwrap().is_none());
        server.app().files().remove(&left).await.unwrap();
    }

    /// What does not end well leaves nothing: too large, broken off, of another kind, or the sender gone.
    async fn a_bucket_keeps_nothing_by_halves(app: TestApp) {
        let Some(moto) = Moto::start().await else { return };
        let server = moto.server(&app, "s3://files/hezuo").await;
        let house = house(&server).await;
        let (url, _) = house.announce(&house.north).await;
        assert_eq!(put(&house, &url, Body::from(pdf(20 * 1024 * 1024 + 1))).await.0, 413);
        assert_eq!(put(&house, &url, Body::from("<html>")).await.0, 415);
        assert_eq!(put(&house, &url, Body::empty()).await.0, 415);
        let broken = [Ok(pdf(6 * 1024 * 1024)), Err(std::io::Error::other("gone"))];
        let (_, answer) = put(&house, &url, Body::from_stream(stream::iter(broken))).await;
        assert!(answer.to_string().contains("The upload broke off."), "{answer}");
        assert_eq!(moto.files().await, (0, 0));

        let endless = stream::iter([std::io::Result::Ok(pdf(6 * 1024 * 1024))]).chain(stream::pending());
        let sending = put(&house, &url, Body::from_stream(endless));
        assert!(tokio::time::timeout(Duration::from_secs(2), sending).await.is_err());
        let begun = Instant::now();
        while moto.files().await != (0, 0) {
            assert!(begun.elapsed() < PATIENCE, "something is left of a file whose sender went away");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(put(&house, &url, Body::from(PDF)).await.0, 200);
        assert_eq!(moto.files().await, (1, 0));
    }

    /// A bucket that is not there is said before anything is served.
    async fn a_bucket_that_is_not_there(app: TestApp) {
        let Some(moto) = Moto::start().await else { return };
        let server = moto.server(&app, "s3://elsewhere/hezuo").await;
        let error = server.app().files().check().await.unwrap_err();
        let hezuo::error::Error::Internal(cause) = error else { panic!("{error}") };
        assert!(cause.to_string().starts_with("the bucket that files_url names cannot be read with files_endpoint"), "{cause}");
    }
}
