//! Stories of asking for a link, on both databases.

use super::{AskForLink, ask, mail_link};
use crate::db::schema::{job, mail, portal_token};
use crate::ids::TokenId;
use crate::testing::{Business, TestShop};
use diesel::prelude::*;

/// Asks for a link and says which token was written for it.
fn ask_for(shop: &Business, email: &str) -> TokenId {
    let nonce = "nonce".to_owned();
    let wish = AskForLink { email: email.to_owned(), nonce, network: String::new(), return_path: None };
    ask(&shop.engine, &shop.id, wish).unwrap();
    let newest = |conn: &mut crate::db::Conn| {
        let of_address = portal_token::table.filter(portal_token::email.eq(email));
        Ok(of_address.order(portal_token::id.desc()).select(portal_token::id).first(conn)?)
    };
    shop.engine.read(&shop.id, |conn, _| newest(conn)).unwrap()
}

/// Rows that could tell: tokens, mails, jobs.
fn rows(shop: &Business) -> [i64; 3] {
    shop.engine
        .read(&shop.id, |conn, _| {
            Ok([
                portal_token::table.count().get_result(conn)?,
                mail::table.count().get_result(conn)?,
                job::table.count().get_result(conn)?,
            ])
        })
        .unwrap()
}

#[test]
fn asking_writes_the_same_for_known_and_unknown_addresses_and_mails_only_the_known() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        acme.customer("mina@example.com");
        let before = rows(acme);
        let known = ask_for(acme, "mina@example.com");
        let after_known = rows(acme);
        let unknown = ask_for(acme, "nobody@example.com");
        let after_unknown = rows(acme);
        let written = |from: [i64; 3], to: [i64; 3]| [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
        assert_eq!(written(before, after_known), [1, 0, 1]);
        assert_eq!(written(before, after_known), written(after_known, after_unknown));

        let mailed = |id| mail_link(&acme.engine, &acme.id, id).unwrap().is_some();
        assert!(mailed(&known) && !mailed(&known), "one mail for one link");
        assert!(!mailed(&unknown));
        assert_eq!(rows(acme)[1], after_unknown[1] + 1);
    });
}

#[test]
fn a_link_that_a_newer_one_has_replaced_is_not_mailed() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        acme.customer("mina@example.com");
        let first = ask_for(acme, "mina@example.com");
        let second = ask_for(acme, "mina@example.com");
        assert!(mail_link(&acme.engine, &acme.id, &first).unwrap().is_none());
        assert!(mail_link(&acme.engine, &acme.id, &second).unwrap().is_some());
    });
}
