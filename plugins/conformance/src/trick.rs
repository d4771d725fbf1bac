//! What services do instead of answering as they should.

/// A fault at one request.
#[derive(Debug, Clone, Copy)]
pub struct Trick {
    /// As the report names it.
    pub name: &'static str,
    /// What becomes of the request before the fault.
    pub effect: Effect,
    /// What the caller gets.
    pub act: Act,
}

/// Whether the request does what it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It does not.
    None,
    /// It does, and the answer is lost or wrong.
    Happens,
    /// It does once the caller has given up.
    Late,
    /// It does, and the wrong answer is kept: a repeated key gets it again.
    Stored,
}

/// What the caller gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Nothing, until it gives up.
    Silence,
    /// A reset connection.
    Reset,
    /// A closed connection.
    Close,
    /// This status, with an error's body.
    Status(u16),
    /// This status and a `Location` elsewhere.
    Redirect(u16),
    /// 200 with this body.
    Body(&'static str),
    /// 200 with bytes that are no text.
    Bytes,
    /// The good answer as a page of HTML says it.
    Html,
    /// Half of the good answer, though the whole was announced.
    Truncated,
    /// Half of the good answer, announced as such.
    Cut,
    /// More than may be read.
    Huge,
    /// The good answer, drop by drop.
    Drip,
    /// A hundred thousand arrays within each other.
    Deep,
    /// The good answer with another amount.
    WrongAmount,
    /// The good answer in another currency.
    WrongCurrency,
}

/// What may be concluded from what the caller got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing.
    Unclear,
    /// The request was refused before it did anything.
    Refused,
    /// It did something else than asked.
    Different,
}

impl Trick {
    pub fn meaning(&self) -> Meaning {
        match self.act {
            Act::Status(400 | 401 | 403 | 404 | 422 | 429) => Meaning::Refused,
            Act::WrongAmount | Act::WrongCurrency => Meaning::Different,
            _ => Meaning::Unclear,
        }
    }

    /// The caller finds out by waiting.
    pub fn is_slow(&self) -> bool {
        matches!(self.act, Act::Silence | Act::Drip)
    }

    /// Tried at every call, not only where money moves.
    pub fn is_basic(&self) -> bool {
        self.effect == Effect::Happens
            && matches!(
                self.act,
                Act::Silence
                    | Act::Reset
                    | Act::Status(500)
                    | Act::Body("")
                    | Act::Truncated
                    | Act::Huge
                    | Act::Html
                    | Act::Deep
            )
            || matches!(self.act, Act::Status(401 | 404 | 429) | Act::Redirect(302))
    }
}

const fn none(name: &'static str, act: Act) -> Trick {
    Trick { name, effect: Effect::None, act }
}

const fn happens(name: &'static str, act: Act) -> Trick {
    Trick { name, effect: Effect::Happens, act }
}

/// Every fault.
pub const TRICKS: [Trick; 49] = [
    none("timeout, and nothing happened", Act::Silence),
    happens("timeout, and it happened", Act::Silence),
    Trick { name: "timeout, and it happens later", effect: Effect::Late, act: Act::Silence },
    none("reset, and nothing happened", Act::Reset),
    happens("reset, and it happened", Act::Reset),
    none("connection closed, and nothing happened", Act::Close),
    happens("connection closed, and it happened", Act::Close),
    none("500, and nothing happened", Act::Status(500)),
    happens("500, and it happened", Act::Status(500)),
    Trick { name: "500, kept and repeated", effect: Effect::Stored, act: Act::Status(500) },
    none("502, and nothing happened", Act::Status(502)),
    happens("502, and it happened", Act::Status(502)),
    none("503, and nothing happened", Act::Status(503)),
    happens("503, and it happened", Act::Status(503)),
    none("504, and nothing happened", Act::Status(504)),
    happens("504, and it happened", Act::Status(504)),
    none("408 request timeout", Act::Status(408)),
    none("400", Act::Status(400)),
    none("401, credentials revoked", Act::Status(401)),
    none("403", Act::Status(403)),
    none("404", Act::Status(404)),
    none("409, still being executed", Act::Status(409)),
    happens("409, and it happened", Act::Status(409)),
    none("418, a status nobody expects", Act::Status(418)),
    none("422", Act::Status(422)),
    none("423, locked", Act::Status(423)),
    none("429, with a time to wait", Act::Status(429)),
    happens("202 with nothing in it", Act::Status(202)),
    happens("204 no content", Act::Status(204)),
    none("redirect 301", Act::Redirect(301)),
    none("redirect 302", Act::Redirect(302)),
    none("redirect 303", Act::Redirect(303)),
    none("redirect 307", Act::Redirect(307)),
    none("redirect 308", Act::Redirect(308)),
    happens("an empty body", Act::Body("")),
    happens("the body null", Act::Body("null")),
    happens("an empty object", Act::Body("{}")),
    happens("an empty list", Act::Body("[]")),
    happens("an object of wrong types", Act::Body(r#"{"id":7,"status":[],"amount":"x","data":{}}"#)),
    happens("an unknown status", Act::Body(r#"{"id":"x","status":"brand-new","data":null}"#)),
    happens("bytes that are no text", Act::Bytes),
    happens("a page of HTML", Act::Html),
    happens("an answer that breaks off", Act::Truncated),
    happens("half an answer", Act::Cut),
    happens("an answer of 3 MiB", Act::Huge),
    happens("an answer drop by drop", Act::Drip),
    happens("JSON 100,000 deep", Act::Deep),
    happens("another amount than asked for", Act::WrongAmount),
    happens("another currency than asked for", Act::WrongCurrency),
];
