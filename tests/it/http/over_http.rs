//! GraphQL over HTTP.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::json;

use super::site::{GRAPHQL, JSON, ask, get, post, router, send};

#[tokio::test]
async fn a_query_in_either_form() {
    let (router, _) = router(&[]).await;
    for form in [JSON, GRAPHQL] {
        let answer = ask(&router, form, "{ hello }").await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.header("content-type"), format!("{form}; charset=utf-8"));
        assert_eq!(answer.body, r#"{"data":{"hello":"你好"},"extensions":{"cost":{"limit":20000,"requested":0}}}"#);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_named() {
    let (router, steps) = router(&[]).await;
    for (body, message) in [
        ("{", "The body is not a JSON object with a query."),
        ("", "The body is not a JSON object with a query."),
        ("[{\"query\":\"{hello}\"}]", "Batches are not accepted; send one operation."),
        ("{\"query\":1}", "query must be a string."),
        ("{\"query\":\"{hello}\",\"variables\":[1]}", "variables must be an object."),
    ] {
        for form in [JSON, GRAPHQL] {
            let answer = post(&router, form, body).await;
            assert_eq!((answer.status(), answer.refusal().as_str()), (StatusCode::BAD_REQUEST, "INVALID_INPUT"));
            assert_eq!(answer.json()["errors"][0]["message"], message);
        }
    }
    let answer = post(&router, GRAPHQL, b"{\"query\":\"\xff\"}".to_vec()).await;
    assert_eq!(answer.json()["errors"][0]["message"], "The body is not UTF-8.");
    assert_eq!(steps.taken(), 0);
}

#[tokio::test]
async fn only_json_is_read_and_only_json_is_written() {
    let (router, steps) = router(&[]).await;
    let body = json!({ "query": "mutation { step }" }).to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, kind).body(body.clone().into()).unwrap();
        let answer = send(&router, request).await;
        assert_eq!((answer.status(), answer.refusal().as_str()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, "INVALID_INPUT"));
    }
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json; charset=gbk");
    let answer = send(&router, request.body(body.clone().into()).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let answer = post(&router, "text/html", body).await;
    assert_eq!((answer.status(), answer.refusal().as_str()), (StatusCode::NOT_ACCEPTABLE, "INVALID_INPUT"));
    assert_eq!(steps.taken(), 0);
}

#[tokio::test]
async fn get_runs_no_mutation() {
    let (router, steps) = router(&[]).await;
    for form in [JSON, GRAPHQL, "text/event-stream"] {
        let answer = get(&router, "mutation { step }", &[("accept", form)]).await;
        assert_eq!((answer.status(), answer.refusal().as_str()), (StatusCode::METHOD_NOT_ALLOWED, "INVALID_INPUT"));
        assert_eq!(answer.header("allow"), "GET, HEAD, POST");
    }
    assert_eq!(steps.taken(), 0);
    assert_eq!(ask(&router, JSON, "mutation { step }").await.json()["data"]["step"], 1);
    let answer = send(&router, Request::delete("/graphql").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn an_answer_is_not_sent_twice() {
    let (router, _) = router(&[]).await;
    let first = get(&router, "{ hello }", &[]).await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.len() == 45, "{tag}");
    assert_eq!(first.header("cache-control"), "private, no-cache");
    assert!(first.header("vary").starts_with("Authorization, Accept-Language, Accept"));
    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let again = get(&router, "{ hello }", &[("if-none-match", &known)]).await;
        assert_eq!((again.status(), again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
        assert_eq!(again.header("etag"), tag);
    }
    let other = get(&router, "{ language }", &[("if-none-match", &tag)]).await;
    assert_eq!(other.status(), StatusCode::OK);
    assert_eq!(ask(&router, JSON, "{ hello }").await.header("etag"), "");
}

#[tokio::test]
async fn a_body_is_counted_while_it_arrives() {
    let (router, _) = router(&[]).await;
    let of = |bytes: usize| format!("{{\"query\":\"{{hello}}\",\"variables\":{{\"a\":\"{}\"}}}}", "x".repeat(bytes));
    let exact = (1 << 20) - of(0).len();
    assert_eq!(post(&router, JSON, of(exact)).await.status(), StatusCode::OK);
    let answer = post(&router, JSON, of(exact + 1)).await;
    assert_eq!((answer.status(), answer.refusal().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "INVALID_INPUT"));
    let lies = Request::post("/graphql").header(header::CONTENT_TYPE, JSON).header(header::CONTENT_LENGTH, "10");
    let answer = send(&router, lies.body(of(exact + 1).into()).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_request_that_fails_before_it_runs_has_no_data() {
    let (router, _) = router(&[]).await;
    for query in ["{", "{ nothing }", "query A { hello } query B { hello }", "query($id: ID!) { echo(id: $id) }"] {
        let answer = ask(&router, GRAPHQL, query).await;
        assert_eq!((answer.status(), answer.refusal().as_str()), (StatusCode::BAD_REQUEST, "INVALID_INPUT"), "{query}");
        let answer = ask(&router, JSON, query).await;
        assert_eq!((answer.status(), answer.refusal().as_str()), (StatusCode::OK, "INVALID_INPUT"), "{query}");
    }
}

#[tokio::test]
async fn a_field_that_fails_leaves_the_others() {
    let (router, _) = router(&[]).await;
    let answer = ask(&router, GRAPHQL, "{ hello broken }").await;
    assert_eq!(answer.status(), StatusCode::OK);
    let json = answer.json();
    assert_eq!(json["data"], json!({ "hello": "你好", "broken": null }));
    let id = answer.header("x-request-id");
    assert_eq!(json["errors"][0]["extensions"], json!({ "code": "INTERNAL", "requestId": id }));
    assert!(!answer.body.contains("secret"));
    let answer = ask(&router, GRAPHQL, "{ hello refused }").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.json()["data"], json!(null));
    assert_eq!(answer.json()["errors"][0]["extensions"]["code"], "FORBIDDEN");
}

#[tokio::test]
async fn a_panic_ends_one_request_and_says_nothing() {
    let (router, _) = router(&[]).await;
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, JSON).header("x-request-id", "mine-1");
    let answer = send(&router, request.body(json!({ "query": "{ panics }" }).to_string().into()).unwrap()).await;
    assert_eq!((answer.status(), answer.refusal().as_str()), (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"));
    assert_eq!(answer.json()["errors"][0]["extensions"]["requestId"], "mine-1");
    assert!(!answer.body.contains("purpose"));
    assert_eq!(ask(&router, JSON, "{ hello }").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_stopped() {
    let (router, _) = router(&[("REQUEST_TIMEOUT_SECONDS", "0")]).await;
    let answer = ask(&router, GRAPHQL, "{ slow }").await;
    assert_eq!((answer.status(), answer.refusal().as_str()), (StatusCode::GATEWAY_TIMEOUT, "TIMEOUT"));
    assert_eq!(ask(&router, JSON, "{ slow }").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_bad_token_is_not_nobody() {
    let (router, _) = router(&[]).await;
    for token in ["Bearer nonsense", "Basic eA==", ""] {
        let answer = get(&router, "{ hello }", &[("authorization", token), ("accept", GRAPHQL)]).await;
        assert_eq!((answer.status(), answer.refusal().as_str()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
    }
}

#[tokio::test]
async fn words_follow_the_language_and_codes_do_not() {
    let (router, _) = router(&[]).await;
    let headers = [("accept-language", "zh-CN,zh;q=0.9,en;q=0.8"), ("authorization", "Bearer nonsense")];
    let answer = get(&router, "{ hello }", &headers).await;
    assert_eq!(
        (answer.refusal().as_str(), &answer.json()["errors"][0]["message"]),
        ("UNAUTHENTICATED", &json!("请先登录。"))
    );
    assert_eq!(get(&router, "{ language }", &headers[..1]).await.json()["data"]["language"], "zh");
}

#[tokio::test]
async fn a_request_keeps_its_id() {
    let (router, _) = router(&[]).await;
    let answer = get(&router, "{ hello }", &[("x-request-id", "abc_1.2-3")]).await;
    assert_eq!(answer.header("x-request-id"), "abc_1.2-3");
    for strange in ["", "a b", "a\"b", &"x".repeat(65)] {
        let answer = get(&router, "{ hello }", &[("x-request-id", strange)]).await;
        assert_eq!(answer.header("x-request-id").len(), 32);
    }
}

#[tokio::test]
async fn other_websites_need_leave() {
    let (router, _) = router(&[("ALLOWED_ORIGINS", "https://a.example, https://b.example")]).await;
    let with = |origin| [("origin", origin)];
    let answer = get(&router, "{ hello }", &with("https://b.example")).await;
    assert_eq!(answer.header("access-control-allow-origin"), "https://b.example");
    let answer = get(&router, "{ hello }", &with("https://evil.example")).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    let preflight = Request::options("/graphql")
        .header("origin", "https://a.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type")
        .body(Body::empty())
        .unwrap();
    let answer = send(&router, preflight).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.header("access-control-allow-headers").contains("authorization"));
}

#[tokio::test]
async fn the_head_of_an_answer_alone() {
    let (router, steps) = router(&[]).await;
    let head = |query: &str| Request::head(format!("/graphql?query={query}")).body(Body::empty()).unwrap();
    let answer = send(&router, head("%7Bhello%7D")).await;
    assert_eq!((answer.status(), answer.body.as_str()), (StatusCode::OK, ""));
    assert_eq!(answer.header("etag"), get(&router, "{hello}", &[]).await.header("etag"));
    assert_eq!(send(&router, head("mutation%7Bstep%7D")).await.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(steps.taken(), 0);
}

#[tokio::test]
async fn a_document_sent_again_is_answered_the_same() {
    let (router, steps) = router(&[]).await;
    let ask = async |name: &str, id: i32| {
        let query = "query A($id: ID!) { echo(id: $id) } query B { hello } mutation C { step }";
        let body = json!({ "query": query, "operationName": name, "variables": { "id": id.to_string() } });
        post(&router, JSON, body.to_string()).await.json()["data"].clone()
    };
    for id in 0..3 {
        assert_eq!(ask("A", id).await, json!({ "echo": id.to_string() }));
        assert_eq!(ask("B", id).await, json!({ "hello": "你好" }));
        assert_eq!(ask("C", id).await, json!({ "step": id + 1 }));
    }
    assert_eq!(steps.taken(), 3);
}
