//! What holds for every text.

use super::*;

/// Text made of the pieces that the rules look at.
fn notes() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[0-9]{1,10}",
        2 => prop::sample::select(vec![
            " ", "-", ".", "/", ",", "\u{a0}", "\n", "'", "+", "(", ")", "@", "€", "•", "–",
        ]).prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            "bsn", "BSN:", "sofi", "burgerservicenummer", "tel", "123456782", "111222333", "1234",
            "56", "782", "123", "456", "06", "0180", "31", "geb.", "mei", "1980", "NL91", "ABNA",
            "dhr.", "Mevr", "van der", "Berg", "Kerkstraat", "XX-999-X", "nr 14", "2988", "AB",
            "kenteken", "a@b.nl", "is", "een", "é", "🙂",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "\\PC{0,6}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Nine digits of which a call stands right before them: written down once more, without any of
/// the code that is tested.
fn has_a_called_number(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.match_indices("bsn ").any(|(at, call)| {
        let digits: Vec<u32> = lower[at + call.len()..]
            .chars()
            .take_while(char::is_ascii_digit)
            .filter_map(|c| c.to_digit(10))
            .collect();
        let starts = !lower[..at].ends_with(char::is_alphabetic);
        let weights = [9, 8, 7, 6, 5, 4, 3, 2, 10];
        let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum();
        starts && digits.len() == 9 && sum > 0 && sum.is_multiple_of(11)
    })
}

proptest! {
    #[test]
    fn findings_are_in_order_apart_and_between_characters(text in notes()) {
        let findings = person_data(&text);
        let mut end = 0;
        for finding in &findings {
            prop_assert!(end <= finding.start && finding.start < finding.end);
            prop_assert!(text.is_char_boundary(finding.start) && text.is_char_boundary(finding.end));
            end = finding.end;
        }
        prop_assert!(end <= text.len());
        let characters: Vec<char> = text.chars().collect();
        for (finding, (start, end)) in findings.iter().zip(in_characters(&text, &findings)) {
            prop_assert_eq!(characters[start..end].iter().collect::<String>(), finding.text(&text));
        }
        prop_assert_eq!(mask_person_data(&text).chars().count(), characters.len());
    }

    #[test]
    fn masking_twice_is_masking_once(text in notes()) {
        let nothing = WavedThrough::default();
        let (once, masked) = mask_bsn(&text, &nothing);
        let (twice, again) = mask_bsn(&once, &nothing);
        prop_assert_eq!(&once, &twice);
        prop_assert!(again.is_empty(), "{} left in {}", again.len(), once);
        prop_assert_eq!(once.chars().count(), text.chars().count());
        let left = person_data(&once);
        prop_assert!(left.iter().all(|one| one.action != PersonDataAction::Mask));
        prop_assert!(!has_a_called_number(&once), "{}", once);
        let found = person_data(&text);
        let to_mask = found.iter().filter(|one| one.action == PersonDataAction::Mask).count();
        prop_assert_eq!(to_mask, masked.len());
    }

    #[test]
    fn a_wave_lets_through_what_no_word_calls_a_bsn(text in notes()) {
        let (_, masked) = mask_bsn(&text, &WavedThrough::default());
        let waved: WavedThrough = masked.iter().map(|masked| masked.digits.as_str()).collect();
        let (kept, sure) = mask_bsn(&text, &waved);
        prop_assert!(sure.iter().all(|masked| masked.sure));
        prop_assert_eq!(sure.len(), masked.iter().filter(|masked| masked.sure).count());
        let (again, _) = mask_bsn(&kept, &waved);
        prop_assert_eq!(again, kept);
    }
}

/// Each rule looks a bounded way around it, or these texts would keep the test busy for hours.
#[test]
fn a_megabyte_is_looked_at_whole() {
    let mixed = "1 06 Dhr. J. van de a@ NL91 bsn ";
    for (piece, bytes) in [(mixed, 1_000_000)].into_iter().chain(
        [
            "1 ",
            "123456782 ",
            "bsn 123456782 ",
            "0",
            "06 ",
            "+31 ",
            "a@",
            "Dhr. ",
            "Dhr. J. ",
            "van de ",
            "NL91 ABNA ",
            "geb. 12-03-",
            "XX-99-",
            "2988 AB ",
            "Kerkstraat ",
            "nr 1 ",
            "é",
            "bsn",
        ]
        .map(|piece| (piece, 100_000)),
    ) {
        let text = format!("{}. bsn 111222333", piece.repeat(bytes / piece.len()));
        let (masked, _) = mask_bsn(&text, &WavedThrough::default());
        assert!(!masked.contains("111222333"), "{piece}");
        let found = person_data(&text);
        assert!(found.iter().any(|one| one.end == text.len()), "{piece}");
    }
}
