//! The people of a story: customers, their cards and subscriptions, brought in as an operator would.

use crate::cards;
use crate::world::World;
use chrono::Datelike;
use engine::ids::{CustomerId, MethodId, SubscriptionId, TenantId};
use engine::store;
use engine::store::events::Actor;
use engine::store::methods::MethodStatus;
use engine::usecase::add_method::import;
use engine::usecase::catalog::{NewCustomer, add_customer};
use engine::usecase::edit_customer::{AddressEdit, save_address};
use engine::usecase::subscribe::{NewSubscription, subscribe};

/// A customer of a business.
#[derive(Debug, Clone)]
pub struct Customer {
    /// Whose customer.
    pub tenant: TenantId,
    /// Their id.
    pub id: CustomerId,
    /// Their address, in lower case.
    pub email: String,
}

impl World {
    /// A customer of `acme`, with an address in Berlin.
    pub fn customer(&self, email: &str) -> Customer {
        self.customer_of(&self.acme, email)
    }

    /// A customer of `umbra`.
    pub fn stranger(&self, email: &str) -> Customer {
        self.customer_of(&self.umbra, email)
    }

    fn customer_of(&self, tenant: &TenantId, email: &str) -> Customer {
        let name = email.split('@').next().unwrap_or_default().to_owned();
        let new = NewCustomer { email: email.to_owned(), name: name.clone(), ..NewCustomer::default() };
        let id = add_customer(&self.engine, tenant, new).unwrap();
        let address = AddressEdit {
            name,
            company: None,
            line1: "Ackerstraße 42".to_owned(),
            line2: None,
            postal_code: "10115".to_owned(),
            city: "Berlin".to_owned(),
            region: None,
            country: "DE".to_owned(),
            vat_id: None,
        };
        save_address(&self.engine, tenant, &id, None, address).unwrap();
        Customer { tenant: tenant.clone(), id, email: email.to_owned() }
    }

    /// Saves a test card for a customer and makes it their default.
    pub async fn card(&self, owner: &Customer, number: &str) -> MethodId {
        self.card_until(owner, number, self.wall.now().year() + 3).await
    }

    /// As [`World::card`], good until September of this year.
    pub async fn card_until(&self, owner: &Customer, number: &str, year: i32) -> MethodId {
        let made = self.simulator.save_card(number, year).await;
        let new = simulator::saved_method(&made);
        let accounts = self.engine.db.read(|conn| store::methods::accounts(conn, &owner.tenant)).unwrap();
        import(&self.engine, &owner.tenant, &owner.id, &accounts[0].id, new).unwrap()
    }

    /// The bank changes its mind about a saved card.
    pub async fn card_becomes(&self, owner: &Customer, card: &MethodId, number: &str) {
        let row = self.engine.db.read(|conn| store::methods::get(conn, &owner.tenant, card)).unwrap();
        self.simulator.swap_card(&row.provider_ref, number).await;
    }

    /// The provider has lost a customer's cards: nothing is left that a subscription could be charged to.
    pub fn forget_cards(&self, owner: &Customer) {
        let tenant = owner.tenant.clone();
        let mut cards = self.methods(owner);
        self.engine
            .db
            .write(move |tx| {
                cards.iter_mut().try_for_each(|card| {
                    card.status = MethodStatus::Detached;
                    store::methods::update(tx, &tenant, card)
                })
            })
            .unwrap();
    }

    /// Starts a subscription without a trial. The worker charges for it.
    pub fn subscribe(&self, owner: &Customer, price: &str) -> SubscriptionId {
        self.start(owner, price, None)
    }

    /// Lets `days` go by from the first of January on; on each of them so many customers begin a monthly subscription.
    pub async fn begin_on_days(&self, days: usize, customers: usize) -> Vec<Customer> {
        self.begin_at("2026-01-01 08:00");
        let mut people = Vec::new();
        for day in 1..=days {
            for n in 1..=customers {
                let customer = self.customer(&format!("day{day}-{n}@example.com"));
                self.card(&customer, cards::GOOD).await;
                self.subscribe(&customer, "team-monthly");
                people.push(customer);
            }
            self.advance("1 day").await;
        }
        people
    }

    /// Starts a subscription with a trial.
    pub fn try_out(&self, owner: &Customer, price: &str, days: u32) -> SubscriptionId {
        self.start(owner, price, Some(days))
    }

    fn start(&self, owner: &Customer, price: &str, trial_days: Option<u32>) -> SubscriptionId {
        let new = NewSubscription {
            customer: owner.id.clone(),
            price_code: price.to_owned(),
            quantity: 1,
            trial_days,
            method: None,
        };
        subscribe(&self.engine, &owner.tenant, new, Actor::Operator).unwrap()
    }

    /// A customer with a card and a paid subscription to "Team, monthly".
    pub async fn subscriber(&self, email: &str, number: &str) -> (Customer, SubscriptionId) {
        let customer = self.customer(email);
        self.card(&customer, number).await;
        let subscription = self.subscribe(&customer, "team-monthly");
        self.settle().await;
        (customer, subscription)
    }

    /// As [`World::subscriber`]; the card worked once, and was declined at the first renewal.
    pub async fn past_due(&self, email: &str) -> (Customer, SubscriptionId) {
        let customer = self.customer(email);
        let card = self.card(&customer, cards::GOOD).await;
        let subscription = self.subscribe(&customer, "team-monthly");
        self.settle().await;
        self.card_becomes(&customer, &card, cards::DECLINED).await;
        self.advance("1 month").await;
        assert_eq!(self.status(&subscription), "past_due");
        (customer, subscription)
    }
}
