//! The points at which a test may end the process.

use crate::shop::*;
use std::sync::Mutex;

static PASSED: Mutex<Vec<String>> = Mutex::new(Vec::new());
// Calls of other tests in this process are told, too: only what this thread passes counts.
thread_local! { static WATCHED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) }; }

fn note(point: &str) {
    if WATCHED.get() {
        PASSED.lock().unwrap().push(point.to_owned());
    }
}

#[tokio::test]
async fn a_charge_passes_each_point_once_and_in_order() {
    plugin_host::tell_points(note);
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    WATCHED.set(true);
    shop.charge("key-1", &card, 1428).await.result.unwrap();
    let points =
        ["call.before_connect", "call.after_write", "call.after_response", "call.after_plugin_return"];
    assert_eq!(*PASSED.lock().unwrap(), points);
}
