//! How much text fits into a line of each part of a document. Widths count half-width characters that surely fit.

/// Of an address.
pub(super) const ADDRESS: usize = 40;
/// Of the headline.
pub(super) const HEADLINE: usize = 48;
/// Of a sentence that explains the document.
pub(super) const SENTENCE: usize = 90;
/// Of a remark.
pub(super) const REMARK: usize = 100;
/// Of the foot of a sheet.
const FOOT: usize = 92;

/// Of a description in a column of `width` per cent.
pub(super) fn description(width: u8) -> usize {
    36 * usize::from(width) / 43
}

/// How many lines a text takes that breaks after `width` characters.
pub(super) fn count(text: &str, width: usize) -> usize {
    half_widths(text).div_ceil(width).max(1)
}

/// The lines of a text with right-to-left letters. The layout engine orders such a text before it breaks it, so that
/// words would land on the wrong line: nothing is left for it to break. Other texts stay whole.
pub(super) fn broken(text: &str, width: usize) -> Vec<String> {
    if !text.chars().any(is_right_to_left) {
        return vec![text.to_owned()];
    }
    // Hebrew and Arabic letters are narrower.
    let width = width * 5 / 4;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if half_widths(line) + 1 + half_widths(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The lines of several texts.
pub(super) fn broken_all(texts: &[String], width: usize) -> Vec<String> {
    texts.iter().flat_map(|text| broken(text, width)).collect()
}

/// Whether `part` may follow `line` at the foot of a sheet, after a separator. It must fit, and run in the same
/// direction, or it would not stand next to what it follows.
pub(super) fn joins_in_foot(line: &str, part: &str) -> bool {
    let turns = |text: &str| text.chars().any(is_right_to_left);
    half_widths(line) + half_widths(part) + 3 <= FOOT && turns(line) == turns(part)
}

/// East Asian characters are twice as wide; marks of direction have no width.
fn half_widths(text: &str) -> usize {
    let width = |character: char| match u32::from(character) {
        0x200E..=0x200F | 0x2066..=0x2069 => 0,
        0x1100.. => 2,
        _ => 1,
    };
    text.chars().map(width).sum()
}

/// Letters of Hebrew and Arabic, and their presentation forms.
fn is_right_to_left(character: char) -> bool {
    matches!(u32::from(character), 0x590..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_to_left_texts_are_broken_between_words_and_others_left_whole() {
        let hebrew = "שטח אחסון נוסף 500 ג״ב באיחוד האירופי";
        let lines = broken(hebrew, 12);
        assert!(lines.len() > 1 && lines.iter().all(|line| line.chars().count() <= 15), "{lines:?}");
        assert_eq!(lines.join(" "), hebrew);
        assert_eq!(broken("a text of many words", 5), ["a text of many words"]);
    }

    #[test]
    fn the_foot_keeps_directions_apart() {
        assert!(joins_in_foot("Fieldnote GmbH", "Berlin"));
        assert!(!joins_in_foot("מספר מע״מ DE123456789", "fieldnote.example"));
        assert!(!joins_in_foot("Fieldnote GmbH", &"Berlin".repeat(20)));
    }

    #[test]
    fn wide_characters_count_twice_and_marks_not_at_all() {
        assert_eq!(count("株式会社", 4), 2);
        assert_eq!(count("\u{2068}abcd\u{2069}", 4), 1);
        assert_eq!(count("", 4), 1);
    }
}
