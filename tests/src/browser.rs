//! A browser without JavaScript: follows redirects, keeps cookies, fills in and sends the forms it is shown.

use crate::people::Customer;
use crate::world::World;
use reqwest::header::{HeaderMap, LOCATION, ORIGIN};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use scraper::{ElementRef, Html, Selector};
use url::Url;

/// Redirects followed before it is a loop.
const HOPS: usize = 8;

/// A browser with cookies of its own.
pub struct Browser {
    client: Client,
    base: Url,
    page: Page,
}

/// An answer, read whole.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where it came from, after redirects.
    pub url: Url,
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl World {
    /// A new browser at the portal of `acme`.
    pub fn browser(&self) -> Browser {
        Browser::at(&self.url())
    }

    /// A new browser at the portal of `umbra`.
    pub fn umbra_browser(&self) -> Browser {
        Browser::at(&self.umbra_url())
    }

    /// A browser in which this customer has signed in by the mailed link.
    pub async fn signed_in(&self, customer: &Customer) -> Browser {
        let url = if customer.tenant == self.acme { self.url() } else { self.umbra_url() };
        let mut browser = Browser::at(&url);
        self.sign_in(&mut browser, &customer.email).await;
        browser
    }

    /// Adds a card on the provider's page and ends on the page after it. `purpose` is `?for=` with what it is for,
    /// or nothing.
    pub async fn add_card(&self, browser: &mut Browser, purpose: &str, number: &str) -> Page {
        browser.open(&format!("/payment-methods/add{purpose}")).await;
        browser.submit("/payment-methods/add", &[]).await;
        let card =
            [("number", number), ("expiry", "09 / 39"), ("cvc", "123"), ("name", "Ada"), ("do", "save")];
        let back = browser.submit("/setup/", &card).await;
        assert_eq!(back.url.path(), "/payment-methods/return", "{}", back.text());
        self.settle().await;
        browser.open(back.url.as_str()).await
    }

    /// Asks for a link in a browser, reads the mail, opens the link and presses the button.
    pub async fn sign_in(&self, browser: &mut Browser, email: &str) {
        browser.ask_for_link(email).await;
        self.settle().await;
        let mail = self.mail(email, "Sign in");
        browser.open(&mail.link()).await;
        let page = browser.submit("/auth/", &[]).await;
        assert_eq!((page.status, page.url.path()), (200, "/"), "{}", page.text());
    }
}

impl Browser {
    fn at(url: &str) -> Self {
        let client =
            Client::builder().no_proxy().redirect(Policy::none()).cookie_store(true).build().unwrap();
        let base = Url::parse(url).unwrap();
        let page = Page { url: base.clone(), status: 0, headers: HeaderMap::new(), body: Vec::new() };
        Self { client, base, page }
    }

    /// The page it shows.
    pub fn page(&self) -> &Page {
        &self.page
    }

    /// Opens a path of the portal or a whole address, follows redirects and answers with the page it ends on.
    pub async fn open(&mut self, address: &str) -> Page {
        let url = self.page_base(address);
        let answer = self.client.get(url).send().await.unwrap();
        self.follow(answer).await
    }

    /// Asks once, without following redirects and without leaving the page.
    pub async fn look(&self, method: &str, address: &str) -> Page {
        let request = self.client.request(method.parse().unwrap(), self.page_base(address));
        read(request.send().await.unwrap()).await
    }

    /// Fills in the page's form whose action ends so, or contains it, and sends it. Fields not named keep what the
    /// page put into them. For a button with a name, name it.
    ///
    /// # Panics
    /// When the page has no such form.
    pub async fn submit(&mut self, action: &str, fields: &[(&str, &str)]) -> Page {
        let (url, all) = self.page.form(action, fields);
        let answer = self.send(&url, &all).await;
        self.follow(answer).await
    }

    /// Sends the page's form so many times at once and answers with what came back, redirects not followed.
    ///
    /// # Panics
    /// When the page has no such form.
    pub async fn submit_at_once(&self, times: usize, action: &str, fields: &[(&str, &str)]) -> Vec<Page> {
        let (url, all) = self.page.form(action, fields);
        let mut presses = tokio::task::JoinSet::new();
        for _ in 0..times {
            let request = self.client.post(url.clone()).header(ORIGIN, self.origin()).form(&all);
            presses.spawn(async { read(request.send().await.unwrap()).await });
        }
        presses.join_all().await
    }

    /// Sends fields to an address with this browser's cookies and the token of the page it shows, form or no form.
    pub async fn forge(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        let mut all: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        all.push(("csrf".to_owned(), self.page.value("csrf")));
        read(self.send(&self.page_base(address), &all).await).await
    }

    /// Types an address into the sign-in page and sends it.
    pub async fn ask_for_link(&mut self, email: &str) -> Page {
        self.open("/login").await;
        self.submit("/login", &[("email", email)]).await
    }

    async fn send(&self, url: &Url, fields: &[(String, String)]) -> Response {
        self.client.post(url.clone()).header(ORIGIN, self.origin()).form(fields).send().await.unwrap()
    }

    /// Origin of the page whose form is sent.
    fn origin(&self) -> String {
        self.page.url.origin().ascii_serialization()
    }

    fn page_base(&self, address: &str) -> Url {
        self.base.join(address).unwrap()
    }

    async fn follow(&mut self, mut answer: Response) -> Page {
        for _ in 0..HOPS {
            if !answer.status().is_redirection() {
                self.page = read(answer).await;
                return self.page.clone();
            }
            let to = answer.headers()[LOCATION].to_str().unwrap();
            let url = answer.url().join(to).unwrap();
            answer = self.client.get(url).send().await.unwrap();
        }
        panic!("redirected {HOPS} times, last to {}", answer.url());
    }
}

async fn read(answer: Response) -> Page {
    let (url, status, headers) = (answer.url().clone(), answer.status().as_u16(), answer.headers().clone());
    Page { url, status, headers, body: answer.bytes().await.unwrap().to_vec() }
}

impl Page {
    /// The body as text.
    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// What a person reads in the main part, in one line.
    pub fn text(&self) -> String {
        let page = Html::parse_document(&self.html());
        let main = page.select(&css("main")).next().unwrap_or(page.root_element());
        squeeze(&main.text().collect::<String>())
    }

    /// What a person reads in each element that fits.
    pub fn all(&self, selector: &str) -> Vec<String> {
        let page = Html::parse_document(&self.html());
        page.select(&css(selector)).map(|found| squeeze(&found.text().collect::<String>())).collect()
    }

    /// Where the links that fit lead.
    pub fn links(&self, selector: &str) -> Vec<String> {
        let page = Html::parse_document(&self.html());
        page.select(&css(selector)).filter_map(|a| a.attr("href").map(str::to_owned)).collect()
    }

    /// What the page has put into the field of this name.
    pub fn value(&self, name: &str) -> String {
        let page = Html::parse_document(&self.html());
        let field = page.select(&css(&format!("input[name={name}]"))).next();
        field.and_then(|input| input.attr("value")).unwrap_or_default().to_owned()
    }

    /// Whether the page has a form whose action contains this.
    pub fn has_form(&self, action: &str) -> bool {
        let page = Html::parse_document(&self.html());
        find_form(&page, action).is_some()
    }

    /// Address and fields of a form as a browser would send them.
    fn form(&self, action: &str, fields: &[(&str, &str)]) -> (Url, Vec<(String, String)>) {
        let page = Html::parse_document(&self.html());
        let form = find_form(&page, action).unwrap_or_else(|| {
            panic!("no form {action:?} on {} ({}): {}", self.url, self.status, self.text())
        });
        let url = self.url.join(form.attr("action").unwrap_or_default()).unwrap();
        let mut all = filled_in(form);
        all.retain(|(name, _)| fields.iter().all(|(given, _)| given != name));
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        (url, all)
    }
}

/// A form that is sent by POST. Without an action it is sent to its page.
fn find_form<'a>(page: &'a Html, action: &str) -> Option<ElementRef<'a>> {
    let posts = css("form[method=post]");
    let mut forms = page.select(&posts);
    forms.find(|form| form.attr("action").unwrap_or_default().contains(action))
}

/// The fields of a form with what the page put into them.
fn filled_in(form: ElementRef<'_>) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for field in form.select(&css("input[name], textarea[name], select[name]")) {
        let name = field.attr("name").unwrap_or_default().to_owned();
        let value = match (field.value().name(), field.attr("type")) {
            ("input", Some("checkbox" | "radio")) if field.attr("checked").is_none() => continue,
            ("input", Some("submit")) => continue,
            ("select", _) => selected(field),
            ("textarea", _) => field.text().collect(),
            _ => field.attr("value").unwrap_or_default().to_owned(),
        };
        fields.push((name, value));
    }
    fields
}

fn selected(list: ElementRef<'_>) -> String {
    let (chosen, any) = (css("option[selected]"), css("option"));
    let option = list.select(&chosen).next().or_else(|| list.select(&any).next());
    option.and_then(|option| option.attr("value")).unwrap_or_default().to_owned()
}

fn css(selector: &str) -> Selector {
    Selector::parse(selector).unwrap()
}

/// Text with every run of white space made one space.
pub fn squeeze(text: &str) -> String {
    let plain = text.replace(['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'], "");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
