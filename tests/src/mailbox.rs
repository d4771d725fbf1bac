//! The mails of a story, read from the folder that the worker writes them to.

use crate::world::World;
use mail_parser::MessageParser;
use scraper::{Html, Selector};
use std::path::Path;
use std::time::SystemTime;

/// A mail as it arrived.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Recipient.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// The same for every copy of one mail.
    pub message_id: String,
    /// Where mail programs end such mails with one press.
    pub unsubscribe: Option<String>,
    at: SystemTime,
}

impl Letter {
    /// The addresses of all links, in order.
    pub fn links(&self) -> Vec<String> {
        let anchors = Selector::parse("a[href]").unwrap();
        let page = Html::parse_document(&self.html);
        page.select(&anchors).map(|a| a.attr("href").unwrap_or_default().to_owned()).collect()
    }

    /// The link that signs its reader in.
    ///
    /// # Panics
    /// When there is none.
    pub fn link(&self) -> String {
        let signs_in = |url: &String| url.contains("/auth/") || url.contains("/r/");
        self.links().into_iter().find(signs_in).unwrap_or_else(|| panic!("no link in {:?}", self.subject))
    }

    /// The six digits of a sign-in mail.
    ///
    /// # Panics
    /// When there are none.
    pub fn code(&self) -> String {
        let plain = self.text.replace(['\u{a0}', '\u{202f}'], " ");
        let joined = plain.lines().map(|line| line.replace(' ', ""));
        let six = |line: &str| line.len() == 6 && line.bytes().all(|b| b.is_ascii_digit());
        let by_line = joined.into_iter().find(|line| six(line));
        by_line
            .or_else(|| plain.split(|c: char| !c.is_ascii_digit()).find(|word| six(word)).map(str::to_owned))
            .unwrap_or_else(|| panic!("no code in {plain}"))
    }
}

impl World {
    /// Every mail sent so far, oldest first.
    pub fn mails(&self) -> Vec<Letter> {
        let Ok(entries) = std::fs::read_dir(self.mail_folder()) else {
            return Vec::new();
        };
        let paths = entries.flatten().map(|entry| entry.path());
        let mut mails: Vec<Letter> = paths
            .filter(|path| path.extension().is_some_and(|e| e == "eml"))
            .map(|path| read(&path))
            .collect();
        mails.sort_by_key(|mail| mail.at);
        mails
    }

    /// The mails to an address, oldest first.
    pub fn mails_to(&self, email: &str) -> Vec<Letter> {
        self.mails().into_iter().filter(|mail| mail.to == email).collect()
    }

    /// The subjects of the mails to an address, oldest first.
    pub fn subjects_to(&self, email: &str) -> Vec<String> {
        self.mails_to(email).into_iter().map(|mail| mail.subject).collect()
    }

    /// The newest mail to an address whose subject begins so.
    ///
    /// # Panics
    /// When there is none.
    pub fn mail(&self, email: &str, subject: &str) -> Letter {
        let mut mails = self.mails_to(email);
        mails.retain(|mail| mail.subject.starts_with(subject));
        mails.pop().unwrap_or_else(|| {
            panic!("no mail {subject:?} to {email}; there are {:?}", self.subjects_to(email))
        })
    }
}

fn read(path: &Path) -> Letter {
    let raw = std::fs::read(path).unwrap();
    let mail = MessageParser::default().parse(&raw).expect("a mail");
    let to = mail.to().and_then(|list| list.first()).and_then(|one| one.address());
    Letter {
        to: to.unwrap_or_default().to_owned(),
        subject: mail.subject().unwrap_or_default().to_owned(),
        text: mail.body_text(0).unwrap_or_default().into_owned(),
        html: mail.body_html(0).unwrap_or_default().into_owned(),
        unsubscribe: mail
            .header_raw("List-Unsubscribe")
            .map(|raw| raw.trim().trim_matches(['<', '>']).to_owned()),
        message_id: mail.message_id().unwrap_or_default().to_owned(),
        at: path.metadata().and_then(|meta| meta.modified()).unwrap(),
    }
}
