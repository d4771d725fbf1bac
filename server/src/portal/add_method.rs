//! `/payment-methods/add`: choosing a kind, and leaving for the provider's page.

use crate::answer::see_other;
use crate::failure::{Answer, Failure};
use crate::providers;
use crate::visit::SignedIn;
use actix_web::http::StatusCode;
use actix_web::web::{Form, Query};
use domain::money::Money;
use domain::provider::{CallContext, SetupRequest, SetupStarted};
use engine::Error;
use engine::ids::{InvoiceId, SubscriptionId};
use engine::query::account;
use engine::query::paying::charged_with_method;
use engine::store;
use engine::store::methods::{PaymentSetup, ProviderAccount};
use engine::usecase::activate::standing;
use engine::usecase::add_method;
use serde::Deserialize;
use templates::page::{AddMethod, AddMethodError, MethodKind};

/// Seconds to wait for who began too many setups today.
const TRY_AGAIN_S: u32 = 3_600;

/// What a method is added for: a subscription's or an invoice's id, or anything else for the list.
#[derive(Deserialize)]
pub(crate) struct Purpose {
    #[serde(rename = "for", default)]
    pub id: String,
}

/// What the form sends.
#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    kind: String,
    #[serde(flatten)]
    purpose: Purpose,
}

/// What can be added, and for what.
struct Offer {
    account: Option<ProviderAccount>,
    subscription: Option<(SubscriptionId, String)>,
    charged_now: Option<Money>,
}

/// `GET /payment-methods/add`
pub(crate) async fn form(me: SignedIn, purpose: Query<Purpose>) -> Answer {
    let offer = offer(&me, &purpose).await?;
    show(&me, &offer, purpose.into_inner(), None).await
}

/// `POST /payment-methods/add`
pub(crate) async fn begin(me: SignedIn, chosen: Form<Chosen>) -> Answer {
    let Chosen { kind, purpose } = chosen.into_inner();
    let offer = offer(&me, &purpose).await?;
    if !kinds(&me, &offer).iter().any(|offered| offered.value == kind) {
        return show(&me, &offer, purpose, Some(AddMethodError::NoKind)).await;
    }
    let subscription = offer.subscription.as_ref().map(|(id, _)| id.clone());
    let begun =
        me.run(move |engine, tenant, owner| add_method::begin(engine, tenant, owner, &kind, subscription));
    let setup = begun.await.map_err(|failure| match failure.refusal() {
        Some("too_many_tries") => Failure::TooManyRequests { seconds: TRY_AGAIN_S },
        _ => failure,
    })?;
    match ask_provider(&me, &setup, &purpose).await {
        Ok(started) => {
            let (id, setup_ref) = (setup.id, started.setup_ref);
            me.act(move |engine, tenant| add_method::opened(engine, tenant, &id, &setup_ref)).await?;
            see_other(&started.url)
        }
        Err(Failure::Provider(reason)) => {
            tracing::warn!(setup = %setup.id, reason, "a payment method could not be set up");
            show(&me, &offer, purpose, Some(AddMethodError::ProviderDown)).await
        }
        Err(other) => Err(other),
    }
}

impl Purpose {
    pub(crate) fn invoice(&self) -> Option<InvoiceId> {
        self.names(InvoiceId::PREFIX).then(|| InvoiceId::from(self.id.as_str()))
    }

    fn subscription(&self) -> Option<SubscriptionId> {
        self.names(SubscriptionId::PREFIX).then(|| SubscriptionId::from(self.id.as_str()))
    }

    fn names(&self, prefix: &str) -> bool {
        let id = self.id.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_'));
        id.is_some_and(|id| id.chars().all(|c| c.is_ascii_alphanumeric()))
    }
}

/// New methods go to the default account. For an invoice the method is that of its subscription, too, or the next
/// charge would take the old one again.
async fn offer(me: &SignedIn, purpose: &Purpose) -> Result<Offer, Failure> {
    let (invoice, named) = (purpose.invoice(), purpose.subscription());
    me.read(move |conn, scope, owner| {
        let account = store::methods::accounts(conn, scope.id())?.into_iter().next();
        let id = match &invoice {
            Some(id) => store::invoices::of_customer(conn, scope.id(), owner, id)?.subscription_id,
            None => named,
        };
        let subscription = match id {
            Some(id) => {
                let sub = store::subscriptions::of_customer(conn, scope.id(), owner, &id)?;
                let (_, product) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
                Some((id, product.name))
            }
            None => None,
        };
        // The invoice that it is added for says its amount itself.
        let back = subscription.as_ref().filter(|_| invoice.is_none());
        let charged_now = match back {
            Some((id, _)) => charged_with_method(conn, scope, owner, id)?,
            None => None,
        };
        Ok(Offer { account, subscription, charged_now })
    })
    .await
}

fn kinds(me: &SignedIn, offer: &Offer) -> Vec<MethodKind> {
    let provider = offer.account.as_ref().and_then(|account| me.app.providers.provider(&account.provider));
    let Some(provider) = provider else {
        return Vec::new();
    };
    let manifest = provider.manifest();
    let kind = |kind: &String| MethodKind {
        value: kind.clone(),
        kind: kind.clone(),
        provider: manifest.display_name.clone(),
    };
    manifest.method_kinds.iter().map(kind).collect()
}

async fn show(me: &SignedIn, offer: &Offer, purpose: Purpose, error: Option<AddMethodError>) -> Answer {
    let kinds = kinds(me, offer);
    let status = match error {
        None => StatusCode::OK,
        Some(AddMethodError::ProviderDown) => StatusCode::BAD_GATEWAY,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = AddMethod {
        selected: kinds.first().map(|kind| kind.value.clone()).unwrap_or_default(),
        kinds,
        purpose: purpose.id,
        product: offer.subscription.as_ref().map(|(_, product)| product.clone()),
        charged_now: offer.charged_now,
        error,
    };
    me.page_to_provider(status, &page).await
}

/// Asks the provider for a page on which the customer enters the details. Moves no money, so the customer waits for it.
async fn ask_provider(
    me: &SignedIn,
    setup: &PaymentSetup,
    purpose: &Purpose,
) -> Result<SetupStarted, Failure> {
    let id = setup.provider_account_id.clone();
    let (row, account, customer_ref) = me
        .run(move |engine, tenant, owner| {
            if let Some(away) = standing(engine)? {
                return Err(Error::Unavailable(format!("the data is not at home ({away})")));
            }
            let (row, customer_ref) = engine.read(tenant, |conn, scope| {
                let row = store::methods::account(conn, scope.id(), &id)?;
                Ok((row, account::provider_customer(conn, scope, owner, &id)?))
            })?;
            let opened = providers::opened(engine, &row)?;
            Ok((row, opened, customer_ref))
        })
        .await?;
    let provider = me
        .app
        .providers
        .provider(&row.provider)
        .ok_or_else(|| Failure::Provider(format!("{} is not installed", row.provider)))?;
    let context = CallContext {
        key: setup.id.to_string(),
        reference: setup.id.to_string(),
        seq: 1,
        deadline_ms: me.installation.installation.payments.request_seconds * 1_000,
    };
    let request = SetupRequest {
        customer_ref,
        customer_id: me.customer.id.to_string(),
        email: me.customer.email.clone(),
        kind: setup.kind.clone(),
        return_url: return_url(me, setup, purpose),
        locale: me.lang.code().to_owned(),
    };
    let report = provider.begin_setup(&account, &context, &request).await;
    report.result.map_err(|error| Failure::Provider(error.to_string()))
}

fn return_url(me: &SignedIn, setup: &PaymentSetup, purpose: &Purpose) -> String {
    let portal = me.installation.portal_url(&me.settings);
    let back = format!("{portal}/payment-methods/return?setup={}", setup.id);
    match purpose.invoice() {
        Some(invoice) => format!("{back}&for={invoice}"),
        None => back,
    }
}
