use crate::support::*;
use std::fs::OpenOptions;
use std::io::Write;

#[tokio::test]
async fn after_a_restart_everything_is_known_and_keys_still_hold() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    let charge = shop.charge("k", &card, 100).await.json();
    let refund = serde_json::json!({ "charge": charge["id"], "amount": 40, "reference": "cn_1" });
    shop.post("/v1/refunds", "r", &refund).await;
    let before = shop.ledger().await;

    let shop = shop.reopen().await;
    assert_eq!(shop.ledger().await, before);
    let again = shop.charge("k", &card, 100).await;
    assert_eq!((again.header("Idempotent-Replayed"), again.json()), ("true", charge));
    assert_eq!(shop.charges().await.len(), 1);
}

#[tokio::test]
async fn a_line_torn_by_a_kill_is_cut_off_and_the_rest_holds() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    shop.charge("k", &card, 100).await;
    let folder = shop.close().await;
    let path = folder.path().join("simulator-ledger.jsonl");
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"[{\"charge\":{\"id\":\"ch_torn\",\"sta").unwrap();

    let again = simulator::start(options(&folder)).await.unwrap();
    again.stop().await.unwrap();
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(kept.ends_with("]\n") && !kept.contains("ch_torn"));
}

#[tokio::test]
async fn a_damaged_ledger_is_refused_with_its_line() {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("simulator-ledger.jsonl"), "[]\nnonsense\n[]\n").unwrap();
    let error = simulator::start(options(&folder)).await.unwrap_err();
    assert!(error.to_string().contains("line 2"), "{error}");
}

#[tokio::test]
async fn two_simulators_never_share_a_ledger_or_a_port() {
    let shop = Shop::open().await;
    let error = simulator::start(options(&shop.folder)).await.unwrap_err();
    assert!(error.to_string().contains("another simulator"), "{error}");

    let elsewhere = tempfile::TempDir::new().unwrap();
    let mut taken = options(&elsewhere);
    taken.bind = shop.url("").trim_start_matches("http://").parse().unwrap();
    let error = simulator::start(taken).await.unwrap_err();
    assert!(matches!(error, simulator::Error::Bind { .. }), "{error}");
}
