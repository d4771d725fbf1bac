//! The content of a mail in words, and the two templates that show it.

use super::{Email, Mail, Sender};
use crate::TemplateError;
use crate::i18n::{Arg, Catalogues};
use crate::lang::Lang;
use crate::page::Bill;
use crate::render::Renderer;
use crate::theme;
use domain::money::Money;
use serde::Serialize;

/// What a mail says, from top to bottom.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Letter {
    /// Subject, also the title of the HTML part.
    pub subject: String,
    /// Line shown next to the subject in the list of mails.
    pub preheader: String,
    /// Small line above the heading.
    pub eyebrow: Option<String>,
    /// Heading.
    pub heading: String,
    /// The heading is an amount and set large.
    pub big: bool,
    /// Badge with the line that follows it.
    pub badge: Option<Badge>,
    /// Paragraphs.
    pub paragraphs: Vec<String>,
    /// Code to type.
    pub code: Option<Labelled>,
    /// Rows of a bill.
    pub rows: Vec<Row>,
    /// The one thing to do.
    pub button: Option<Link>,
    /// Print the button's address below it, to copy.
    pub show_url: bool,
    /// Further links.
    pub links: Vec<Link>,
    /// Small print.
    pub small: Vec<String>,
}

/// A badge and what follows it.
#[derive(Debug, Clone, Serialize)]
pub struct Badge {
    /// Text of the badge.
    pub label: String,
    /// Text after it.
    pub text: String,
}

/// A value under its label.
#[derive(Debug, Clone, Serialize)]
pub struct Labelled {
    /// Label.
    pub label: String,
    /// Value.
    pub value: String,
}

/// A row of a bill.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// What.
    pub label: String,
    /// Small line below it.
    pub note: Option<String>,
    /// How much.
    pub amount: String,
    /// The sum of the rows above.
    pub total: bool,
}

/// A link.
#[derive(Debug, Clone, Serialize)]
pub struct Link {
    /// Text.
    pub label: String,
    /// Address.
    pub url: String,
}

/// Speaks the reader's language for one sender. Every message may use `business`.
pub struct Say<'a> {
    words: &'a Catalogues,
    lang: Lang,
    brand: &'a str,
}

impl Say<'_> {
    /// A message.
    pub fn text(&self, id: &str, args: &[(&str, Arg)]) -> Result<String, TemplateError> {
        let mut all = vec![("business", Arg::Text(self.brand.to_owned()))];
        all.extend_from_slice(args);
        self.words.message(self.lang, id, &all)
    }

    /// A rate given in percent.
    pub fn percent(&self, rate: &str) -> Result<String, TemplateError> {
        Ok(self.words.formats(self.lang)?.percent(rate))
    }

    /// An amount.
    pub fn money(&self, amount: Money) -> Result<String, TemplateError> {
        self.words.formats(self.lang)?.money(amount)
    }

    /// The rows of a bill, the total last.
    pub fn rows(&self, bill: &Bill) -> Result<Vec<Row>, TemplateError> {
        let formats = self.words.formats(self.lang)?;
        let row = |label, note, amount, total| -> Result<Row, TemplateError> {
            Ok(Row { label, note, amount: formats.money(amount)?, total })
        };
        let mut rows = Vec::new();
        for line in &bill.lines {
            let note = line.period.map(|period| self.words.period(self.lang, &period, false));
            rows.push(row(line.description.clone(), note.transpose()?, line.amount, false)?);
        }
        for tax in &bill.taxes {
            let name = tax.name.clone().map_or_else(|| self.text("tax-vat", &[]), Ok)?;
            rows.push(row(format!("{name} {}", formats.percent(&tax.rate)), None, tax.amount, false)?);
        }
        rows.push(row(self.text("bill-total", &[])?, None, bill.total, true)?);
        Ok(rows)
    }
}

/// Colours of the HTML part, both schemes, safe to read.
#[derive(Serialize)]
struct Colours {
    accent: String,
    on_accent: String,
    link: String,
    dark_accent: String,
    dark_on_accent: String,
    dark_link: String,
}

#[derive(Serialize)]
struct Frame<'a> {
    letter: &'a Letter,
    brand: &'a str,
    imprint: &'a str,
    colours: Colours,
}

impl Renderer {
    /// A mail in the reader's language.
    pub fn email(&self, sender: &Sender, mail: &dyn Mail) -> Result<Email, TemplateError> {
        let say = Say { words: self.words(), lang: sender.lang, brand: &sender.brand };
        let letter = mail.letter(&say)?;
        let theme = theme::derive(sender.colour);
        let frame = Frame {
            letter: &letter,
            brand: &sender.brand,
            imprint: &sender.imprint,
            colours: Colours {
                accent: theme::hex(theme.light.accent),
                on_accent: theme::hex(theme.light.on_accent),
                link: theme::hex(theme.light.text),
                dark_accent: theme::hex(theme.dark.accent),
                dark_on_accent: theme::hex(theme.dark.on_accent),
                dark_link: theme::hex(theme.dark.text),
            },
        };
        Ok(Email {
            subject: without_marks(&letter.subject),
            text: without_marks(&self.template("email/letter.txt", sender.lang, &frame)?),
            html: self.template("email/letter.html", sender.lang, &frame)?,
        })
    }
}

/// Without the invisible direction marks, which some mail programs show as boxes.
fn without_marks(text: &str) -> String {
    text.chars().filter(|c| !('\u{2066}'..='\u{2069}').contains(c)).collect()
}
