//! What lies in a guest's memory from the start, in the layout of the canonical ABI.

/// Bytes from an address on.
pub struct Image {
    base: u32,
    bytes: Vec<u8>,
}

impl Image {
    pub const fn at(base: u32) -> Self {
        Self { base, bytes: Vec::new() }
    }

    /// Lays bytes down, aligned to 8; says where.
    pub fn put(&mut self, bytes: &[u8]) -> u32 {
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
        let address = self.base + u32::try_from(self.bytes.len()).unwrap();
        self.bytes.extend_from_slice(bytes);
        address
    }

    /// Address and length of a text.
    pub fn text(&mut self, text: &str) -> [u32; 2] {
        [self.put(text.as_bytes()), u32::try_from(text.len()).unwrap()]
    }

    /// The two instructions that push address and length of a text.
    pub fn push(&mut self, text: &str) -> String {
        let [address, length] = self.text(text);
        format!("(i32.const {address}) (i32.const {length})")
    }

    fn texts(&mut self, texts: &[&str]) -> [u32; 2] {
        let mut list = Fields::default();
        for text in texts {
            list.pair(self.text(text));
        }
        [self.put(&list.0), u32::try_from(texts.len()).unwrap()]
    }

    /// The `data` segment of all this.
    pub fn segment(&self) -> String {
        data(self.base, &self.bytes)
    }
}

/// A `data` segment.
pub fn data(address: u32, bytes: &[u8]) -> String {
    let text: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
    format!("(data (i32.const {address}) \"{text}\")")
}

/// The fields of a record, one after the other.
#[derive(Default)]
pub struct Fields(pub Vec<u8>);

impl Fields {
    pub fn align(&mut self, to: usize) -> &mut Self {
        self.0.resize(self.0.len().next_multiple_of(to), 0);
        self
    }

    pub fn byte(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }

    pub fn word(&mut self, value: u32) -> &mut Self {
        self.align(4).0.extend(value.to_le_bytes());
        self
    }

    pub fn long(&mut self, value: i64) -> &mut Self {
        self.align(8).0.extend(value.to_le_bytes());
        self
    }

    pub fn pair(&mut self, [address, length]: [u32; 2]) -> &mut Self {
        self.word(address).word(length)
    }
}

/// The manifest all guests show.
pub struct Shown<'a> {
    pub hosts: &'a [&'a str],
    pub lookup_posts: &'a [&'a str],
    /// Token URL of OAuth 2.0 client credentials, from the settings `client_id` and `secret_key`.
    pub token_url: Option<&'a str>,
}

impl Shown<'_> {
    pub fn record(&self, image: &mut Image) -> Vec<u8> {
        let mut fields = Fields::default();
        for text in ["hostile", "1", "Hostile"] {
            fields.pair(image.text(text));
        }
        // Capabilities: a key in a header, lookups, refunds and lists.
        fields.align(8).byte(1).long(86_400).byte(1).pair(image.text("Idempotency-Key")).byte(0).byte(1);
        fields.align(8).byte(1).align(4).byte(1).word(0);
        fields.byte(1).byte(1).byte(1).word(60).align(8);
        let authorization = fields.0.len();
        if let Some(url) = self.token_url {
            fields.word(2);
            for text in [url, "client_id", "secret_key"] {
                fields.pair(image.text(text));
            }
        }
        fields.0.resize(authorization + 40, 0);
        fields.pair(image.texts(self.hosts)).pair([0, 0]).pair(image.texts(self.lookup_posts));
        fields.pair(settings(image)).pair(image.texts(&["card"])).pair([0, 0]);
        fields.0
    }
}

/// An origin, a client's id and a secret, none of them required.
fn settings(image: &mut Image) -> [u32; 2] {
    const KINDS: [(&str, u8); 3] = [("base_url", 2), ("client_id", 0), ("secret_key", 1)];
    let mut list = Fields::default();
    for (key, kind) in KINDS {
        list.pair(image.text(key)).pair(image.text(key));
        list.word(kind.into()).pair([0, 0]);
        list.byte(0).word(0).pair([0, 0]);
    }
    [image.put(&list.0), 3]
}
