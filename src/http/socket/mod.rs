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
/// Most sockets only wait, and keep this for as long as they do: the default is 128 KiB. A longer message gets its room
/// when it comes.
const READ_BUFFER: usize = 1_024;
/// Every message is sent as it comes, so that nothing is gained by waiting for a buffer to fill.
const WRITE_BUFFER: usize = 0;

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
        .write_buffer_size(WRITE_BUFFER)
        .max_message_size(MAX_BODY)
        .max_frame_size(MAX_BODY)
        .on_upgrade(move |socket: WebSocket| {
            Box::pin(Box::new(Session::new(site, greeting, connection)).attend(socket))
        })
}
