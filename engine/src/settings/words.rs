//! The words that settings offer. Those with a meaning in billing itself are declared in `domain`.

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
