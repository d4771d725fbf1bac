//! Stories, browser, fault storms and benches
