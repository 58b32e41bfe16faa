//! GraphQL over WebSocket: the protocol `graphql-transport-ws`, at `/graphql/ws`.
//!
//! <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>. A socket is one task that alone reads and
//! writes. Each operation is a task of its own that hands its results over through a short queue, so that a reader
//! who is slow, or a query that is, never holds up another socket nor a transaction.

mod message;
mod operation;
mod session;

use axum::{
    extract::{
        Request, State,
        ws::{WebSocket, WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::StatusCode,
    response::{IntoResponse, Response},
};

use self::session::{Greeting, Session};
use super::{
    endpoint::MAX_BODY,
    envelope::RequestId,
    origin,
    serving::Connection,
    site::Site,
    visitor::{authorization, stranger},
};

/// The only protocol spoken here.
const PROTOCOL: &str = "graphql-transport-ws";
/// Most messages are short; the default of 128 KiB for each socket is not.
const READ_BUFFER: usize = 4_096;

/// Turns a request into a socket, if its page may call.
pub(super) async fn upgrade(
    State(site): State<Site>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    request: Request,
) -> Response {
    let headers = request.headers();
    if !origin::may_connect(site.app.settings(), headers) {
        return (StatusCode::FORBIDDEN, "Pages of this origin may not connect.\n").into_response();
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade.protocols([PROTOCOL]),
        Err(rejection) => return rejection.into_response(),
    };
    let connection = request.extensions().get::<Connection>().cloned();
    let greeting = Greeting {
        caller: stranger(&site.app, headers, connection.as_ref()),
        authorization: authorization(headers).map(str::to_owned),
        request_id: RequestId::of(request.extensions()),
        understood: upgrade.selected_protocol().is_some(),
    };
    upgrade
        .read_buffer_size(READ_BUFFER)
        .max_message_size(MAX_BODY)
        .max_frame_size(MAX_BODY)
        .on_upgrade(move |socket: WebSocket| Session::new(site, greeting, connection).attend(socket))
}
