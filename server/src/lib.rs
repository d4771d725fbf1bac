//! The portal over HTTP
