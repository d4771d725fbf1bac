//! The words that settings offer.

use domain::words;

words! {
    /// How mail leaves.
    MailTransport {
        /// Through an SMTP server.
        Smtp = "smtp",
        /// Into a folder, one file a message: for the demo, tests and trying things out.
        Folder = "folder",
    }
}
words! {
    /// How the SMTP connection is protected.
    SmtpTls {
        /// Start in the clear, then switch to TLS or give up. Usually port 587.
        Starttls = "starttls",
        /// TLS from the first byte. Usually port 465.
        Tls = "tls",
        /// No protection: for a relay on this machine only.
        None = "none",
    }
}
words! {
    /// How log lines are written.
    LogFormat {
        /// For people.
        Text = "text",
        /// For machines, one JSON object a line.
        Json = "json",
    }
}
words! {
    /// Whether a business moves real money.
    Mode {
        /// Real customers, real money.
        Live = "live",
        /// Its own hosts, keys and data, and a clock that can be moved.
        Test = "test",
    }
}
words! {
    /// Whether prices contain the tax.
    TaxBehaviour {
        /// Prices contain it.
        Inclusive = "inclusive",
        /// It is added on top.
        Exclusive = "exclusive",
    }
}
words! {
    /// When the running number of invoices starts again at 1.
    SeriesReset {
        /// Never.
        Never = "never",
        /// Every January.
        Yearly = "yearly",
        /// Every month.
        Monthly = "monthly",
    }
}
words! {
    /// The typeface of the portal. No web font is loaded.
    Font {
        /// The reader's own system face.
        System = "system",
        /// A serif face.
        Serif = "serif",
        /// A rounded face.
        Rounded = "rounded",
    }
}
words! {
    /// Light or dark.
    Scheme {
        /// As the reader's device says.
        Device = "device",
        /// Always light.
        Light = "light",
        /// Always dark.
        Dark = "dark",
    }
}
words! {
    /// When a cancellation by the customer takes effect.
    CancelTiming {
        /// When the paid period ends. Can be revoked until then.
        PeriodEnd = "period_end",
        /// At once.
        Now = "now",
    }
}
words! {
    /// Whether the cancel page asks why.
    CancelReasons {
        /// It does not ask.
        Off = "off",
        /// It asks, an answer is not needed.
        Optional = "optional",
        /// An answer is needed.
        Required = "required",
    }
}
words! {
    /// What a cancellation during a trial does.
    TrialCancellation {
        /// The trial ends at once.
        Immediate = "immediate",
        /// The trial runs to its end, then nothing is charged. Can be revoked until then.
        TrialEnd = "trial_end",
    }
}
words! {
    /// What happens when a trial ends and no payment method is there.
    TrialEndWithoutMethod {
        /// The subscription waits on hold; no invoice, no debt.
        OnHold = "on_hold",
        /// The subscription ends.
        Cancel = "cancel",
        /// An invoice is written and becomes due.
        Invoice = "invoice",
    }
}
words! {
    /// What is charged when several periods went by while nothing ran.
    CatchUp {
        /// One period is charged; the rest waits for a person.
        OneThenReview = "one_then_review",
        /// Every period is charged.
        All = "all",
        /// The missed periods are skipped.
        SkipToCurrent = "skip_to_current",
    }
}
words! {
    /// What happens to the time already paid when a subscription is cancelled at once.
    UnusedTime {
        /// Nothing is given back.
        None = "none",
        /// Its worth is credited to the customer's balance.
        Credit = "credit",
        /// Its worth is refunded.
        Refund = "refund",
    }
}
words! {
    /// What happens to open invoices when a subscription is cancelled at once.
    OpenInvoices {
        /// Nothing is collected automatically any more; the customer can still pay by hand.
        Stop = "stop",
        /// Collection goes on.
        KeepCollecting = "keep_collecting",
        /// They are voided.
        Void = "void",
    }
}
words! {
    /// What a reactivation does when the unpaid period is already over.
    LapsedPeriod {
        /// The stale invoice is credited and a new period starts now.
        Restart = "restart",
        /// The old invoice is charged, then the subscription goes on from its end.
        Arrears = "arrears",
    }
}
words! {
    /// What the end of dunning does to the subscription.
    DunningEnd {
        /// It is cancelled.
        Cancel = "cancel",
        /// It stays on hold until someone pays.
        StayOnHold = "stay_on_hold",
    }
}
words! {
    /// What the end of dunning does to the invoice.
    UnpaidInvoice {
        /// It is marked uncollectible; it can still be paid.
        Uncollectible = "uncollectible",
        /// It stays open.
        Leave = "leave",
    }
}
