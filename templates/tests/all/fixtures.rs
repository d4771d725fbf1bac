//! Every page and mail in every state worth looking at, for the tests and the gallery.
#![allow(clippy::unwrap_used, reason = "the fixtures' own dates and currencies are right")]

use chrono::{NaiveDate, NaiveDateTime};
use domain::discount::{Coupon, Lasts, Off};
use domain::invoice::formula::{Formula, LineFormula};
use domain::money::Money;
use domain::reminder::WinBackMail;
use templates::flash::Flash;
use templates::page::*;
use templates::theme::{self, Look};
use templates::{Lang, Renderer, TemplateError, email};

/// A page: file name and HTML.
pub type Shown = (String, String);

pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub fn at(year: i32, month: u32, d: u32, hour: u32, minute: u32) -> NaiveDateTime {
    day(year, month, d).and_hms_opt(hour, minute, 0).unwrap()
}

pub fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap())
}

pub fn method(kind: &str, brand: &str, last4: &str) -> Method {
    Method { kind: kind.into(), brand: brand.into(), last4: last4.into() }
}

pub fn visa() -> Method {
    method("card", "visa", "4242")
}

pub fn mastercard() -> Method {
    method("card", "mastercard", "8210")
}

fn sepa() -> Method {
    method("sepa", "", "3000")
}

pub fn shell(lang: Lang, current: Option<Section>) -> Shell {
    let signed_in = current.is_some();
    let sections = [
        Section::Overview,
        Section::Subscriptions,
        Section::PaymentMethods,
        Section::Billing,
        Section::Addresses,
        Section::Profile,
        Section::Contact,
    ];
    Shell {
        brand: Brand {
            name: "Fieldnote".into(),
            logo_url: None,
            website_url: Some("https://fieldnote.example/".into()),
            support_url: Some("https://fieldnote.example/help".into()),
            terms_url: Some("https://fieldnote.example/terms".into()),
            privacy_url: Some("https://fieldnote.example/privacy".into()),
        },
        lang,
        languages: ["en", "de"].into_iter().filter_map(Lang::parse).collect(),
        sections: if signed_in { sections.to_vec() } else { Vec::new() },
        current,
        csrf: "csrf-7Q2".into(),
        flash: None,
        customer: signed_in.then(|| "amara@okafor.example".into()),
        theme_url: theme::stylesheet(&Look::default()).url,
        test_mode: None,
        path: "/".into(),
    }
}

/// Renders pages for one language and keeps them under their names.
struct Gallery<'a> {
    renderer: &'a Renderer,
    lang: Lang,
    shown: Vec<Shown>,
}

impl Gallery<'_> {
    fn solo(&mut self, name: &str, page: &impl Page) -> Result<(), TemplateError> {
        self.with(name, shell(self.lang, None), page)
    }

    fn app(&mut self, name: &str, section: Section, page: &impl Page) -> Result<(), TemplateError> {
        self.with(name, shell(self.lang, Some(section)), page)
    }

    fn with(&mut self, name: &str, shell: Shell, page: &impl Page) -> Result<(), TemplateError> {
        let html = self.renderer.page(&shell, page).map_err(|e| named(name, e))?;
        self.shown.push((name.to_owned(), html));
        Ok(())
    }
}

fn named(name: &str, error: TemplateError) -> TemplateError {
    TemplateError::File { name: name.to_owned(), error: error.to_string() }
}

/// Every page in every state, in `lang`.
pub fn pages(renderer: &Renderer, lang: Lang) -> Result<Vec<Shown>, TemplateError> {
    let mut gallery = Gallery { renderer, lang, shown: Vec::new() };
    signing_in(&mut gallery)?;
    overviews(&mut gallery)?;
    subscriptions(&mut gallery)?;
    cancelling(&mut gallery)?;
    changing(&mut gallery)?;
    paying(&mut gallery)?;
    methods(&mut gallery)?;
    billing(&mut gallery)?;
    account(&mut gallery)?;
    errors(&mut gallery)?;
    notices(&mut gallery)?;
    Ok(gallery.shown)
}

fn signing_in(g: &mut Gallery<'_>) -> Result<(), TemplateError> {
    let email = || "amara@okafor.example".to_owned();
    let sign_in = |error| SignIn { email: "amara@okafor".into(), error, return_to: Some("/billing".into()) };
    g.solo("sign-in", &SignIn::default())?;
    g.solo("sign-in-empty", &SignIn { error: Some(SignInError::Empty), ..SignIn::default() })?;
    g.solo("sign-in-malformed", &sign_in(Some(SignInError::Malformed)))?;
    g.solo("sign-in-too-many", &sign_in(Some(SignInError::TooMany { minutes: 12 })))?;
    g.solo("sign-in-mail-down", &sign_in(Some(SignInError::MailDown)))?;
    g.with(
        "sign-in-signed-out",
        Shell { flash: Some(Flash::SignedOut), ..shell(g.lang, None) },
        &SignIn::default(),
    )?;
    g.with(
        "sign-in-ended",
        Shell { flash: Some(Flash::SessionEnded), ..shell(g.lang, None) },
        &SignIn::default(),
    )?;
    g.solo("link-sent", &LinkSent { email: email(), valid_minutes: 30, wait_s: 60 })?;
    let confirm = |code, remember_days, other| Confirm {
        action: "/auth/u7Kq2vXh9mT4sPzL0cRb8A".into(),
        email: email(),
        code,
        remember_days,
        other,
    };
    g.solo("confirm", &confirm(None, Some(30), None))?;
    g.solo("confirm-other", &confirm(None, None, Some("jonas@weidner.example".into())))?;
    g.solo("confirm-code", &confirm(Some(CodeField::default()), None, None))?;
    g.solo("confirm-code-empty", &confirm(Some(CodeField { error: Some(CodeError::Empty) }), None, None))?;
    let wrong = Some(CodeField { error: Some(CodeError::Wrong { left: 3 }) });
    g.solo("confirm-code-wrong", &confirm(wrong, Some(30), None))?;
    for (name, done) in [("unsubscribe", false), ("unsubscribed", true)] {
        g.solo(name, &Unsubscribe { action: "/unsubscribe/x".into(), email: email(), done })?;
    }
    g.solo("link-expired", &LinkExpired { email: email() })?;
    g.solo("link-unknown", &LinkExpired::default())?;
    let test_mode =
        TestMode { today: day(2026, 11, 24), clock_controls: true, mailbox_url: Some("/mailbox".into()) };
    g.with("sign-in-test", Shell { test_mode: Some(test_mode), ..shell(g.lang, None) }, &SignIn::default())
}

fn monthly(minor: i64) -> Price {
    Price { amount: eur(minor), unit: IntervalUnit::Month, count: 1 }
}

fn row(id: &str, name: &str, state: SubscriptionState, price: Price) -> SubscriptionRow {
    SubscriptionRow { id: id.into(), name: name.into(), state, price }
}

fn on_hold() -> SubscriptionState {
    SubscriptionState::OnHold { overdue: Some(eur(1428)), since: day(2026, 11, 20) }
}

fn active() -> SubscriptionState {
    SubscriptionState::Active { renews_on: day(2026, 12, 14) }
}

fn past_due(next_try: Option<NaiveDate>) -> SubscriptionState {
    SubscriptionState::PastDue { overdue: eur(5831), since: day(2026, 11, 14), next_try }
}

fn ended_row() -> SubscriptionRow {
    row("sub_solo", "Fieldnote Solo", SubscriptionState::Ended { on: day(2025, 3, 14) }, monthly(900))
}

fn every_state() -> Vec<SubscriptionRow> {
    let yearly = Price { amount: eur(49_000), unit: IntervalUnit::Year, count: 1 };
    let quarterly = Price { amount: eur(13_500), unit: IntervalUnit::Month, count: 3 };
    vec![
        row("sub_team", "Fieldnote Team", active(), monthly(4900)),
        row("sub_archive", "Archive Storage", on_hold(), monthly(1200)),
        row(
            "sub_trial",
            "Fieldnote Transcribe",
            SubscriptionState::Trial { until: day(2026, 12, 3) },
            monthly(800),
        ),
        row(
            "sub_trial_end",
            "Scan",
            SubscriptionState::TrialEnding { until: day(2026, 12, 3) },
            monthly(300),
        ),
        row(
            "sub_ending",
            "Fieldnote Studio",
            SubscriptionState::Ending { ends_on: day(2026, 12, 14) },
            yearly.clone(),
        ),
        row("sub_due", "Backup", past_due(Some(day(2026, 11, 27))), quarterly.clone()),
        row("sub_due2", "Backup Plus", past_due(None), quarterly),
        row(
            "sub_hold2",
            "Maps",
            SubscriptionState::OnHold { overdue: None, since: day(2026, 11, 20) },
            yearly,
        ),
        row(
            "sub_paused",
            "Atlas",
            SubscriptionState::Paused { continues_on: Some(day(2027, 1, 1)) },
            monthly(500),
        ),
        row("sub_paused2", "Atlas Pro", SubscriptionState::Paused { continues_on: None }, monthly(500)),
        row("sub_new", "Fieldnote Print", SubscriptionState::Incomplete, monthly(700)),
    ]
}

fn payment(
    id: &str,
    date: NaiveDate,
    what: &str,
    method: Method,
    status: PaymentStatus,
    minor: i64,
) -> PaymentRow {
    let to = date + chrono::Days::new(29);
    PaymentRow {
        id: id.into(),
        date,
        description: what.into(),
        period: Some(Period { from: date, to }),
        method: Some(method),
        status,
        amount: eur(minor),
        invoice_number: matches!(status, PaymentStatus::Paid | PaymentStatus::Refunded)
            .then(|| "FN-2026-1184".into()),
        payable: matches!(status, PaymentStatus::Failed | PaymentStatus::Due),
    }
}

fn payments() -> Vec<PaymentRow> {
    use PaymentStatus::*;
    vec![
        payment("inv_1", day(2026, 11, 20), "Archive Storage", mastercard(), Failed, 1428),
        payment("inv_2", day(2026, 11, 14), "Fieldnote Team", visa(), Paid, 5831),
        payment("inv_3", day(2026, 10, 20), "Archive Storage", mastercard(), Paid, 1428),
        payment("inv_4", day(2026, 10, 14), "Fieldnote Team", visa(), Paid, 5831),
        payment("inv_5", day(2026, 9, 28), "Onboarding workshop", sepa(), Refunded, 24_000),
        payment("inv_6", day(2026, 9, 20), "Archive Storage", mastercard(), Processing, 1428),
        payment("inv_7", day(2026, 9, 14), "Fieldnote Team", visa(), Due, 5831),
        payment("inv_8", day(2026, 8, 14), "Fieldnote Team", visa(), PartlyRefunded, 1_205_831),
        payment("inv_9", day(2026, 7, 14), "Fieldnote Team", visa(), Void, 5831),
    ]
}

fn method_rows() -> Vec<MethodRow> {
    let row =
        |id: &str, method, is_default, expiry: Option<(u8, u16)>, health, used_for: &[&str]| MethodRow {
            id: id.into(),
            method,
            is_default,
            expiry: expiry.map(|(month, year)| Expiry { month, year }),
            health,
            used_for: used_for.iter().map(|name| (*name).to_owned()).collect(),
        };
    let both = ["Fieldnote Team", "Fieldnote Transcribe"];
    vec![
        row("pm_visa", visa(), true, Some((8, 2028)), MethodHealth::Good, &both),
        row("pm_mc", mastercard(), false, Some((10, 2026)), MethodHealth::Expired, &["Archive Storage"]),
        row(
            "pm_amex",
            method("card", "amex", "0005"),
            false,
            Some((12, 2026)),
            MethodHealth::ExpiresSoon,
            &[],
        ),
        row("pm_paypal", method("paypal", "", ""), false, None, MethodHealth::Good, &[]),
        row("pm_sepa", sepa(), false, None, MethodHealth::NeedsConfirmation, &[]),
        row("pm_other", method("upi", "", "77"), false, None, MethodHealth::Good, &[]),
    ]
}

fn contact() -> Contact {
    Contact {
        name: "Jonas Weidner".into(),
        role: "Customer success".into(),
        email: "jonas@fieldnote.example".into(),
        phone: "+49 30 1234 5678".into(),
        hours: "Mon–Fri, 9–17".into(),
    }
}

fn line(what: &str, period: bool, minor: i64) -> Line {
    let period = period.then(|| Period { from: day(2026, 12, 14), to: day(2027, 1, 13) });
    let formula = LineFormula(vec![Formula::Full { quantity: 1, unit_amount: minor }]);
    let why = Some(Why { formula, currency: eur(0).currency, contained: None });
    Line { description: what.into(), period, amount: eur(minor), why }
}

fn vat(minor: i64) -> Tax {
    Tax { name: None, rate: "19".into(), on: eur(4900), amount: eur(minor) }
}

pub fn bill() -> Bill {
    Bill {
        lines: vec![line("Fieldnote Team", true, 4900)],
        taxes: vec![vat(931)],
        total: eur(5831),
        settled: Vec::new(),
        due: eur(5831),
    }
}

fn failure() -> Failure {
    Failure { method: mastercard(), on: day(2026, 11, 20), reason: FailureReason::ExpiredCard }
}

fn hold_problem() -> Problem {
    Problem::OnHold {
        subscription_id: "sub_archive".into(),
        product: "Archive Storage".into(),
        amount: Some(eur(1428)),
        failure: Some(failure()),
    }
}

fn failed_problem(next_try: Option<NaiveDate>, failure: Option<Failure>) -> Problem {
    Problem::PaymentFailed {
        invoice_id: "inv_1".into(),
        product: "Fieldnote Team".into(),
        amount: eur(5831),
        failure,
        next_try,
    }
}

pub fn overview() -> Overview {
    Overview {
        problems: vec![hold_problem()],
        changes: vec![scheduled_change()],
        next_payment: Some(NextPayment {
            amount: eur(5831),
            due: day(2026, 12, 14),
            in_days: 20,
            lines: vec![line("Fieldnote Team", false, 4900)],
            taxes: vec![vat(931)],
            method: Some(visa()),
        }),
        subscriptions: Some(every_state().into_iter().take(3).collect()),
        ended: vec![ended_row()],
        payments: Some(payments().into_iter().take(4).collect()),
        methods: Some(method_rows().into_iter().take(2).collect()),
        contact: Some(contact()),
    }
}

fn overviews(g: &mut Gallery<'_>) -> Result<(), TemplateError> {
    g.app("overview", Section::Overview, &overview())?;
    let empty = Overview {
        problems: Vec::new(),
        changes: Vec::new(),
        next_payment: None,
        subscriptions: Some(Vec::new()),
        ended: Vec::new(),
        payments: Some(Vec::new()),
        methods: Some(Vec::new()),
        contact: None,
    };
    g.app("overview-empty", Section::Overview, &empty)?;
    let nothing_switched_on = Overview { subscriptions: None, payments: None, methods: None, ..empty };
    g.app("overview-sections-off", Section::Overview, &nothing_switched_on)?;
    let problems = vec![
        failed_problem(Some(day(2026, 11, 27)), Some(failure())),
        Problem::ConfirmPayment {
            invoice_id: "inv_1".into(),
            product: "Fieldnote Team".into(),
            amount: eur(5831),
        },
        Problem::CardExpires {
            method: visa(),
            month: day(2026, 12, 1),
            product: "Fieldnote Team".into(),
            renews_on: day(2027, 1, 14),
        },
        Problem::TrialNeedsMethod { product: "Fieldnote Transcribe".into(), until: day(2026, 11, 27) },
    ];
    let mut page = Overview { problems, ..overview() };
    if let Some(next) = &mut page.next_payment {
        (next.method, next.in_days) = (None, 1);
    }
    let flash = Some(Flash::CancellationScheduled {
        product: "Fieldnote Team".into(),
        on: day(2026, 12, 14),
        email: "amara@okafor.example".into(),
    });
    g.with("overview-problems", Shell { flash, ..shell(g.lang, Some(Section::Overview)) }, &page)?;
    let test_mode = Some(TestMode {
        today: day(2026, 11, 24),
        clock_controls: true,
        mailbox_url: Some("/mailbox".into()),
    });
    g.with("overview-test", Shell { test_mode, ..shell(g.lang, Some(Section::Overview)) }, &overview())
}

pub fn subscription(state: SubscriptionState) -> SubscriptionPage {
    SubscriptionPage {
        id: "sub_01jq8zk2mq41".into(),
        name: "Fieldnote Team".into(),
        state,
        price: monthly(4900),
        quantity: 1,
        addons: vec!["2 × Archive Storage".into()],
        started: day(2025, 3, 14),
        period: Some(Period { from: day(2026, 11, 14), to: day(2026, 12, 13) }),
        minimum_term: None,
        next_invoice: Some(NextInvoice { on: day(2026, 12, 14), bill: bill() }),
        problem: None,
        change: None,
        payments: payments().into_iter().filter(|p| p.description == "Fieldnote Team").collect(),
        more_payments: true,
        benefits: benefits(),
        method: method_rows().into_iter().next(),
        own_method: false,
        billing_address: Some(address()),
        billing_email: "amara@okafor.example".into(),
        can_change: true,
        can_cancel: true,
        can_resume: false,
    }
}

fn benefits() -> Vec<Benefit> {
    let device = |id: &str, name: &str| LicensedDevice { id: id.into(), name: name.into() };
    let license = |shown, revoked, devices, limit| License {
        id: "lic_01jq8zk2mq41".into(),
        key: if shown {
            "FN7K2-3M8KQ-0R40M-30E20-R9QX2"
        } else {
            "FN7K2-•••••-•••••-•••••-R9QX2"
        }
        .into(),
        shown,
        revoked,
        devices,
        limit,
    };
    let benefit = |name: &str, open, license| Benefit { name: name.into(), open, license };
    let two = vec![device("act_1", "Amara's laptop"), device("act_2", "Reception")];
    vec![
        benefit("Export", true, None),
        benefit("Priority support", false, None),
        benefit("Desktop app", true, Some(license(false, false, two, Some(3)))),
        benefit("Plugin", true, Some(license(true, false, Vec::new(), None))),
        benefit("Old app", true, Some(license(false, true, Vec::new(), None))),
    ]
}

fn address() -> Address {
    Address {
        name: "Amara Okafor".into(),
        company: "Okafor Architects GmbH".into(),
        lines: vec!["Lindenstraße 41".into(), String::new()],
        postal_code: "10969".into(),
        city: "Berlin".into(),
        region: String::new(),
        country: "DE".into(),
        tax_id: "DE299104772".into(),
    }
}

fn subscriptions(g: &mut Gallery<'_>) -> Result<(), TemplateError> {
    let s = Section::Subscriptions;
    g.app("subscriptions", s, &SubscriptionList { current: every_state(), ended: vec![ended_row()] })?;
    g.app("subscriptions-empty", s, &SubscriptionList { current: Vec::new(), ended: Vec::new() })?;
    g.app("subscription", s, &subscription(active()))?;
    let mut changing = subscription(active());
    changing.change = Some(scheduled_change());
    g.app("subscription-changing", s, &changing)?;
    changing.change = Some(ScheduledChange { can_undo: false, ..scheduled_change() });
    g.app("subscription-changing-off", s, &changing)?;
    let mut ending = subscription(SubscriptionState::Ending { ends_on: day(2026, 12, 14) });
    (ending.can_cancel, ending.can_resume, ending.next_invoice) = (false, true, None);
    g.app("subscription-ending", s, &ending)?;
    ending.state = SubscriptionState::TrialEnding { until: day(2026, 12, 3) };
    g.app("subscription-trial-ending", s, &ending)?;
    let mut held = subscription(on_hold());
    (held.problem, held.next_invoice, held.period) = (Some(hold_problem()), None, None);
    g.app("subscription-on-hold", s, &held)?;
    held.state = SubscriptionState::OnHold { overdue: None, since: day(2026, 11, 20) };
    held.problem = Some(Problem::OnHold {
        subscription_id: held.id.clone(),
        product: held.name.clone(),
        amount: None,
        failure: None,
    });
    g.app("subscription-on-hold-trial", s, &held)?;
    let mut due = subscription(past_due(None));
    (due.problem, due.minimum_term, due.quantity, due.own_method) =
        (Some(failed_problem(None, None)), Some(day(2027, 3, 14)), 5, true);
    g.app("subscription-past-due", s, &due)?;
    let mut ended = subscription(SubscriptionState::Ended { on: day(2026, 3, 14) });
    (ended.can_cancel, ended.next_invoice, ended.period) = (false, None, None);
    (ended.method, ended.billing_address, ended.payments) = (None, None, Vec::new());
    g.app("subscription-ended", s, &ended)?;
    let choose = |selected: Option<&str>, default, methods| ChooseMethod {
        subscription_id: "sub_team".into(),
        product: "Fieldnote Team".into(),
        methods,
        selected: selected.map(str::to_owned),
        default,
        can_add: true,
    };
    g.app("choose-method", s, &choose(None, Some(visa()), choices()))?;
    g.app("choose-method-own", s, &choose(Some("pm_mc"), Some(visa()), choices()))?;
    g.app("choose-method-empty", s, &choose(None, None, Vec::new()))
}

fn choices() -> Vec<MethodChoice> {
    let expiry = Some(Expiry { month: 8, year: 2028 });
    vec![
        MethodChoice { id: "pm_visa".into(), method: visa(), is_default: true, expiry, failed_on: None },
        MethodChoice {
            id: "pm_mc".into(),
            method: mastercard(),
            is_default: false,
            expiry,
            failed_on: Some(day(2026, 11, 20)),
        },
        MethodChoice {
            id: "pm_sepa".into(),
            method: sepa(),
            is_default: false,
            expiry: None,
            failed_on: None,
        },
    ]
}

fn reasons() -> Vec<String> {
    let words = [
        "too_expensive",
        "missing_features",
        "switched_service",
        "unused",
        "customer_service",
        "low_quality",
        "too_complex",
        "other",
    ];
    words.map(str::to_owned).to_vec()
}

fn cancel(state: SubscriptionState, options: Vec<CancelOption>) -> CancelDialog {
    CancelDialog {
        subscription: subscription(state),
        cancel: Cancel {
            options,
            timing: "period_end".into(),
            reasons: reasons(),
            reason_required: false,
            reason: String::new(),
            comment: String::new(),
            email: "amara@okafor.example".into(),
            reason_missing: false,
            preview_id: "prv_1".into(),
        },
    }
}

fn cancelling(g: &mut Gallery<'_>) -> Result<(), TemplateError> {
    let on = day(2026, 12, 14);
    let s = Section::Subscriptions;
    let period_end = || CancelOption::PeriodEnd { on };
    let now = |refund, method| CancelOption::Now { unused_days: 20, refund, method };
    g.app("cancel", s, &cancel(active(), vec![period_end(), now(None, None)]))?;
    let refund = now(Some(eur(3267)), Some(visa()));
    g.app("cancel-refund", s, &cancel(active(), vec![period_end(), refund]))?;
    g.app("cancel-period-end", s, &cancel(active(), vec![period_end()]))?;
    g.app("cancel-now", s, &cancel(active(), vec![now(Some(eur(3267)), None)]))?;
    let contract = CancelOption::ContractEnd { on, payments: 4, amount: eur(5831) };
    g.app("cancel-contract", s, &cancel(active(), vec![contract]))?;
    let trial = || SubscriptionState::Trial { until: day(2026, 12, 3) };
    g.app("cancel-trial-end", s, &cancel(trial(), vec![CancelOption::TrialEnd { on: day(2026, 12, 3) }]))?;
    g.app("cancel-trial-now", s, &cancel(trial(), vec![CancelOption::TrialNow]))?;
    g.app("cancel-on-hold", s, &cancel(on_hold(), vec![CancelOption::Unpaid { open: Some(eur(1428)) }]))?;
    g.app("cancel-nothing-open", s, &cancel(on_hold(), vec![CancelOption::Unpaid { open: None }]))?;
    let mut refused = cancel(active(), vec![period_end(), now(None, None)]);
    refused.cancel.reason_required = true;
    refused.cancel.reason_missing = true;
    refused.cancel.timing = "now".into();
    refused.cancel.comment = "We moved to another tool <b>last</b> week.".into();
    g.app("cancel-reason-missing", s, &refused)
}

pub fn scheduled_change() -> ScheduledChange {
    ScheduledChange {
        subscription_id: "sub_team".into(),
        on: day(2026, 12, 14),
        parts: vec!["3 × Fieldnote Solo".into(), "Archive Storage".into()],
        price: monthly(6900),
        can_undo: true,
    }
}

fn plan_choices() -> Vec<PlanChoice> {
    let plan = |name: &str, minor, way| PlanChoice {
        id: format!("price_{minor}"),
        name: format!("Fieldnote {name}"),
        description: format!("What {name} is good for."),
        price: monthly(minor),
        way,
    };
    vec![
        plan("Solo", 1900, Some(Way::Downgrade)),
        plan("Team", 4900, None),
        plan("Crew", 4901, Some(Way::Lateral)),
        PlanChoice { description: String::new(), ..plan("Studio", 9900, Some(Way::Upgrade)) },
    ]
}

/// 20 of 30 days of Studio, for what is left of Team.
pub fn review() -> ChangeReview {
    let bill = Bill {
        lines: vec![line("Fieldnote Team", true, -3267), line("Fieldnote Studio", true, 6600)],
        taxes: vec![vat(633)],
        total: eur(3966),
        settled: Vec::new(),
        due: eur(3966),
    };
    ChangeReview {
        subscription_id: "sub_team".into(),
        product: "Fieldnote Team".into(),
        parts: vec!["Fieldnote Studio".into()],
        effect: ChangeEffect::Now,
        due: bill.due,
        bill: Some(bill),
        renewal: Renewal { on: day(2026, 12, 14), price: monthly(11_781), taxed: true },
        method: Some(visa()),
        can_choose_method: true,
        minutes: 15,
        ticket: "ticket.mac".into(),
        error: None,
    }
}

fn changing(g: &mut Gallery<'_>) -> Result<(), TemplateError> {
    let s = Section::Subscriptions;
    let addon = AddonChoice {
        id: "price_archive".into(),
        name: "Archive Storage".into(),
        price: Some(monthly(1200)),
        quantity: "1".into(),
    };
    let calls = AddonChoice { id: "price_calls".into(), name: "Calls".into(), price: None, ..addon.clone() };
    let choose = |error| ChangePlan {
        subscription_id: "sub_team".into(),
        product: "Fieldnote Team".into(),
        plans: plan_choices(),
        selected: "price_4900".into(),
        quantity: Some("3".into()),
        addons: vec![addon.clone(), calls.clone()],
        error,
    };
    g.app("change", s, &choose(None))?;
    g.app("change-one-number", s, &ChangePlan { quantity: None, addons: Vec::new(), ..choose(None) })?;
    let errors =
        [ChoiceError::Same, ChoiceError::Quantity, ChoiceError::OtherInterval, ChoiceError::NotOffered];
    for (number, error) in errors.into_iter().enumerate() {
        g.app(&format!("change-refused-{number}"), s, &choose(Some(error)))?;
    }
    g.app("change-review", s, &review())?;
    let bill = review().bill.map(|bill| bill.settled_by(SettledBy::Balance, 500));
    g.app("change-review-balance", s, &ChangeReview { bill, due: eur(3466), ..review() })?;
    let effects = [
        ("later", ChangeEffect::Later { on: day(2026, 12, 14) }),
        ("trial", ChangeEffect::Trial { until: day(2026, 12, 3) }),
        ("now", ChangeEffect::Now),
    ];
    for (name, effect) in effects {
        let page = ChangeReview { effect, bill: None, due: eur(0), method: None, ..review() };
        g.app(&format!("change-review-{name}"), s, &page)?;
    }
    let until = day(2027, 11, 24);
    g.app(
        "change-review-period",
        s,
        &ChangeReview { effect: ChangeEffect::NewPeriod { until }, ..review() },
    )?;
    let next = ChangeReview { effect: ChangeEffect::NextInvoice, due: eur(0), ..review() };
    g.app("change-review-next", s, &next)?;
    let back = Bill { total: eur(-3966), due: eur(-3966), ..review().bill.unwrap() };
    let back = back.settled_by(SettledBy::ToBalance, -3966);
    g.app("change-review-credit", s, &ChangeReview { due: eur(0), bill: Some(back), ..review() })?;
    g.app("change-review-no-method", s, &ChangeReview { method: None, ..review() })?;
    let off = ChangeReview { method: None, can_choose_method: false, ..review() };
    g.app("change-review-methods-off", s, &off)?;
    let changed = Some(ReviewError::AmountChanged { from: eur(3966), to: eur(4000) });
    g.app("change-review-changed", s, &ChangeReview { error: changed, ..review() })?;
    g.app("change-review-outdated", s, &ChangeReview { error: Some(ReviewError::Outdated), ..review() })
}

fn paying(g: &mut Gallery<'_>) -> Result<(), TemplateError> {
    let pay = |error, reactivation| Pay {
        invoice_id: Some("inv_1".into()),
        description: "Fieldnote Team".into(),
        bill: bill(),
        methods: choices(),
        selected: Some("pm_visa".into()),
        reactivation,
        error,
        can_add: true,
        idempotency_key: "idk_1".into(),
    };
    let reactivation = |reason| {
        Some(Reactivation {
            subscription_id: "sub_archive".into(),
            product: "Archive Storage".into(),
            since: day(2026, 11, 20),
            reason,
            restarts: reason.is_none(),
        })
    };
    let b = Section::Billing;
    g.app("pay", b, &pay(None, None))?;
    g.app("pay-no-methods", b, &Pay { methods: Vec::new(), ..pay(None, None) })?;
    let failed = PayError::Failed { method: visa(), reason: FailureReason::InsufficientFunds };
    g.app("pay-failed", b, &pay(Some(failed), None))?;
    g.app("pay-no-choice", b, &Pay { selected: None, ..pay(Some(PayError::NoMethod), None) })?;
    g.app("pay-under-way", b, &pay(Some(PayError::UnderWay), None))?;
    g.app("pay-changed", b, &pay(Some(PayError::AmountChanged { from: eur(5831), to: eur(6000) }), None))?;
    g.app("reactivate", Section::Subscriptions, &pay(None, reactivation(Some(FailureReason::ExpiredCard))))?;
    g.app("reactivate-trial", Section::Subscriptions, &pay(None, reactivation(None)))?;
    let stages = [
        ("processing", PaymentStage::Processing { slow: false }),
        ("slow", PaymentStage::Processing { slow: true }),
        ("confirm", PaymentStage::NeedsConfirmation { url: "https://bank.example/3ds?id=1&x=2".into() }),
        ("failed", PaymentStage::Failed { reason: FailureReason::ProcessingError }),
        (
            "paid",
            PaymentStage::Paid {
                invoice_number: Some("FN-2026-1185".into()),
                reactivated: None,
                next_payment: Some(day(2026, 12, 14)),
            },
        ),
        (
            "reactivated",
            PaymentStage::Paid {
                invoice_number: None,
                reactivated: Some("Archive Storage".into()),
                next_payment: None,
            },
        ),
    ];
    for (name, stage) in stages {
        let page = PaymentProgress {
            invoice_id: "inv_1".into(),
            description: "Fieldnote Team".into(),
            amount: eur(5831),
            method: visa(),
            stage,
            change: None,
        };
        g.app(&format!("progress-{name}"), b, &page)?;
        let change = Some(PaidChange {
            subscription_id: "sub_team".into(),
            product: "Fieldnote Team".into(),
            parts: vec!["Fieldnote Studio".into()],
        });
        g.app(&format!("progress-change-{name}"), b, &PaymentProgress { change, ..page })?;
    }
    Ok(())
}

fn methods(g: &mut Gallery<'_>) -> Result<(), TemplateError> {
    let p = Section::PaymentMethods;
    let list = || MethodList { methods: method_rows(), can_add: true };
    let flash = Some(Flash::DefaultMethodSet { method: visa() });
    g.with("methods", Shell { flash, ..shell(g.lang, Some(p)) }, &list())?;
    g.app("methods-empty", p, &MethodList { methods: Vec::new(), can_add: true })?;
    let kinds =
        [("sandbox:card", "card"), ("sandbox:sepa", "sepa"), ("sandbox:paypal", "paypal"), ("x:upi", "upi")];
    let add = |error, product: Option<&str>| AddMethod {
        kinds: kinds
            .iter()
            .map(|(value, kind)| MethodKind {
                value: (*value).into(),
                kind: (*kind).into(),
                provider: "Paylane".into(),
            })
            .collect(),
        selected: "sandbox:card".into(),
        purpose: "sub_team".into(),
        product: product.map(str::to_owned),
        error,
    };
    g.app("add-method", p, &add(None, None))?;
    g.app("add-method-product", p, &add(Some(AddMethodError::NoKind), Some("Fieldnote Team")))?;
    g.app("add-method-down", p, &add(Some(AddMethodError::ProviderDown), None))?;
    g.app("add-method-not-finished", p, &add(Some(AddMethodError::NotFinished), None))?;
    g.app("add-method-refused", p, &add(Some(AddMethodError::Refused), None))?;
    g.app("add-method-none", p, &AddMethod { kinds: Vec::new(), ..add(None, None) })?;
    let stages = [
        ("waiting", SetupStage::Waiting { slow: false }),
        ("slow", SetupStage::Waiting { slow: true }),
        ("verifying", SetupStage::Verifying { days: 3 }),
        ("not-finished", SetupStage::NotFinished),
        ("refused", SetupStage::Refused),
    ];
    for (name, stage) in stages {
        g.app(&format!("setup-{name}"), p, &SetupProgress { stage, purpose: "sub_team".into() })?;
    }
    let products = vec!["Fieldnote Team".to_owned(), "Fieldnote Transcribe".to_owned()];
    let effects = [
        ("unused", Vec::new(), RemovalEffect::Unused),
        ("keeps", products.clone(), RemovalEffect::KeepsRenewals),
        ("default", vec!["Archive Storage".to_owned()], RemovalEffect::UsesDefault { default: visa() }),
        (
            "blocked",
            products,
            RemovalEffect::Blocked { product: "Fieldnote Team".into(), renews_on: day(2026, 12, 14) },
        ),
    ];
    for (name, used_for, effect) in effects {
        let removal = Removal { id: "pm_mc".into(), method: mastercard(), used_for, effect };
        g.app(&format!("remove-method-{name}"), p, &RemoveMethod { list: list(), removal })?;
    }
    Ok(())
}

fn billing(g: &mut Gallery<'_>) -> Result<(), TemplateError> {
    let b = Section::Billing;
    let history = |filter, payments: Vec<PaymentRow>| BillingHistory {
        filter,
        attention: if payments.is_empty() { 0 } else { 2 },
        first: 10,
        last: 18,
        total: 34,
        newer: Some(1),
        older: Some(3),
        payments,
    };
    g.app("billing", b, &history(BillingFilter::All, payments()))?;
    g.app("billing-failed", b, &history(BillingFilter::Failed, payments().into_iter().take(1).collect()))?;
    g.app("billing-empty", b, &history(BillingFilter::All, Vec::new()))?;
    g.app("billing-none-failed", b, &history(BillingFilter::Failed, Vec::new()))?;
    g.app("billing-none-paid", b, &history(BillingFilter::Paid, Vec::new()))?;
    let attempt = |outcome, reason| Attempt { on: day(2026, 11, 14), method: visa(), outcome, reason };
    let page = |status, attempts, payable: bool| PaymentPage {
        id: "inv_01jx02m9qa".into(),
        description: "Fieldnote Team".into(),
        date: day(2026, 11, 14),
        status,
        bill: bill(),
        invoice_number: Some("FN-2026-1184".into()),
        method: Some(visa()),
        attempts,
        payable,
        next_try: payable.then(|| day(2026, 11, 27)),
        paid_at: (!payable).then(|| at(2026, 11, 14, 9, 2)),
        email: "amara@okafor.example".into(),
    };
    let paid = vec![attempt(AttemptOutcome::Succeeded, None)];
    g.app("payment", b, &page(PaymentStatus::Paid, paid, false))?;
    let tries = vec![
        attempt(AttemptOutcome::Processing, None),
        attempt(AttemptOutcome::NeedsConfirmation, None),
        attempt(AttemptOutcome::Failed, Some(FailureReason::Declined)),
        attempt(AttemptOutcome::Failed, Some(FailureReason::ProcessingError)),
        attempt(AttemptOutcome::Cancelled, None),
    ];
    g.app("payment-failed", b, &page(PaymentStatus::Failed, tries, true))?;
    let untried =
        PaymentPage { invoice_number: None, method: None, ..page(PaymentStatus::Due, Vec::new(), true) };
    g.app("payment-due", b, &untried)
}

fn account(g: &mut Gallery<'_>) -> Result<(), TemplateError> {
    let a = Section::Addresses;
    let card = |id: &str, address, is_default| AddressCard { id: id.into(), address, is_default };
    let london = Address {
        company: String::new(),
        lines: vec!["Flat 3".into(), "12 Mill Lane".into()],
        postal_code: "NW6 1NF".into(),
        city: "London".into(),
        region: "Greater London".into(),
        country: "GB".into(),
        tax_id: String::new(),
        ..address()
    };
    let book = || AddressBook {
        addresses: vec![card("adr_1", address(), true), card("adr_2", london.clone(), false)],
    };
    g.app("addresses", a, &book())?;
    g.app("addresses-empty", a, &AddressBook { addresses: Vec::new() })?;
    let form = |id: Option<&str>, values, errors: Vec<(&str, &str)>| AddressForm {
        id: id.map(str::to_owned),
        values,
        errors: errors.into_iter().map(|(f, m)| FieldError { field: f.into(), message: m.into() }).collect(),
        return_to: Some("/billing".into()),
    };
    let empty = Address {
        name: String::new(),
        company: String::new(),
        lines: Vec::new(),
        postal_code: String::new(),
        city: String::new(),
        region: String::new(),
        country: String::new(),
        tax_id: String::new(),
    };
    g.app("address-new", a, &form(None, empty.clone(), Vec::new()))?;
    g.app("address-edit", a, &form(Some("adr_1"), address(), Vec::new()))?;
    let errors = vec![
        ("country", "error-country"),
        ("name", "error-name"),
        ("line1", "error-line1"),
        ("postal_code", "error-postal-code"),
        ("city", "error-city"),
        ("tax_id", "error-tax-id"),
    ];
    g.app("address-errors", a, &form(None, empty, errors))?;
    let remove =
        |blocked| RemoveAddress { book: book(), removal: card("adr_2", london.clone(), false), blocked };
    g.app("remove-address", a, &remove(false))?;
    g.app("remove-address-blocked", a, &remove(true))?;
    let session =
        |device: &str, current| Session { device: device.into(), since: at(2026, 11, 24, 9, 2), current };
    let profile = |errors: Vec<(&str, &str)>, sessions| Profile {
        name: "Amara Okafor".into(),
        email: "amara@okafor.example".into(),
        phone: "+49 30 99 88 77".into(),
        language: g.lang,
        marketing: true,
        sessions,
        errors: errors.into_iter().map(|(f, m)| FieldError { field: f.into(), message: m.into() }).collect(),
    };
    let two = vec![session("Firefox on Windows", true), session("", false)];
    let full = profile(Vec::new(), two);
    let refused = profile(vec![("phone", "error-phone"), ("name", "error-too-long")], Vec::new());
    g.app("profile", Section::Profile, &full)?;
    g.app("profile-errors", Section::Profile, &refused)?;
    g.app("contact", Section::Contact, &contact())?;
    let bare = Contact {
        role: String::new(),
        email: String::new(),
        phone: String::new(),
        hours: String::new(),
        ..contact()
    };
    g.app("contact-bare", Section::Contact, &bare)?;
    g.solo("language", &ChooseLanguage { return_to: "/billing".into() })
}

fn errors(g: &mut Gallery<'_>) -> Result<(), TemplateError> {
    let request_id = || "req_01jq8zk2".to_owned();
    let pages = [
        ("not-found", ErrorPage::NotFound),
        ("gone", ErrorPage::Gone),
        ("stale-form", ErrorPage::StaleForm),
        ("invalid", ErrorPage::Invalid),
        ("too-many", ErrorPage::TooManyRequests { seconds: 40 }),
        ("internal", ErrorPage::Internal { request_id: request_id(), nothing_charged: true }),
        ("internal-unsure", ErrorPage::Internal { request_id: request_id(), nothing_charged: false }),
        ("provider", ErrorPage::Provider),
        ("maintenance", ErrorPage::Maintenance),
    ];
    for (name, page) in pages {
        g.solo(&format!("error-{name}"), &page)?;
    }
    let mut nobody = shell(g.lang, None);
    nobody.brand = Brand {
        name: String::new(),
        logo_url: None,
        website_url: None,
        support_url: None,
        terms_url: None,
        privacy_url: None,
    };
    nobody.languages = Vec::new();
    g.with("error-no-tenant", nobody, &ErrorPage::NoTenant)
}

fn notices(g: &mut Gallery<'_>) -> Result<(), TemplateError> {
    let product = || "Fieldnote Team".to_owned();
    let email = || "amara@okafor.example".to_owned();
    let on = day(2026, 12, 14);
    let all = [
        Flash::Cancelled { product: product(), email: email() },
        Flash::Uncancelled { product: product(), renews_on: on, amount: eur(5831) },
        Flash::AlreadyCancelled { on },
        Flash::Outdated,
        Flash::PlanChanged { parts: vec![product(), "2 × Archive Storage".into()] },
        Flash::ChangeScheduled { parts: vec![product()], on },
        Flash::ChangeUndone { product: product() },
        Flash::ChangeNotNow,
        Flash::NotChangeable,
        Flash::NothingToGiveBack,
        Flash::MethodAdded { method: visa(), is_default: true },
        Flash::MethodAdded { method: sepa(), is_default: false },
        Flash::MethodKnown,
        Flash::MethodRemoved { method: mastercard() },
        Flash::SubscriptionMethodSet { product: product(), method: visa() },
        Flash::Paid { amount: eur(5831), method: visa() },
        Flash::NothingDue,
        Flash::AddressSaved,
        Flash::AddressRemoved,
        Flash::DefaultAddressSet,
        Flash::ProfileSaved,
        Flash::SessionsRevoked,
        Flash::DeviceRemoved { device: "Amara's laptop".to_owned() },
        Flash::ClockAdvanced { to: on },
    ];
    for (number, flash) in all.into_iter().enumerate() {
        let shell = Shell { flash: Some(flash), ..shell(g.lang, Some(Section::Subscriptions)) };
        let page = SubscriptionList { current: Vec::new(), ended: vec![ended_row()] };
        g.with(&format!("notice-{number:02}"), shell, &page)?;
    }
    Ok(())
}

/// Every mail, in `lang`.
pub fn mails(renderer: &Renderer, lang: Lang) -> Result<Vec<(String, email::Email)>, TemplateError> {
    let sender = email::Sender {
        brand: "Fieldnote".into(),
        imprint: "Fieldnote GmbH, Torstraße 12, 10119 Berlin, Germany · VAT ID DE811223344".into(),
        colour: theme::DEFAULT,
        lang,
    };
    let mut out = Vec::new();
    let mut put = |name: &str, mail: &dyn email::Mail| -> Result<(), TemplateError> {
        out.push((format!("email-{name}"), renderer.email(&sender, mail).map_err(|e| named(name, e))?));
        Ok(())
    };
    let product = || "Fieldnote Team".to_owned();
    let url = || "https://billing.fieldnote.example/r/h3Jw8sQp".to_owned();
    let next = || Some(email::NextCharge { amount: eur(5831), on: day(2026, 12, 14) });
    let sign_in = |device: &str| email::SignIn {
        url: "https://billing.fieldnote.example/auth/u7Kq2vXh9mT4sPzL0cRb8A".into(),
        code: "482 913".into(),
        valid_minutes: 30,
        requested_at: at(2026, 11, 24, 14, 2),
        device: device.into(),
    };
    put("sign-in", &sign_in("Firefox on Windows"))?;
    put("sign-in-unknown", &sign_in(""))?;
    let receipt = |invoice, next_payment| email::Receipt {
        amount: eur(5831),
        paid_on: day(2026, 11, 14),
        method: visa(),
        bill: bill(),
        invoice,
        next_payment,
        portal_url: url(),
    };
    let invoice = email::InvoiceLink {
        number: "FN-2026-1184".into(),
        url: "https://billing.fieldnote.example/i/x".into(),
    };
    put("receipt", &receipt(Some(invoice), next()))?;
    put("receipt-bare", &receipt(None, None))?;
    let refused = || Some((mastercard(), FailureReason::ExpiredCard));
    let failed = |refused, next_try| email::PaymentFailed {
        product: product(),
        amount: eur(5831),
        refused,
        next_try,
        pay_url: url(),
    };
    let soon = || Some(day(2026, 11, 27));
    put("payment-failed", &failed(refused(), soon()))?;
    put("payment-failed-last", &failed(refused(), None))?;
    put("payment-impossible", &failed(None, None))?;
    let reminder =
        |next_try| email::PaymentReminder { product: product(), amount: eur(5831), next_try, pay_url: url() };
    put("payment-reminder", &reminder(soon()))?;
    put("payment-reminder-last", &reminder(None))?;
    let notice =
        |pay_by| email::FinalNotice { product: product(), amount: eur(5831), pay_by, pay_url: url() };
    put("final-notice", &notice(soon()))?;
    put("final-notice-over", &notice(None))?;
    put("on-hold", &email::OnHold { product: product(), amount: Some(eur(5831)), pay_url: url() })?;
    put("on-hold-trial", &email::OnHold { product: product(), amount: None, pay_url: url() })?;
    let ends_on = day(2026, 12, 14);
    put(
        "cancellation-scheduled",
        &email::CancellationScheduled { product: product(), ends_on, portal_url: url() },
    )?;
    let cancelled = |trial_without_method, owed| email::Cancelled {
        product: product(),
        ended_on: ends_on,
        trial_without_method,
        owed,
        portal_url: url(),
    };
    put("cancelled", &cancelled(false, None))?;
    put("cancelled-owed", &cancelled(false, Some(eur(95))))?;
    put("cancelled-trial", &cancelled(true, None))?;
    let uncancelled = |renewal| email::Uncancelled { product: product(), renewal, portal_url: url() };
    put("uncancelled", &uncancelled(next()))?;
    put("uncancelled-on-hold", &uncancelled(None))?;
    let note = |refund, to_balance, to_offset| email::CreditNote {
        number: "CN-2026-00001".to_owned(),
        invoice: "INV-2026-00007".to_owned(),
        total: eur(5831),
        refund,
        to_balance,
        to_offset,
        portal_url: url(),
    };
    put("credit-note", &note(Some((eur(3000), Some(visa()))), Some(eur(2000)), Some(eur(831))))?;
    put("credit-note-refunded", &note(Some((eur(5831), None)), None, None))?;
    put("method-added", &email::MethodAdded { method: visa(), is_default: true, portal_url: url() })?;
    let reactivated = email::Reactivated {
        product: product(),
        amount: Some(eur(5831)),
        next_payment: next(),
        portal_url: url(),
    };
    put("reactivated", &reactivated)?;
    let confirm = email::AuthenticationRequired { product: product(), amount: eur(5831), pay_url: url() };
    put("authentication-required", &confirm)?;
    for (name, mail) in planned() {
        put(name, mail.as_ref())?;
    }
    Ok(out)
}

/// Mails that are sent at a planned moment.
fn planned() -> Vec<(&'static str, Box<dyn email::Mail>)> {
    let product = || "Fieldnote Team".to_owned();
    let url = || "https://billing.fieldnote.example/r/h3Jw8sQp".to_owned();
    let charge = || email::NextCharge { amount: eur(5831), on: day(2026, 12, 14) };
    let trial =
        |method| email::TrialEnding { product: product(), first: charge(), method, portal_url: url() };
    let renewal =
        |method| email::RenewalUpcoming { product: product(), renewal: charge(), method, portal_url: url() };
    let card = email::CardExpiring {
        product: product(),
        method: visa(),
        expires_on: day(2026, 11, 30),
        charged_on: day(2026, 12, 14),
        portal_url: url(),
    };
    let leaving = |kind, terms: Option<Coupon>| email::WinBack {
        kind,
        product: product(),
        ended_on: day(2026, 12, 14),
        offer: terms.map(|terms| email::Offer { code: "COMEBACK".to_owned(), terms }),
        portal_url: url(),
        unsubscribe_url: "https://billing.fieldnote.example/unsubscribe/x".to_owned(),
    };
    let percent = Some(Coupon { off: Off::Percent(125_000), lasts: Lasts::Periods(3) });
    let amount = Some(Coupon { off: Off::Amount(eur(1_000)), lasts: Lasts::Forever });
    vec![
        ("trial-ending", Box::new(trial(Ok(visa())))),
        ("trial-ending-hold", Box::new(trial(Err(email::WithoutMethod::OnHold)))),
        ("trial-ending-end", Box::new(trial(Err(email::WithoutMethod::Ends)))),
        ("trial-ending-invoice", Box::new(trial(Err(email::WithoutMethod::Invoice)))),
        ("renewal-upcoming", Box::new(renewal(Some(visa())))),
        ("renewal-upcoming-no-method", Box::new(renewal(None))),
        ("card-expiring", Box::new(card)),
        ("win-back-offer", Box::new(leaving(WinBackMail::Offer, percent))),
        ("win-back-offer-forever", Box::new(leaving(WinBackMail::Offer, amount))),
        ("win-back-survey", Box::new(leaving(WinBackMail::Survey, None))),
        ("win-back-help", Box::new(leaving(WinBackMail::Help, None))),
        ("win-back-apology", Box::new(leaving(WinBackMail::Apology, None))),
    ]
}
