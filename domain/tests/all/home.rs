use domain::payment::home::{Away, Door, away};

#[test]
fn data_is_at_home_where_it_has_been_and_as_it_was() {
    let door = |is_here, is_ours, beat| Some(Door { is_here, is_ours, beat });
    for (what, beat, door, expected) in [
        ("new", 0, None, None),
        ("new, in a folder that was used before", 0, door(true, false, 7), None),
        ("as it was left", 7, door(true, true, 7), None),
        ("others have gone on with it", 9, door(true, true, 7), None),
        ("a copy of the database", 7, None, Some(Away::Elsewhere)),
        ("a copy of the folder", 7, door(false, true, 7), Some(Away::Moved)),
        ("another installation's database", 7, door(true, false, 3), Some(Away::Other)),
        ("a backup", 6, door(true, true, 7), Some(Away::Behind)),
    ] {
        assert_eq!(away(beat, door.as_ref()), expected, "{what}");
    }
}
