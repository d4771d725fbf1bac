//! What a provider component in Rust builds on
