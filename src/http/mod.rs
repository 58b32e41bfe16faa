//! The network: GraphQL over HTTP, WebSocket and SSE, GraphiQL, health.
