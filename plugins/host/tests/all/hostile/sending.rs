//! Components that send where they may not, or more than they may.

use super::stage::{Stage, Trial};
use crate::guest::{ASKS, Fields, Guest, Image, Shown, UNSUPPORTED, charging};
use domain::provider::{CallError, Evidence, Outcome, Report};

fn words(report: &Report<Outcome>) -> String {
    report.result.as_ref().unwrap_err().to_string()
}

/// Asks for one address, which the host does not even try.
async fn is_denied(stage: &Stage, url: &str) {
    let report = stage.charge(charging(ASKS), url).await;
    assert!(matches!(report.result, Err(CallError::NotExecuted(_))), "{url}: {report:?}");
    assert_eq!(report.evidence, Evidence::default(), "{url}");
}

pub fn asks_the_metadata_service(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        for host in ["169.254.169.254", "2852039166", "[::ffff:169.254.169.254]", "metadata.google.internal"]
        {
            is_denied(stage, &format!("http://{host}/latest/meta-data/")).await;
        }
    })
}

/// The portal, the database and the mail server listen beside the granted service.
pub fn asks_our_own_ports(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        is_denied(stage, &format!("{}/admin", stage.door.url())).await;
        is_denied(stage, &format!("http://localhost:{}/admin", stage.door.address().port())).await;
    })
}

/// The name leads outside when it is checked, and inside when it is asked again.
pub fn rebinds_a_name(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let shown = Shown { hosts: &["rebinding.example.com"], lookup_posts: &[], token_url: None };
        let twice = format!("(drop (call $ask (local.get 0))) {ASKS}");
        let more = format!("(func $ask (param i32) (result i32) {ASKS})");
        let guest = Guest { shown, more, ..charging(&twice) };
        let report = stage.charge(guest, "https://rebinding.example.com/").await;
        assert!(words(&report).contains("no connection"), "{report:?}");
        assert_eq!(report.evidence.exchanges.len(), 2);
    })
}

pub fn is_redirected_inside(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let url = format!("{}/redirect?{}", stage.service.url(), stage.door.url());
        let report = stage.charge(charging(ASKS), &url).await;
        let statuses: Vec<_> = report.evidence.exchanges.iter().map(|exchange| exchange.status).collect();
        assert_eq!(statuses, [Some(302)], "the answer is the component's to read, and nobody's to follow");
    })
}

pub fn asks_a_host_it_did_not_name(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        is_denied(stage, "https://rebinding.example.com/").await;
        is_denied(stage, "https://evil.example/").await;
    })
}

/// A thousand ports of this machine, one after the other.
pub fn scans_ports(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let mut image = Image::at(4096);
        let [url, length] = image.text("http://127.0.0.1:10000/");
        let [hundreds, tens, ones] = [url + 19, url + 20, url + 21];
        let digit = |at: u32, next: &str| {
            format!(
                "(i32.store8 (i32.const {at}) (i32.add (i32.load8_u (i32.const {at})) (i32.const 1)))
                (if (i32.gt_u (i32.load8_u (i32.const {at})) (i32.const 57)) (then
                    (i32.store8 (i32.const {at}) (i32.const 48)) {next}))"
            )
        };
        let next = digit(ones, &digit(tens, &digit(hundreds, "")));
        let scan = format!(
            "(local $n i32)
            (loop $more
                (call $get (i32.const {url}) (i32.const {length}))
                (if (i32.eqz (i32.load8_u (i32.const 256))) (then unreachable))
                {next}
                (local.set $n (i32.add (local.get $n) (i32.const 1)))
                (br_if $more (i32.lt_u (local.get $n) (i32.const 1000))))
            (call $told)"
        );
        let report = stage.charge(Guest { image, ..charging(&scan) }, "").await;
        assert!(words(&report).contains("the manifest does not name this host"), "{report:?}");
        assert_eq!(report.evidence, Evidence::default());
    })
}

pub fn floods_its_service(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let before = stage.service.asked("/flood");
        let flood = format!(
            "(local $n i32)
            (loop $more
                (drop (call $ask (local.get 0)))
                (local.set $n (i32.add (local.get $n) (i32.const 1)))
                (br_if $more (i32.lt_u (local.get $n) (i32.const 10000))))
            {UNSUPPORTED}"
        );
        let more = format!("(func $ask (param i32) (result i32) {ASKS})");
        let url = format!("{}/flood", stage.service.url());
        let report = stage.charge(Guest { more, ..charging(&flood) }, &url).await;
        assert!(report.result.is_err(), "{report:?}");
        assert_eq!(stage.service.asked("/flood") - before, 20);
    })
}

pub fn reads_without_end(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let url = format!("{}/huge", stage.service.url());
        let report = stage.charge(charging(ASKS), &url).await;
        assert!(words(&report).contains("larger than a call may read"), "{report:?}");
        assert!(report.evidence.exchanges[0].received < 3 * 1024 * 1024);
    })
}

pub fn reads_drop_by_drop(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let url = format!("{}/drip", stage.service.url());
        let report = stage.charge(charging(ASKS), &url).await;
        assert!(words(&report).contains("no answer in time"), "{report:?}");
    })
}

/// A charge that sends one header to the service.
fn with_header(name: &str, value: &str) -> Guest<'static> {
    let mut image = Image::at(4096);
    let mut header = Fields::default();
    header.pair(image.text(name)).pair(image.text(value));
    let headers = image.put(&header.0);
    let send = format!(
        "(call $with (i32.const 1) (i32.load (i32.add (local.get 0) (i32.const 68)))
            (i32.load (i32.add (local.get 0) (i32.const 72))) (i32.const {headers}) (i32.const 1))
        (call $told)"
    );
    Guest { image, ..charging(&send) }
}

/// The header is refused, and the request does not leave.
async fn cannot_set(stage: &Stage, name: &str, value: &str) {
    let asked = stage.service.heads().len();
    let report = stage.charge(with_header(name, value), &stage.service.url()).await;
    assert!(words(&report).contains("header"), "{name:?}: {report:?}");
    assert_eq!(report.evidence, Evidence::default(), "{name:?}");
    assert_eq!(stage.service.heads().len(), asked, "{name:?}");
}

pub fn splits_headers(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        cannot_set(stage, "x-a", "b\r\nhost: evil.example").await;
        cannot_set(stage, "x-a", "b\nx-c: d").await;
        cannot_set(stage, "x-a\r\nhost", "evil.example").await;
    })
}

pub fn sets_the_hosts_headers(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        for name in ["Host", "TE", "Transfer-Encoding", "Content-Length", "Connection", "Proxy-Authorization"]
        {
            cannot_set(stage, name, "1").await;
        }
        cannot_set(stage, "idempotency-key", "mine").await;
    })
}

/// The service never answers, and the component asks it again and again.
pub fn hangs_in_a_host_call(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let hang = "(loop $again (drop (call $ask (local.get 0))) (br $again)) unreachable";
        let more = format!("(func $ask (param i32) (result i32) {ASKS})");
        let url = format!("{}/hang", stage.service.url());
        let report = stage.charge(Guest { more, ..charging(hang) }, &url).await;
        assert!(words(&report).contains("took too long"), "{report:?}");
    })
}
