//! Text that people type.

/// One line, without what nobody sees: control characters become spaces, and marks that reorder or hide text go. What
/// an operator reads must be what was typed.
pub fn one_line(typed: &str) -> String {
    let spaced = typed.replace(char::is_control, " ");
    without_hidden(&spaced).trim().to_owned()
}

/// Several lines, cleaned likewise. Browsers send two characters for a line break.
pub fn lines(typed: &str) -> String {
    let breaks = typed.replace("\r\n", "\n");
    let spaced = breaks.replace(|c: char| c.is_control() && c != '\n', " ");
    without_hidden(&spaced).trim().to_owned()
}

fn without_hidden(text: &str) -> String {
    text.chars().filter(|c| !is_hidden(*c)).collect()
}

/// Whether a character shows nothing and changes how others are shown or compared. The joiners U+200C and U+200D are
/// not among them: Persian, Indic scripts and emoji need them.
pub fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_letters_and_lose_what_is_hidden() {
        assert_eq!(one_line("  Mina\tOkafor\0 "), "Mina Okafor");
        assert_eq!(one_line("\u{202e}evil\u{2066}\u{200b}\u{feff}"), "evil");
        for name in ["می\u{200c}خواهم", "क्\u{200d}ष", "👩\u{200d}💻", "Ελένη", "עדי", "山田 太郎"]
        {
            assert_eq!(one_line(name), name);
        }
    }

    #[test]
    fn a_comment_keeps_its_line_breaks() {
        assert_eq!(lines(" too\r\nexpensive\u{7} \u{202d}"), "too\nexpensive");
    }
}
