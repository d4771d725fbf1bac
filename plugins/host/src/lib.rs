//! Runs payment providers as sandboxed components
