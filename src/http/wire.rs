//! What a client sent: the four members of a GraphQL request, from JSON or from a URL.

use async_graphql::{Value, Variables};
use axum::http::{StatusCode, Uri};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::fault::Fault;

/// A GraphQL request as it was sent, nothing of it checked but its form.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The document, unless it is named by `sha256`.
    pub(super) query: Option<String>,
    /// Which operation of the document.
    pub(super) operation_name: Option<String>,
    /// The values of the operation's variables.
    pub(super) variables: Variables,
    /// The SHA-256 of a registered document.
    pub(super) sha256: Option<String>,
}

/// Members are kept as text first, so that each can be refused by name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members<'a> {
    #[serde(borrow)]
    query: Option<&'a RawValue>,
    #[serde(borrow)]
    operation_name: Option<&'a RawValue>,
    #[serde(borrow)]
    variables: Option<&'a RawValue>,
    #[serde(borrow)]
    extensions: Option<&'a RawValue>,
}

/// The members of `extensions` that mean something to us.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extensions {
    persisted_query: Option<PersistedQuery>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PersistedQuery {
    sha256_hash: String,
}

impl Asked {
    /// Reads a JSON object.
    ///
    /// # Errors
    /// Status 400, naming the member that is wrong.
    pub(super) fn from_json(body: &[u8]) -> Result<Self, Fault> {
        let text = std::str::from_utf8(body).map_err(|_| bad("The body is not UTF-8.", "请求体不是 UTF-8 编码。"))?;
        if text.trim_start().starts_with('[') {
            return Err(bad("Batches are not accepted; send one operation.", "不接受批量请求，请一次发送一个操作。"));
        }
        let members: Members<'_> = serde_json::from_str(text)
            .map_err(|_| bad("The body is not a JSON object with a query.", "请求体不是包含 query 的 JSON 对象。"))?;
        let asked = Self {
            query: member(members.query, "query must be a string.", "query 必须是字符串。")?,
            operation_name: member(
                members.operation_name,
                "operationName must be a string.",
                "operationName 必须是字符串。",
            )?,
            variables: variables(members.variables.map(RawValue::get))?,
            sha256: sha256(members.extensions.map(RawValue::get))?,
        };
        asked.complete()
    }

    /// Reads the query of a URL.
    ///
    /// # Errors
    /// Status 400, naming the parameter that is wrong.
    pub(super) fn from_uri(uri: &Uri) -> Result<Self, Fault> {
        let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| bad("The URL's query cannot be read.", "无法解析 URL 的查询参数。"))?
            .0;
        let one = |name: &str| {
            let mut values = pairs.iter().filter(|(given, _)| given == name).map(|(_, value)| value.as_str());
            let value = values.next().filter(|value| !value.is_empty());
            match values.next() {
                Some(_) => Err(bad("A parameter is given twice.", "参数重复。")),
                None => Ok(value),
            }
        };
        let asked = Self {
            query: one("query")?.map(str::to_owned),
            operation_name: one("operationName")?.map(str::to_owned),
            variables: variables(one("variables")?)?,
            sha256: sha256(one("extensions")?)?,
        };
        asked.complete()
    }

    fn complete(self) -> Result<Self, Fault> {
        if self.query.is_none() && self.sha256.is_none() {
            return Err(bad("query is missing.", "缺少 query。"));
        }
        Ok(self)
    }
}

fn bad(en: &'static str, zh: &'static str) -> Fault {
    Fault::http(StatusCode::BAD_REQUEST, en, zh)
}

fn member<T: DeserializeOwned>(
    value: Option<&RawValue>,
    en: &'static str,
    zh: &'static str,
) -> Result<Option<T>, Fault> {
    value.map_or(Ok(None), |value| serde_json::from_str(value.get()).map_err(|_| bad(en, zh)))
}

fn variables(text: Option<&str>) -> Result<Variables, Fault> {
    let value = text.map_or(Ok(Value::Null), serde_json::from_str);
    match value {
        Ok(value @ (Value::Object(_) | Value::Null)) => Ok(Variables::from_value(value)),
        _ => Err(bad("variables must be an object.", "variables 必须是对象。")),
    }
}

fn sha256(text: Option<&str>) -> Result<Option<String>, Fault> {
    let wrong = || bad("extensions must be an object.", "extensions 必须是对象。");
    let Some(text) = text else { return Ok(None) };
    // A derived struct would also take a list.
    if !text.trim_start().starts_with(['{', 'n']) {
        return Err(wrong());
    }
    let extensions: Option<Extensions> = serde_json::from_str(text).map_err(|_| wrong())?;
    let Some(persisted) = extensions.and_then(|extensions| extensions.persisted_query) else { return Ok(None) };
    let hash = persisted.sha256_hash;
    if hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Ok(Some(hash));
    }
    Err(bad("sha256Hash must be 64 lower-case hexadecimal digits.", "sha256Hash 必须是 64 位小写十六进制数字。"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Locale;

    fn refused(outcome: Result<Asked, Fault>) -> String {
        let fault = outcome.unwrap_err();
        assert_eq!(fault.status(), StatusCode::BAD_REQUEST);
        fault.into_error(Locale::En).message
    }

    fn json(body: &str) -> Result<Asked, Fault> {
        Asked::from_json(body.as_bytes())
    }

    #[test]
    fn a_request_in_json() {
        let asked = json(r#" {"query":"{a}","operationName":"A","variables":{"b":[1,"c"]},"unknown":{}} "#).unwrap();
        assert_eq!((asked.query.as_deref(), asked.operation_name.as_deref()), (Some("{a}"), Some("A")));
        assert_eq!(serde_json::to_string(&asked.variables).unwrap(), r#"{"b":[1,"c"]}"#);
        json(r#"{"query":"{a}","operationName":null,"variables":null,"extensions":null}"#).unwrap();
        json(r#"{"query":"{a}","extensions":{"some":"value"}}"#).unwrap();
    }

    #[test]
    fn a_request_in_a_url() {
        let uri = "/graphql?query=%7Ba%7D&variables=%7B%22b%22%3A1%7D&operationName=&extensions=".parse().unwrap();
        let asked = Asked::from_uri(&uri).unwrap();
        assert_eq!((asked.query.as_deref(), asked.operation_name), (Some("{a}"), None));
        for (uri, message) in [
            ("/graphql", "query is missing."),
            ("/graphql?query=", "query is missing."),
            ("/graphql?query={a}&query={b}", "A parameter is given twice."),
            ("/graphql?query={a}&variables=b", "variables must be an object."),
            ("/graphql?query={a}&extensions=[]", "extensions must be an object."),
        ] {
            let uri = uri.replace('{', "%7B").replace('}', "%7D").parse().unwrap();
            assert_eq!(refused(Asked::from_uri(&uri)), message);
        }
    }

    #[test]
    fn each_member_is_refused_by_name() {
        for body in ["", "{", "null", "0", "\"a\"", "{\"query\":\"{a}\"", "{\"query\":\"{a}\",\"query\":\"{b}\"}"] {
            assert_eq!(refused(json(body)), "The body is not a JSON object with a query.", "{body}");
        }
        assert_eq!(refused(Asked::from_json(b"{\"query\":\"\xff\"}")), "The body is not UTF-8.");
        assert_eq!(refused(json(" [{\"query\":\"{a}\"}]")), "Batches are not accepted; send one operation.");
        for value in ["0", "false", "[\"a\"]", "{\"a\":1}"] {
            assert_eq!(refused(json(&format!("{{\"query\":{value}}}"))), "query must be a string.");
            let body = format!("{{\"query\":\"a\",\"operationName\":{value}}}");
            assert_eq!(refused(json(&body)), "operationName must be a string.");
        }
        for value in ["0", "false", "[\"a\"]", "\"a\""] {
            let with = |name: &str| refused(json(&format!("{{\"query\":\"a\",\"{name}\":{value}}}")));
            assert_eq!(with("variables"), "variables must be an object.");
            assert_eq!(with("extensions"), "extensions must be an object.");
        }
        assert_eq!(refused(json("{\"qeury\":\"{a}\"}")), "query is missing.");
        assert_eq!(refused(json("{\"query\":null}")), "query is missing.");
    }

    #[test]
    fn a_registered_document_is_named_by_its_hash() {
        let hash = "0123456789abcdef".repeat(4);
        let named = |hash: &str| {
            json(&format!(r#"{{"extensions":{{"persistedQuery":{{"version":1,"sha256Hash":"{hash}"}}}}}}"#))
        };
        assert_eq!(named(&hash).unwrap().sha256, Some(hash.clone()));
        for hash in ["", "abc", &hash.to_uppercase(), &format!("{hash}0")] {
            assert!(refused(named(hash)).starts_with("sha256Hash must be"));
        }
    }

    #[test]
    fn deep_json_is_refused_and_does_not_exhaust_the_stack() {
        let body = format!(r#"{{"query":"{{a}}","variables":{{"b":{}{}}}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(refused(json(&body)), "variables must be an object.");
    }
}
