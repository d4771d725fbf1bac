//! Stories over real HTTP: each starts its own simulator on a free port.

mod charging;
mod faults;
mod hosted_pages;
mod ledger;
mod support;
