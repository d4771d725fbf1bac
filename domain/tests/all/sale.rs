//! What is sold today, and in which way.

use domain::catalog::{ProductKind, QuantityBounds, QuantityError};
use domain::sale::{Offered, SaleRefusal};
use domain::subscription::item::ItemRole;

const PLAN: Offered = Offered {
    kind: ProductKind::Subscription,
    sold_as: ItemRole::Plan,
    archived: false,
    bounds: QuantityBounds { min: 2, max: Some(5) },
};

#[test]
fn a_subscription_begins_with_a_plan_that_is_sold_today_within_its_bounds() {
    use SaleRefusal as R;
    let few = R::Quantity(QuantityError::TooFew { quantity: 1, min: 2 });
    let many = R::Quantity(QuantityError::TooMany { quantity: 6, max: 5 });
    let table = [
        (PLAN, 2, Ok(())),
        (PLAN, 5, Ok(())),
        (PLAN, 1, Err(few)),
        (PLAN, 6, Err(many)),
        (Offered { kind: ProductKind::Usage, ..PLAN }, 2, Ok(())),
        (Offered { kind: ProductKind::OneTime, ..PLAN }, 2, Err(R::SoldOnce)),
        (Offered { sold_as: ItemRole::Addon, ..PLAN }, 2, Err(R::NoPlan)),
        (Offered { archived: true, ..PLAN }, 2, Err(R::Archived)),
    ];
    for (offered, quantity, answer) in table {
        assert_eq!(offered.by_subscription(quantity), answer, "{quantity} of {offered:?}");
    }
}

#[test]
fn only_what_is_sold_once_is_billed_once() {
    let ticket = Offered { kind: ProductKind::OneTime, ..PLAN };
    for (offered, quantity, code) in [
        (ticket, 3, None),
        // Where it stands in a collection says nothing about a single sale.
        (Offered { sold_as: ItemRole::Addon, ..ticket }, 3, None),
        (ticket, 0, Some("quantity")),
        (Offered { archived: true, ..ticket }, 3, Some("archived")),
        (PLAN, 3, Some("recurs")),
        (Offered { kind: ProductKind::Usage, ..PLAN }, 3, Some("recurs")),
    ] {
        let refused = offered.once(quantity).err().map(SaleRefusal::code);
        assert_eq!(refused, code, "{quantity} of {offered:?}");
    }
}
