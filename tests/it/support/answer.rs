//! What the API answered, and the ways in which tests look at it: exact values, with the whole answer in every failure.

use serde_json::{Value, json};

/// An answer to a GraphQL request.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The whole body: `data`, `errors`, `extensions`.
    pub(crate) body: Value,
}

impl Answer {
    pub(super) fn new(status: u16, body: Value) -> Self {
        Self { status, body }
    }

    /// The data of an answer without errors.
    #[track_caller]
    pub(crate) fn data(&self) -> &Value {
        assert!(self.body.get("errors").is_none(), "it has errors: {self}");
        &self.body["data"]
    }

    /// One value of the data, by its JSON pointer: `/agreement/parties/0/name`. Must be there; may be null.
    #[track_caller]
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        let value = self.body["data"].pointer(pointer);
        value.unwrap_or_else(|| panic!("there is nothing at {pointer}: {self}"))
    }

    /// A text of the data, by its JSON pointer.
    #[track_caller]
    pub(crate) fn text(&self, pointer: &str) -> String {
        let text = self.at(pointer).as_str();
        text.unwrap_or_else(|| panic!("it is not a text at {pointer}: {self}")).to_owned()
    }

    /// The codes of the GraphQL errors, in their order.
    pub(crate) fn codes(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap_or("without a code")).collect()
    }

    /// The user errors of all mutations in it.
    pub(crate) fn user_errors(&self) -> Vec<&Value> {
        let payloads = self.body["data"].as_object().into_iter().flat_map(|data| data.values());
        payloads.filter_map(|payload| payload["userErrors"].as_array()).flatten().collect()
    }

    /// The user errors in short: `"INVALID_INPUT input.title"`.
    pub(crate) fn problems(&self) -> Vec<String> {
        let part = |part: &Value| part.as_str().unwrap_or("?").to_owned();
        let path = |error: &Value| {
            let path = error["path"].as_array().map(Vec::as_slice).unwrap_or_default();
            path.iter().map(part).collect::<Vec<_>>().join(".")
        };
        let short = |error: &Value| format!("{} {}", part(&error["code"]), path(error)).trim_end().to_owned();
        self.user_errors().into_iter().map(short).collect()
    }

    /// The `result` of the only mutation in it, which must have succeeded.
    #[track_caller]
    pub(crate) fn result(&self) -> &Value {
        assert!(self.user_errors().is_empty(), "it has user errors: {self}");
        let payloads: Vec<&Value> = self.data().as_object().into_iter().flat_map(|data| data.values()).collect();
        let [payload] = payloads.as_slice() else { panic!("it has not one payload but {}: {self}", payloads.len()) };
        assert!(!payload["result"].is_null(), "it has no result: {self}");
        &payload["result"]
    }

    /// The data is exactly this, and there are no errors.
    #[track_caller]
    pub(crate) fn is(&self, expected: Value) {
        assert_same(&json!({ "data": self.data() }), &json!({ "data": expected }), self);
    }

    /// The result of the only mutation is exactly this.
    #[track_caller]
    pub(crate) fn results_in(&self, expected: Value) {
        assert_same(self.result(), &expected, self);
    }

    /// Exactly these GraphQL errors, by their codes: `&["NOT_FOUND"]`.
    #[track_caller]
    pub(crate) fn refused(&self, codes: &[&str]) {
        assert_eq!(self.codes(), codes, "{self}");
    }

    /// Exactly these user errors and nothing done: `&["CONFLICT input.expectedVersion"]`.
    #[track_caller]
    pub(crate) fn complains(&self, problems: &[&str]) {
        assert_eq!(self.codes(), [""; 0], "{self}");
        assert_eq!(self.problems(), problems, "{self}");
        let payloads = self.data().as_object().into_iter().flat_map(|data| data.values());
        assert!(payloads.into_iter().all(|payload| payload["result"].is_null()), "it has a result: {self}");
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HTTP {} {:#}", self.status, self.body)
    }
}

#[track_caller]
fn assert_same(actual: &Value, expected: &Value, answer: &Answer) {
    assert!(actual == expected, "expected {expected:#}\n     got {actual:#}\n      in {answer}");
}
