"""Writes the characters that the CJK subsets keep, one text file a font, into the current folder."""


def table(codec, high, low=range(0xA1, 0xFF)):
    """Every character that a double-byte code page has in these rows."""
    pairs = (bytes([h, l]).decode(codec, "ignore") for h in high for l in low)
    return {c for pair in pairs for c in pair}


def span(first, last):
    return {chr(c) for c in range(first, last + 1)}


PUNCTUATION = span(0x3000, 0x303F) | span(0xFF01, 0xFF5E) | span(0xFFE0, 0xFFE6)
KANA = span(0x3040, 0x30FF) | span(0x31F0, 0x31FF) | span(0xFF61, 0xFF9F)
HAN = span(0x4E00, 0x9FA5)
COMPATIBILITY = span(0xF900, 0xFAFF)
HANGUL = span(0xAC00, 0xD7A3)
JAMO = span(0x3131, 0x318E)

SETS = {
    # JIS X 0208 and the IBM extension, where many family names live (for example U+9AD9).
    "jp": PUNCTUATION | KANA
    | (table("euc_jp", range(0xB0, 0xF5)) | table("cp932", range(0xFA, 0xFD), range(0x40, 0xFD)))
    & (HAN | COMPATIBILITY),
    # The whole first Unified Ideographs block: traditional characters and rare names included.
    "sc": PUNCTUATION | HAN,
    # GB 2312; a bold character beyond it is drawn with the regular font.
    "sc-bold": PUNCTUATION | table("gb2312", range(0xB0, 0xF8)) & HAN,
    "kr": PUNCTUATION | JAMO | HANGUL,
    # KS X 1001, as above.
    "kr-bold": PUNCTUATION | JAMO | table("euc_kr", range(0xA1, 0xFE)) & HANGUL,
}

for name, characters in SETS.items():
    with open(f"{name}.txt", "w", encoding="utf-8") as file:
        file.write("".join(sorted(characters)))
