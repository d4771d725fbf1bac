//! Changes of a running subscription: another plan, other quantities, other add-ons.
//!
//! A change's target is a whole set of items. What it costs follows from what was billed, never from what the old
//! items cost today, so that a second change in a period is as right as the first.

pub mod behaviour;
pub mod decide;
pub mod direction;
pub mod pending;
pub mod prorate;
pub mod quote;
pub mod target;
