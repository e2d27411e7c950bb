//! The engine against scripted servers, over the schema files themselves, with a clock that nobody waits for.

mod answers;
mod calls;
mod canary;
mod client_authentication;
mod client_credentials;
mod explaining;
mod fixture;
mod forgetting;
mod jwt;
mod kept;
mod lifecycle;
mod login;
mod made_up;
mod outside;
mod placements;
mod redirects;
mod session;
mod signatures;
mod wire;
