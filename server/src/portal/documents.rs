//! `/billing/{id}/invoice.pdf` and `/billing/{id}/receipts/{receipt}.pdf`: documents as files.

use super::billing::payment_page;
use crate::answer::{LOOK_AGAIN_S, refresh};
use crate::failure::{Answer, Failure};
use crate::visit::SignedIn;
use actix_web::HttpResponse;
use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
};
use actix_web::web::Path;
use engine::ids::{InvoiceId, ReceiptId};
use engine::query::billing;
use engine::store;
use engine::usecase::document;

/// Nothing in the file may run or load anything, should a browser show it.
const INERT: &str = "sandbox; default-src 'none'";

/// `GET /billing/{id}/invoice.pdf`. Where the worker has not rendered it yet, it is asked to, and the payment's page
/// looks again until the download starts.
pub(crate) async fn invoice(me: SignedIn, id: Path<InvoiceId>) -> Answer {
    let id = id.into_inner();
    let wanted = id.clone();
    let (number, bytes) = me
        .read(move |conn, scope, owner| {
            let invoice = store::invoices::of_customer(conn, scope.id(), owner, &wanted)?;
            let number = invoice.number.clone().ok_or(engine::Error::NotFound)?;
            Ok((number, billing::pdf(conn, scope, &invoice)?))
        })
        .await?;
    match bytes {
        Some(bytes) => Ok(file(&number, bytes)),
        None => {
            let asked = id.clone();
            me.act(move |engine, tenant| document::request_for_download(engine, tenant, &asked)).await?;
            Ok(refresh(me.page(&payment_page(&me, id).await?)?, LOOK_AGAIN_S))
        }
    }
}

/// `GET /billing/{id}/receipts/{receipt}.pdf`, as [`invoice`].
pub(crate) async fn receipt(me: SignedIn, path: Path<(InvoiceId, ReceiptId)>) -> Answer {
    let (id, wanted) = path.into_inner();
    let (receipt, bytes) = me
        .read(move |conn, scope, owner| {
            let receipt = store::receipts::of_customer(conn, scope.id(), owner, &wanted)?;
            let bytes = billing::receipt_pdf(conn, scope, &receipt)?;
            Ok((receipt, bytes))
        })
        .await?;
    if receipt.invoice_id != id {
        return Err(Failure::NOT_FOUND);
    }
    match bytes {
        Some(bytes) => Ok(file(&receipt.number, bytes)),
        None => {
            me.act(move |engine, tenant| document::request_receipt_for_download(engine, tenant, &receipt.id))
                .await?;
            Ok(refresh(me.page(&payment_page(&me, id).await?)?, LOOK_AGAIN_S))
        }
    }
}

fn file(number: &str, bytes: Vec<u8>) -> HttpResponse {
    let disposition =
        ContentDisposition { disposition: DispositionType::Attachment, parameters: file_names(number) };
    HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header(disposition)
        .insert_header((CONTENT_SECURITY_POLICY, INERT))
        .body(bytes)
}

/// A document's number as a file name: letters, digits, dots and dashes; in ASCII for browsers that know no better.
fn file_names(number: &str) -> Vec<DispositionParam> {
    let name = |keep: fn(char) -> bool| -> String {
        let safe = |c: char| if keep(c) || ".-_".contains(c) { c } else { '-' };
        let stem: String = number.chars().map(safe).collect();
        format!("{}.pdf", stem.trim_start_matches('.'))
    };
    let plain = name(|c| c.is_ascii_alphanumeric());
    let full = name(char::is_alphanumeric);
    let mut names = vec![DispositionParam::Filename(plain.clone())];
    if full != plain {
        names.push(DispositionParam::FilenameExt(ExtendedValue {
            charset: Charset::Ext("UTF-8".to_owned()),
            language_tag: None,
            value: full.into_bytes(),
        }));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(number: &str) -> String {
        let disposition =
            ContentDisposition { disposition: DispositionType::Attachment, parameters: file_names(number) };
        disposition.to_string()
    }

    #[test]
    fn the_number_names_the_file() {
        assert_eq!(header("INV-2026-00001"), "attachment; filename=\"INV-2026-00001.pdf\"");
    }

    #[test]
    fn strange_numbers_make_safe_names() {
        assert_eq!(header("../a/b\"\r\nX"), "attachment; filename=\"-a-b---X.pdf\"");
        let both = header("RÉ/7");
        assert_eq!(both, "attachment; filename=\"R--7.pdf\"; filename*=UTF-8''R%C3%89%2D7.pdf");
    }
}
