//! A browser without a window: follows nothing by itself, keeps cookies, knows the tokens of the forms it sees.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

/// One browser of one person.
#[derive(Clone)]
pub struct Browser {
    port: u16,
    /// What it sends as `Host`.
    pub host: String,
    /// What it sends as `Origin` with forms.
    pub origin: Option<String>,
    pub cookies: BTreeMap<String, String>,
    csrf: String,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Page {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Page {
    /// The only value of a header; panics when it comes twice.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.all(name).into_iter();
        let first = values.next();
        assert!(values.next().is_none(), "{name} twice");
        first
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str()).collect()
    }

    pub fn says(&self, text: &str) -> bool {
        self.body.contains(text)
    }

    /// Where a 303 leads.
    pub fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.body);
        self.header("location").expect("location")
    }

    /// The value of a hidden input.
    pub fn hidden(&self, name: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!("name=\"{name}\" value=\""))?;
        rest.split('"').next().map(str::to_owned)
    }
}

impl Browser {
    pub fn new(port: u16, host: &str) -> Self {
        Self {
            port,
            host: format!("{host}:{port}"),
            origin: Some(format!("http://{host}:{port}")),
            cookies: BTreeMap::new(),
            csrf: String::new(),
        }
    }

    pub fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, &[], None)
    }

    /// Sends a form with the token of the last page.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.csrf.clone();
        let fields = fields.iter().copied().chain([("csrf", csrf.as_str())]);
        self.post_raw(path, &form(fields))
    }

    pub fn post_raw(&mut self, path: &str, body: &str) -> Page {
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
        let origin = self.origin.clone();
        if let Some(origin) = &origin {
            headers.push(("origin", origin));
        }
        self.send("POST", path, &headers, Some(body))
    }

    /// Follows a chain of redirects on this host.
    pub fn follow(&mut self, page: Page) -> Page {
        let mut page = page;
        for _ in 0..5 {
            if page.status != 303 {
                return page;
            }
            let location = page.location().to_owned();
            page = self.get(&location);
        }
        panic!("redirects without end");
    }

    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Page {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.host);
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request += &format!("Cookie: {}\r\n", cookies.join("; "));
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        let body = body.unwrap_or_default();
        request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        let page = exchange(self.port, &request);
        self.keep(&page);
        page
    }

    fn keep(&mut self, page: &Page) {
        for cookie in page.all("set-cookie") {
            let (pair, attributes) = cookie.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("name and value");
            if attributes.contains("Max-Age=0") || value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        if let Some(csrf) = page.hidden("csrf") {
            self.csrf = csrf;
        }
    }

    pub fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// A form's body.
pub fn form<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Sends a request as it is and reads the answer to its end.
pub fn exchange(port: u16, request: &str) -> Page {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("connect");
    stream.write_all(request.as_bytes()).expect("send");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("read");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").expect("head");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("status");
    let header = |line: &str| {
        let (name, value) = line.split_once(':').expect("header");
        (name.to_ascii_lowercase(), value.trim().to_owned())
    };
    Page {
        status: status.parse().expect("status"),
        headers: lines.map(header).collect(),
        body: body.to_owned(),
    }
}
