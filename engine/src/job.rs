//! Jobs: the one language in which server, use cases and worker ask for work.
//!
//! A job is a hint that names its subject and carries nothing else. Its handler reads the subject's state again,
//! may run twice, even at once, and does nothing when there is nothing to do.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::ids::{
    AccountId, AttemptId, CustomerId, DocumentId, InboundId, InvoiceId, MailId, MethodId, SetupId,
    SubscriptionId, TenantId, TokenId,
};

domain::words! {
    /// One failure domain each: a mail server that hangs does not delay a renewal.
    Queue {
        /// Periods, trials, cancellations on time.
        Billing = "billing",
        /// Everything that talks to a payment provider.
        Payments = "payments",
        /// Mails, webhooks, and questions to others.
        Outbound = "outbound",
        /// PDF documents.
        Documents = "documents",
    }
}

/// Work for the worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Bring a subscription up to now: end a trial, start a period, cancel on time.
    Advance {
        /// The business.
        tenant_id: TenantId,
        /// What to advance.
        subscription_id: SubscriptionId,
    },
    /// Try to collect what an invoice still owes.
    Collect {
        /// The business.
        tenant_id: TenantId,
        /// What to collect.
        invoice_id: InvoiceId,
    },
    /// Find out what became of a payment attempt.
    Resolve {
        /// The business.
        tenant_id: TenantId,
        /// Which attempt.
        attempt_id: AttemptId,
    },
    /// Find out what became of the setup of a payment method.
    CompleteSetup {
        /// The business.
        tenant_id: TenantId,
        /// Which setup.
        setup_id: SetupId,
    },
    /// Ask a provider whether what it told by webhook is true.
    FetchBack {
        /// The business.
        tenant_id: TenantId,
        /// What it told.
        inbound_event_id: InboundId,
    },
    /// Tell the provider to forget a removed payment method, once nothing uses it.
    DetachMethod {
        /// The business.
        tenant_id: TenantId,
        /// Which payment method.
        payment_method_id: MethodId,
    },
    /// Mail the sign-in link that somebody asked for, if the address is a customer's.
    MailLink {
        /// The business.
        tenant_id: TenantId,
        /// The link's token.
        token_id: TokenId,
    },
    /// Send a recorded mail.
    SendMail {
        /// The business.
        tenant_id: TenantId,
        /// Which mail.
        mail_id: MailId,
    },
    /// Render a finalised document.
    RenderDocument {
        /// The business.
        tenant_id: TenantId,
        /// Which document.
        document_id: DocumentId,
    },
    /// Compare a provider's list of charges and refunds with ours.
    Reconcile {
        /// The business.
        tenant_id: TenantId,
        /// Through which account.
        account_id: AccountId,
    },
    /// Ask VIES about a customer's VAT id.
    CheckVat {
        /// The business.
        tenant_id: TenantId,
        /// Whose VAT id.
        customer_id: CustomerId,
    },
}

impl Job {
    /// Every kind this program knows; a worker leaves others to a newer one.
    pub const KINDS: &'static [&'static str] = &[
        "advance",
        "collect",
        "resolve",
        "complete_setup",
        "fetch_back",
        "detach_method",
        "mail_link",
        "send_mail",
        "render_document",
        "reconcile",
        "check_vat",
    ];

    /// The stored word for the kind, the same as in the payload.
    pub fn kind(&self) -> &'static str {
        self.parts().0
    }

    /// Where it waits.
    pub fn queue(&self) -> Queue {
        match self {
            Self::Advance { .. } => Queue::Billing,
            Self::Collect { .. } | Self::Resolve { .. } => Queue::Payments,
            Self::CompleteSetup { .. }
            | Self::FetchBack { .. }
            | Self::DetachMethod { .. }
            | Self::Reconcile { .. } => Queue::Payments,
            Self::MailLink { .. } | Self::SendMail { .. } | Self::CheckVat { .. } => Queue::Outbound,
            Self::RenderDocument { .. } => Queue::Documents,
        }
    }

    /// Jobs with the same key are the same job: asking twice is asking once.
    pub fn dedupe_key(&self) -> String {
        let (kind, tenant_id, subject) = self.parts();
        format!("{kind}/{tenant_id}/{subject}")
    }

    /// Whose work it is.
    pub fn tenant_id(&self) -> &TenantId {
        self.parts().1
    }

    fn parts(&self) -> (&'static str, &TenantId, &str) {
        match self {
            Self::Advance { tenant_id, subscription_id } => ("advance", tenant_id, subscription_id.as_str()),
            Self::Collect { tenant_id, invoice_id } => ("collect", tenant_id, invoice_id.as_str()),
            Self::Resolve { tenant_id, attempt_id } => ("resolve", tenant_id, attempt_id.as_str()),
            Self::CompleteSetup { tenant_id, setup_id } => ("complete_setup", tenant_id, setup_id.as_str()),
            Self::FetchBack { tenant_id, inbound_event_id } => {
                ("fetch_back", tenant_id, inbound_event_id.as_str())
            }
            Self::DetachMethod { tenant_id, payment_method_id } => {
                ("detach_method", tenant_id, payment_method_id.as_str())
            }
            Self::MailLink { tenant_id, token_id } => ("mail_link", tenant_id, token_id.as_str()),
            Self::SendMail { tenant_id, mail_id } => ("send_mail", tenant_id, mail_id.as_str()),
            Self::RenderDocument { tenant_id, document_id } => {
                ("render_document", tenant_id, document_id.as_str())
            }
            Self::Reconcile { tenant_id, account_id } => ("reconcile", tenant_id, account_id.as_str()),
            Self::CheckVat { tenant_id, customer_id } => ("check_vat", tenant_id, customer_id.as_str()),
        }
    }
}

/// How long a job that failed `failures` times in a row waits for its next run.
pub fn backoff(failures: i32) -> TimeDelta {
    TimeDelta::seconds(match failures {
        ..=1 => 5,
        2 => 30,
        3 => 2 * 60,
        4 => 10 * 60,
        5 => 30 * 60,
        _ => 60 * 60,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_of_each() -> Vec<Job> {
        let tenant_id = TenantId::from("biz_1");
        let for_tenant = || tenant_id.clone();
        vec![
            Job::Advance { tenant_id: for_tenant(), subscription_id: "sub_1".into() },
            Job::Collect { tenant_id: for_tenant(), invoice_id: "inv_1".into() },
            Job::Resolve { tenant_id: for_tenant(), attempt_id: "att_1".into() },
            Job::CompleteSetup { tenant_id: for_tenant(), setup_id: "set_1".into() },
            Job::FetchBack { tenant_id: for_tenant(), inbound_event_id: "inb_1".into() },
            Job::DetachMethod { tenant_id: for_tenant(), payment_method_id: "pm_1".into() },
            Job::MailLink { tenant_id: for_tenant(), token_id: "tok_1".into() },
            Job::SendMail { tenant_id: for_tenant(), mail_id: "mai_1".into() },
            Job::RenderDocument { tenant_id: for_tenant(), document_id: "doc_1".into() },
            Job::Reconcile { tenant_id: for_tenant(), account_id: "acc_1".into() },
            Job::CheckVat { tenant_id: for_tenant(), customer_id: "cus_1".into() },
        ]
    }

    #[test]
    fn every_kind_is_listed_and_reads_back_under_its_own_word() {
        let jobs = one_of_each();
        assert_eq!(jobs.iter().map(Job::kind).collect::<Vec<_>>(), Job::KINDS);
        for job in jobs {
            let payload = serde_json::to_value(&job).expect("payload");
            assert_eq!(payload["kind"], job.kind());
            assert_eq!(serde_json::from_value::<Job>(payload).expect("job"), job);
        }
    }

    #[test]
    fn the_key_names_kind_business_and_subject() {
        assert_eq!(one_of_each()[1].dedupe_key(), "collect/biz_1/inv_1");
    }

    #[test]
    fn waiting_grows_and_never_passes_an_hour() {
        let waits: Vec<_> = (1..40).map(backoff).collect();
        assert!(waits.is_sorted() && waits.last() == Some(&TimeDelta::hours(1)));
    }
}
