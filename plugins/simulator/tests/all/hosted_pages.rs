use crate::support::*;
use scraper::{Html, Selector};
use serde_json::{Value, json};

async fn begin(shop: &Shop) -> Value {
    let body = json!({
        "customer_id": "cus_01", "email": "mira@okafor.example", "kind": "card", "return_url": RETURN_URL, "locale": "en",
    });
    let reply = shop.post("/v1/setups", "setup-key", &body).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

async fn state_of(shop: &Shop, setup: &Value) -> Value {
    shop.get(&format!("/v1/setups/{}", setup["id"].as_str().unwrap())).await.json()
}

fn url(setup: &Value) -> &str {
    setup["url"].as_str().unwrap()
}

fn typed(number: &str) -> [(&str, &str); 5] {
    [("number", number), ("expiry", "12 / 90"), ("cvc", "123"), ("name", "Mira Okafor"), ("do", "save")]
}

fn texts(page: &Reply, selector: &str) -> Vec<String> {
    let document = Html::parse_document(&page.text);
    let selector = Selector::parse(selector).unwrap();
    document.select(&selector).map(|element| element.text().collect::<String>()).collect()
}

#[tokio::test]
async fn a_card_without_questions_is_saved_and_the_browser_returns() {
    let shop = Shop::open().await;
    let setup = begin(&shop).await;
    assert_eq!(state_of(&shop, &setup).await["status"], "open");

    let page = shop.get(url(&setup)).await;
    assert_eq!(texts(&page, "h1"), ["Add a card"]);
    assert_eq!(texts(&page, "button"), ["Save card", "Back without saving"]);
    assert_eq!(texts(&page, ".cards code").len(), 11);

    let saved = shop.submit(url(&setup), &typed("4242 4242 4242 4242")).await;
    assert_eq!((saved.status, saved.header("Location")), (303, RETURN_URL));

    let done = state_of(&shop, &setup).await;
    assert_eq!(done["status"], "done");
    let method = &done["method"];
    assert_eq!(
        (&method["brand"], &method["last4"], &method["kind"]),
        (&json!("visa"), &json!("4242"), &json!("card"))
    );
    assert_eq!((&method["exp_month"], &method["exp_year"]), (&json!(12), &json!(2090)));
    assert!(method["customer"].as_str().unwrap().starts_with("cus_sim_"));
    assert_eq!(shop.charge("k", method["id"].as_str().unwrap(), 100).await.status, 200);

    // The back button and a second press find the visit over; nothing is saved twice.
    assert_eq!(shop.get(url(&setup)).await.status, 410);
    assert_eq!(shop.submit(url(&setup), &typed(GOOD)).await.status, 410);
    assert_eq!(shop.ledger().await["methods"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_card_has_the_same_fingerprint_and_no_number_is_kept() {
    let shop = Shop::open().await;
    let (one, two, other) = (shop.card(GOOD).await, shop.card(GOOD).await, shop.card(ALWAYS_DECLINED).await);
    let mut prints = Vec::new();
    for id in [&one, &two, &other] {
        prints.push(shop.get(&format!("/v1/methods/{id}")).await.json()["fingerprint"].clone());
    }
    assert_eq!(prints[0], prints[1]);
    assert_ne!(prints[0], prints[2]);
    begin(&shop).await;

    let folder = shop.close().await;
    let kept = std::fs::read_to_string(folder.path().join("simulator-ledger.jsonl")).unwrap();
    assert!(kept.contains("4242") && !kept.contains(GOOD), "only the last four digits are kept");
    assert!(!kept.contains("mira@"), "no address is kept");
}

#[tokio::test]
async fn the_bank_is_asked_before_a_card_that_wants_it_is_saved() {
    let shop = Shop::open().await;
    for number in [ASKS_ONCE, ALWAYS_ASKS] {
        let body = json!({ "customer": "cus_7", "customer_id": "c", "email": "", "kind": "card", "return_url": RETURN_URL });
        let setup = shop.post("/v1/setups", "", &body).await.json();
        let entered = shop.submit(url(&setup), &typed(number)).await;
        assert_eq!(entered.status, 303);
        let bank = entered.header("Location").to_owned();
        assert_eq!(texts(&shop.get(&bank).await, "button"), ["Approve", "Refuse"]);
        assert_eq!(state_of(&shop, &setup).await["status"], "open");

        let approved = shop.submit(&bank, &[("do", "approve")]).await;
        assert_eq!((approved.status, approved.header("Location")), (303, RETURN_URL));
        let done = state_of(&shop, &setup).await;
        assert_eq!((&done["status"], &done["method"]["customer"]), (&json!("done"), &json!("cus_7")));

        let charge = shop.charge(number, done["method"]["id"].as_str().unwrap(), 100).await.json();
        let expected = if number == ASKS_ONCE { "succeeded" } else { "requires_action" };
        assert_eq!(charge["status"], expected);
    }
}

#[tokio::test]
async fn a_refusal_at_the_bank_or_the_way_back_saves_nothing() {
    let shop = Shop::open().await;
    let setup = begin(&shop).await;
    let bank = shop.submit(url(&setup), &typed(ASKS_ONCE)).await.header("Location").to_owned();
    let refused = shop.submit(&bank, &[("do", "refuse")]).await;
    assert_eq!(refused.header("Location"), RETURN_URL);
    let state = state_of(&shop, &setup).await;
    assert_eq!((&state["status"], &state["failure"]), (&json!("failed"), &json!("authentication_failed")));

    let body = json!({ "customer_id": "c", "kind": "card", "return_url": RETURN_URL });
    let setup = shop.post("/v1/setups", "second", &body).await.json();
    let left = shop.submit(url(&setup), &[("do", "back")]).await;
    assert_eq!((left.status, left.header("Location")), (303, RETURN_URL));
    assert_eq!(state_of(&shop, &setup).await["failure"], "abandoned");
    assert!(shop.ledger().await["methods"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn mistakes_are_named_next_to_their_field_and_the_page_stays_open() {
    let shop = Shop::open().await;
    let setup = begin(&shop).await;
    let empty = shop.submit(url(&setup), &[("do", "save"), ("name", "<b>\"Mira\"</b>")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.text.contains("<title>Error: Add a card"));
    assert_eq!(texts(&empty, "[role=alert] li").len(), 3);
    assert_eq!(texts(&empty, "#number-error"), ["Enter a card number"]);
    assert!(!empty.text.contains("<b>\"Mira"), "what was typed is escaped");

    let wrong =
        [("number", "4242424242424241"), ("expiry", "01/20"), ("cvc", "12"), ("name", ""), ("do", "save")];
    let page = shop.submit(url(&setup), &wrong).await;
    assert_eq!(texts(&page, "#expiry-error"), ["This card has expired"]);
    assert_eq!(texts(&page, "[role=alert] li").len(), 4);
    assert!(!page.text.contains("value=\"12\""), "a security code never comes back");

    let declined = shop.submit(url(&setup), &typed(REFUSED_AT_SETUP)).await;
    assert_eq!(texts(&declined, "#number-error"), ["Your bank declined this card. Use another one"]);
    assert_eq!(shop.submit(url(&setup), &typed(GOOD)).await.status, 303);
}

#[tokio::test]
async fn a_customer_confirms_a_charge_at_the_bank() {
    let shop = Shop::open().await;
    let card = shop.card(ALWAYS_ASKS).await;
    let mut wanted = charge_of(&card, 1428);
    wanted["return_url"] = json!(RETURN_URL);
    let charge = shop.post("/v1/charges", "k", &wanted).await.json();
    let bank = charge["action_url"].as_str().unwrap();
    assert!(charge["expires_at"].as_u64() > charge["created"].as_u64());

    let page = shop.get(bank).await;
    assert_eq!(texts(&page, ".lede"), ["Pay EUR 14.28 with the card ending in 3184?"]);
    let approved = shop.submit(bank, &[("do", "approve")]).await;
    assert_eq!((approved.status, approved.header("Location")), (303, RETURN_URL));
    // A second press is harmless and leads the same way.
    assert_eq!(shop.submit(bank, &[("do", "refuse")]).await.header("Location"), RETURN_URL);

    let id = charge["id"].as_str().unwrap();
    let settled = shop.get(&format!("/v1/charges/{id}")).await.json();
    assert_eq!((&settled["status"], &settled["action_url"]), (&json!("succeeded"), &Value::Null));
    // The key still gets its first answer.
    assert_eq!(shop.post("/v1/charges", "k", &wanted).await.json(), charge);
}

#[tokio::test]
async fn a_renewal_that_asks_can_be_refused_later_and_leads_back() {
    let shop = Shop::open().await;
    let card = shop.card(ALWAYS_ASKS).await;
    let mut wanted = charge_of(&card, 1428);
    wanted["off_session"] = json!(true);
    wanted["return_url"] = json!(RETURN_URL);
    let charge = shop.post("/v1/charges", "k", &wanted).await.json();
    assert_eq!((&charge["status"], &charge["off_session"]), (&json!("requires_action"), &json!(true)));
    let bank = charge["action_url"].as_str().unwrap();
    let refused = shop.submit(bank, &[("do", "refuse")]).await;
    assert_eq!(refused.header("Location"), RETURN_URL);
    let id = charge["id"].as_str().unwrap();
    let failed = shop.get(&format!("/v1/charges/{id}")).await.json();
    assert_eq!(
        (&failed["status"], &failed["decline"]["kind"]),
        (&json!("failed"), &json!("authentication_required"))
    );
    assert_eq!(shop.get(bank).await.status, 410);
}

#[tokio::test]
async fn pages_are_strict_about_what_they_load_and_where_they_lead() {
    let shop = Shop::open().await;
    let setup = begin(&shop).await;
    let page = shop.get(url(&setup)).await;
    let policy = page.header("Content-Security-Policy");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(policy.contains("form-action 'self' http://portal.example;"), "{policy}");
    assert!(!page.text.contains("style=") && !page.text.contains("<script"));
    assert_eq!(page.header("Referrer-Policy"), "same-origin");
    for asset in ["/simulator.css", "/simulator.svg"] {
        assert_eq!(shop.get(asset).await.status, 200);
    }

    let body = json!({ "customer_id": "c", "kind": "card", "return_url": "javascript:alert(1)" });
    assert_eq!(shop.post("/v1/setups", "", &body).await.code(), "invalid_return_url");
    assert_eq!(shop.get("/setup/set_none").await.status, 404);
    assert_eq!(shop.get("/confirm/ch_none").await.status, 404);
}

#[tokio::test]
async fn the_front_page_shows_the_latest_charges_escaped() {
    let shop = Shop::open().await;
    let card = shop.card(GOOD).await;
    let mut wanted = charge_of(&card, 990);
    wanted["reference"] = json!("<script>alert(1)</script>");
    shop.post("/v1/charges", "k", &wanted).await;
    let page = shop.get("/").await;
    assert_eq!(texts(&page, "tbody td:last-child"), ["<script>alert(1)</script>"]);
    assert_eq!(texts(&page, "tbody td.amount"), ["EUR 9.90"]);
    assert_eq!(texts(&page, "script"), Vec::<String>::new());
    let cards = shop.get("/_cards").await.json();
    assert_eq!(cards[0]["number"], GOOD);
}
