//! Form-encoded bodies, which Stripe takes in place of JSON.

use plugin_sdk::Request;
use plugin_sdk::http::encode;

/// `name=value` pairs; nested names are written out, as in `metadata[key]`.
#[derive(Debug, Default)]
pub struct Form(String);

impl Form {
    /// With a pair.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(&encode(name));
        self.0.push('=');
        self.0.push_str(&encode(value));
        self
    }

    /// With a pair where there is a value.
    pub fn set_some(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// As the query of a URL.
    pub fn into_query(self) -> String {
        self.0
    }

    /// As the body of a POST.
    pub fn post(self, url: String) -> Request {
        let mut request = Request::post(url).header("content-type", "application/x-www-form-urlencoded");
        request.body = self.0.into_bytes();
        request
    }
}
