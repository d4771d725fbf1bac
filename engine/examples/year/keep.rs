//! License keys and their devices, and what customers say of themselves.

use crate::actions::Life;
use crate::shop::{Business, Held, address};
use engine::store::events::Actor;
use engine::usecase::edit_customer::{ProfileEdit, remove_address, save_address, save_profile};
use engine::usecase::{license, unsubscribe};
use engine::{Result, store};

impl Life<'_> {
    /// Somebody uses a license key on a device or stops to; or the business takes it away, or gives another.
    pub fn license(&mut self, held: &Held, business: &Business) -> Result<()> {
        let (engine, tenant) = (self.run.engine().clone(), &business.id);
        let keys = engine.db.read(|conn| store::entitlements::keys_of(conn, tenant, &held.id))?;
        let Some(key) = keys.last() else { return Ok(()) };
        let owner = Actor::Customer(held.customer.to_string());
        let device = format!("device {}", self.random.below(5));
        match self.random.below(12) {
            0..=6 => license::activate(&engine, tenant, &key.key_text, &device, owner),
            7..=9 => license::deactivate(&engine, tenant, &key.key_text, &device, owner),
            10 => license::revoke(&engine, tenant, &key.key_text, None, Actor::Operator),
            _ => license::issue(&engine, tenant, &held.id, "app", Actor::Operator).map(drop),
        }
    }

    pub fn customer(&mut self, name: &str, held: &Held, business: &Business) -> Result<()> {
        let (engine, tenant) = (self.run.engine().clone(), &business.id);
        match name {
            "profile" => {
                let edit = ProfileEdit {
                    name: format!("Customer {}", self.random.below(1_000)),
                    phone: None,
                    locale: self.random.happens(500).then(|| "de".to_owned()),
                    marketing: self.random.happens(700),
                };
                save_profile(&engine, tenant, &held.customer, edit)
            }
            "unsubscribe" => {
                let link = engine.read(tenant, |_, scope| Ok(unsubscribe::link(scope, &held.customer)))?;
                let token = link.rsplit('/').next().unwrap_or_default();
                unsubscribe::unsubscribe(&engine, tenant, token).map(drop)
            }
            _ => {
                let all = engine.db.read(|conn| store::customers::addresses(conn, tenant, &held.customer))?;
                match all.last().filter(|_| self.random.happens(300)) {
                    Some(last) => remove_address(&engine, tenant, &held.customer, &last.id),
                    None => {
                        let edit = address(self.random, *self.count);
                        save_address(&engine, tenant, &held.customer, None, edit).map(drop)
                    }
                }
            }
        }
    }
}
