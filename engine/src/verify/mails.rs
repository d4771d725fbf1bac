//! Mails: one a fact, and one message id each, so that receivers can tell a repetition.

use super::{Finding, FindingKind};
use crate::db::Conn;
use crate::db::schema::mail;
use crate::error::Result;
use crate::scope::Scope;
use diesel::dsl::count_star;
use diesel::prelude::*;

pub(super) fn check(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let mine = mail::table.filter(mail::tenant_id.eq(scope.id()));
    let facts: Vec<(String, i64)> = mine
        .group_by(mail::dedupe_key)
        .having(count_star().gt(1))
        .select((mail::dedupe_key, count_star()))
        .load(conn)?;
    let messages: Vec<(String, i64)> = mine
        .group_by(mail::message_id)
        .having(count_star().gt(1))
        .select((mail::message_id, count_star()))
        .load(conn)?;
    let finding =
        |(subject, times)| Finding::new(FindingKind::Mail, subject, format!("{times} mails carry it"));
    Ok(facts.into_iter().chain(messages).map(finding).collect())
}
