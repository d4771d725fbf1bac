//! Small repairs on both sides of the layout engine: what it reads and what it writes.

use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::ops::Range;

/// One HTML document for each `<section>` of the body, with the head of the whole; a body without sections is one
/// sheet. `None` when there is no body.
pub(super) fn sheets(html: &str) -> Option<Vec<Cow<'_, str>>> {
    let body = html.find("<body")?;
    let start = body + html[body..].find('>')? + 1;
    let end = html.rfind("</body>").filter(|end| *end >= start)?;
    let sections: Vec<&str> =
        html[start..end].split_inclusive("</section>").filter(|s| s.contains("<section")).collect();
    if sections.is_empty() {
        return Some(vec![Cow::Borrowed(html)]);
    }
    let sheet = |section: &str| Cow::Owned([&html[..start], section, &html[end..]].concat());
    Some(sections.into_iter().map(sheet).collect())
}

/// Helps the engine with text in both directions, which it orders well but not quite. It drops a plain space where
/// the direction turns, does not mirror brackets, and knows neither `dir="auto"` nor directional marks, so that
/// `-5.00` in a right-to-left document would end in its sign. Texts with right-to-left letters or marks are mended;
/// of the others an element in a right-to-left document is told to run left to right.
pub(super) fn settle_directions(html: &str) -> Cow<'_, str> {
    let right_to_left = html.contains("dir=\"rtl\"");
    if !right_to_left && !html.chars().any(is_right_to_left) {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() * 2);
    let (head, body) = html.split_at(html.find("<body").unwrap_or_default());
    out.push_str(head);
    for part in body.split_inclusive('>') {
        let (text, tag) = part.split_at(part.find('<').unwrap_or(part.len()));
        let visible = || text.chars().filter(|character| !is_mark(*character));
        if text.chars().any(is_right_to_left) {
            let mut text: Vec<char> = visible().collect();
            if right_to_left {
                put_signs_last(&mut text);
            }
            mirror_brackets(&mut text, right_to_left);
            push_with_kept_spaces(&mut out, &text);
        } else {
            if right_to_left && !text.trim().is_empty() {
                run_left_to_right(&mut out);
            }
            out.extend(visible());
        }
        out.push_str(tag);
    }
    Cow::Owned(out)
}

/// Moves the minus of a number behind it: there a text from right to left shows it in front.
fn put_signs_last(text: &mut [char]) {
    let mut start = 0;
    while start + 1 < text.len() {
        let begins = start == 0 || text[start - 1].is_whitespace();
        if !(begins && text[start] == '-' && text[start + 1].is_numeric()) {
            start += 1;
            continue;
        }
        let number = text[start + 1..].iter();
        let length = number.take_while(|c| c.is_numeric() || matches!(c, '.' | ',' | '٫' | '٬')).count();
        text[start..=start + length].rotate_left(1);
        start += length;
    }
}

const BRACKETS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('{', '}'), ('«', '»')];

/// Swaps the brackets of each pair that runs right to left (rule N0 of the Unicode bidirectional algorithm).
fn mirror_brackets(text: &mut [char], base_is_right_to_left: bool) {
    let mut open: Vec<(usize, char)> = Vec::new();
    for position in 0..text.len() {
        let character = text[position];
        if let Some((_, closing)) = BRACKETS.iter().find(|(opening, _)| *opening == character) {
            open.push((position, *closing));
        } else if let Some((start, _)) = open.pop_if(|(_, closing)| *closing == character) {
            let direction = |c: &char| c.is_alphabetic().then(|| is_right_to_left(*c));
            let inside: Vec<bool> = text[start..position].iter().filter_map(direction).collect();
            let before = text[..start].iter().rev().find_map(direction);
            let mirrored = match base_is_right_to_left {
                true => inside.contains(&true) || before != Some(false),
                false => !inside.contains(&false) && before == Some(true),
            };
            if mirrored {
                text.swap(start, position);
            }
        }
    }
}

/// Sets the direction of the element whose opening tag ends `out`.
fn run_left_to_right(out: &mut String) {
    let opening = out.ends_with('>') && out.rfind('<').is_some_and(|tag| !out[tag..].starts_with("</"));
    if opening {
        out.truncate(out.len() - 1);
        out.push_str(" style=\"direction: ltr\">");
    }
}

/// Appends `text` with no-break spaces between letters of different directions.
fn push_with_kept_spaces(out: &mut String, text: &[char]) {
    let (mut before, mut gap) = (None, out.len());
    for &character in text {
        if character.is_alphanumeric() {
            let direction = is_right_to_left(character);
            if before.is_some_and(|before| before != direction) {
                let kept = out.split_off(gap).replace(' ', "\u{a0}");
                out.push_str(&kept);
            }
            before = Some(direction);
            gap = out.len() + character.len_utf8();
        }
        out.push(character);
    }
}

/// Letters of Hebrew and Arabic, their presentation forms, and the mark that stands for one.
fn is_right_to_left(character: char) -> bool {
    matches!(u32::from(character), 0x590..=0x8FF | 0x200F | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFC)
}

/// Marks, embeddings and isolates, which have no glyph.
fn is_mark(character: char) -> bool {
    matches!(u32::from(character), 0x061C | 0x200E..=0x200F | 0x202A..=0x202E | 0x2066..=0x2069)
}

/// Makes the file depend on its content only: the identifier, which counts the documents of the process, becomes a
/// digest of the rest, and the dates, which are always 1970, become blanks. No byte moves, so offsets stay right.
pub(super) fn normalise(pdf: &mut [u8]) {
    for key in ["/CreationDate", "/ModDate"] {
        if let Some(entry) = entry(pdf, key, ")") {
            pdf[entry].fill(b' ');
        }
    }
    let Some(id) = entry(pdf, "/ID[", "]") else { return };
    pdf[id.clone()].fill(b' ');
    let hex = hex_digest(pdf);
    let value = format!("/ID[<{hex}><{hex}>]");
    pdf[id].iter_mut().zip(value.bytes()).for_each(|(to, from)| *to = from);
}

/// The first half of the SHA-256 digest, in 32 hexadecimal digits.
pub(super) fn hex_digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Where the last dictionary entry `key` stands, up to and with the next `close`. Page content is compressed and
/// comes first, so the last one is the file's own.
fn entry(pdf: &[u8], key: &str, close: &str) -> Option<Range<usize>> {
    let start = pdf.windows(key.len()).rposition(|window| window == key.as_bytes())?;
    let length = pdf[start..].windows(close.len()).position(|window| window == close.as_bytes())?;
    Some(start..start + length + close.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_becomes_a_sheet_with_the_same_head() {
        let html =
            "<html><head>h</head><body class=\"x\"> <section>1</section> <section>2</section> </body></html>";
        let sheets = sheets(html).unwrap();
        assert_eq!(sheets.len(), 2);
        assert!(sheets[1].starts_with("<html><head>h</head><body class=\"x\">"));
        assert!(sheets[1].contains("<section>2</section>") && !sheets[1].contains("<section>1</section>"));
        assert!(sheets[1].ends_with("</body></html>"));
        assert!(super::sheets("<p>no body</p>").is_none());
    }

    #[test]
    fn spaces_survive_where_the_direction_turns() {
        let settled = settle_directions("<body dir=\"ltr\"><p>מנוי Pro לצוות</p><p>two words</p></body>");
        assert_eq!(settled, "<body dir=\"ltr\"><p>מנוי\u{a0}Pro\u{a0}לצוות</p><p>two words</p></body>");
    }

    #[test]
    fn text_without_right_to_left_letters_runs_left_to_right() {
        let settled = settle_directions(
            "<html dir=\"rtl\"><style>a{}</style><body><p>-5.00</p><p>שלום</p></body></html>",
        );
        let expected = "<html dir=\"rtl\"><style>a{}</style><body><p style=\"direction: ltr\">-5.00</p><p>שלום</p></body></html>";
        assert_eq!(settled, expected);
    }

    #[test]
    fn a_sign_stands_before_its_number_in_both_directions() {
        let settled =
            |text: &str| settle_directions(&format!("<i dir=\"rtl\"><body>{text}</body>")).into_owned();
        // As Arabic amounts come: marks, sign, number, currency.
        assert!(settled("<p>\u{200f}\u{200e}-1,200.00\u{a0}€</p>").contains("<p>1,200.00-\u{a0}€</p>"));
        assert!(settled("<p>على -5 ثم A-7</p>").contains("5-"));
        assert!(settled("<p>على A-7</p>").contains("A-7"));
    }

    #[test]
    fn brackets_open_towards_what_they_hold() {
        let mirrored = |text: &str, rtl: bool| {
            let mut text: Vec<char> = text.chars().collect();
            mirror_brackets(&mut text, rtl);
            text.into_iter().collect::<String>()
        };
        assert_eq!(mirrored("מנוי (חודשי)", true), "מנוי )חודשי(");
        assert_eq!(mirrored("מנוי (Reverse charge)", true), "מנוי )Reverse charge(");
        assert_eq!(mirrored("מנוי Pro (Team) לצוות", true), "מנוי Pro (Team) לצוות");
        assert_eq!(mirrored("Pro (מנוי)", false), "Pro (מנוי)");
        assert_eq!(mirrored("מנוי (חודשי)", false), "מנוי )חודשי(");
        assert_eq!(mirrored(":)", true), ":)");
    }

    #[test]
    fn identifier_and_dates_follow_from_the_content() {
        let file = |content: &str, id: char| {
            let id = id.to_string().repeat(32);
            format!("{content}<</CreationDate(D:19700101)/ModDate(D:1970)>>trailer<</ID[({id})({id})]>>")
                .into_bytes()
        };
        let [mut one, mut again, mut other] = [file("a", 'X'), file("a", 'Y'), file("b", 'X')];
        let length = one.len();
        [&mut one, &mut again, &mut other].into_iter().for_each(|pdf| normalise(pdf));
        assert_eq!(one, again);
        assert_ne!(one[1..], other[1..]);
        assert_eq!(one.len(), length);
        assert!(!String::from_utf8(one).unwrap().contains("1970"));
    }
}
