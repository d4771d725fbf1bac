//! What nobody of the provider's has said, or not now, or not so.

use super::paying_by_debit;
use e2e::{Customer, Delivery, World};
use std::collections::BTreeMap;
use tokio::task::JoinSet;

/// A true event, before anybody has tampered with it.
async fn genuine(world: &World) -> (Customer, Delivery) {
    let (ada, charge) = paying_by_debit(world, "ada@example.com").await;
    world.simulator.succeeds(&charge).await;
    let object = world.simulator.charge(&charge).await;
    (ada, world.delivery("evt_1", "charge", &object))
}

/// Posts what is not to be believed.
async fn is_refused(world: &World, delivery: Delivery) {
    let told = format!("{:?} {}", delivery.signature, String::from_utf8_lossy(&delivery.body));
    let status = delivery.post().await;
    assert!([400, 401].contains(&status), "{status}: {told}");
    assert!(!world.has_heard("evt_1"));
}

#[test]
fn d3_forged_and_damaged_deliveries_are_refused_and_leave_nothing() {
    World::each(async |world| {
        let (ada, told) = genuine(world).await;
        let time = u64::try_from(world.wall.now().and_utc().timestamp()).unwrap();
        is_refused(world, told.with_signature(None)).await;
        for secret in ["whsec_umbra", "", "whsec_acme "] {
            is_refused(world, world.signed(secret, time, told.body.clone())).await;
        }
        let signature = told.signature.clone().unwrap();
        for place in 0..signature.len() {
            let mut damaged = signature.clone().into_bytes();
            damaged[place] ^= 1;
            let signature = Some(String::from_utf8(damaged).unwrap());
            is_refused(world, told.with_signature(signature)).await;
        }
        for place in 0..200 - signature.len() {
            let mut damaged = told.clone();
            let place = place * damaged.body.len() / (200 - signature.len());
            damaged.body[place] ^= 1;
            is_refused(world, damaged).await;
        }
        assert_eq!(world.attempts(&ada).remove(0).state.as_str(), "pending");
        assert_eq!(told.post().await, 200);
        world.settle().await;
        world.check().await;
    });
}

#[test]
fn d4_what_was_captured_is_stale_after_five_minutes_and_known_before() {
    World::each(async |world| {
        let (ada, told) = genuine(world).await;
        for seconds in [-301, 301] {
            let time = u64::try_from(world.wall.now().and_utc().timestamp() + seconds).unwrap();
            is_refused(world, world.signed("whsec_acme", time, told.body.clone())).await;
        }
        assert_eq!((told.clone().post().await, told.clone().post().await), (200, 200));
        world.wait(chrono::TimeDelta::seconds(301));
        assert_eq!(told.post().await, 401);
        world.settle().await;
        assert_eq!(world.attempts(&ada).len(), 1);
        world.check().await;
    });
}

#[test]
fn d7_what_is_no_delivery_is_refused() {
    World::each(async |world| {
        let time = u64::try_from(world.wall.now().and_utc().timestamp()).unwrap();
        let signed = |body: Vec<u8>| world.signed("whsec_acme", time, body);
        assert_eq!(signed(vec![b' '; 10 * 1024 * 1024]).post().await, 413);
        assert_eq!(signed(vec![b' '; 256 * 1024]).post().await, 400);
        assert_eq!(signed([vec![b'['; 100_000], vec![b']'; 100_000]].concat()).post().await, 400);
        assert_eq!(signed(Vec::new()).post().await, 400);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        // A bomb stays what it is: nothing unpacks a body before it is believed.
        let packed = client.post(world.webhook_url()).header("content-encoding", "gzip");
        assert_eq!(packed.body(vec![0x1f, 0x8b, 8, 0]).send().await.unwrap().status(), 401);
        for method in [reqwest::Method::GET, reqwest::Method::PUT, reqwest::Method::DELETE] {
            let answer = client.request(method, world.webhook_url()).send().await.unwrap();
            assert_eq!(answer.status(), 405);
        }
        let umbras = format!("{}/webhooks/{}", world.url(), world.account_of(&world.umbra));
        for url in
            [umbras, format!("{}/webhooks/acc_none", world.url()), format!("{}/webhooks/", world.url())]
        {
            let answer = client.post(&url).body("{}").send().await.unwrap();
            assert_eq!(answer.status(), 404, "{url}");
            assert!(answer.headers().get("set-cookie").is_none());
        }
    });
}

#[test]
fn d8_a_flood_is_turned_away_and_the_portal_answers() {
    World::each(async |world| {
        let forged = world.signed("whsec_nobody", 0, b"{}".to_vec());
        let mut under_way = JoinSet::new();
        let mut statuses = BTreeMap::<u16, usize>::new();
        for _ in 0..2_000 {
            under_way.spawn(forged.clone().post());
            if under_way.len() == 64 {
                *statuses.entry(under_way.join_next().await.unwrap().unwrap()).or_default() += 1;
            }
        }
        while let Some(status) = under_way.join_next().await {
            *statuses.entry(status.unwrap()).or_default() += 1;
        }
        assert_eq!(statuses.keys().copied().collect::<Vec<_>>(), [401, 429]);
        assert!(statuses[&401] < 600 + 64, "{statuses:?}");
        let page = world.browser().open("/login").await;
        assert_eq!(page.status, 200);
    });
}
