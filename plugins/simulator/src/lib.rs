//! A payment service with its own ledger, for demo and tests
