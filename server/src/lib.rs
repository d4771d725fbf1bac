//! The portal and inbound webhooks over HTTP: an actix-web library that `portico serve`, `portico demo` and the tests start.
//!
//! A request goes route, handler, use case, decision, store. Handlers never wait for money: they write the intent and
//! answer 303 to a page that looks again. Nothing here knows the database's tables.

mod answer;
mod app;
mod bill;
mod blocking;
mod cookies;
mod failure;
mod form_token;
mod host;
mod installation;
mod middleware;
mod paths;
mod portal;
mod providers;
mod refusals;
mod routes;
mod sections;
mod serve;
mod theme;
mod view;
mod visit;
mod webhooks;

pub use app::App;
pub use routes::configure;
pub use serve::{Running, start};
