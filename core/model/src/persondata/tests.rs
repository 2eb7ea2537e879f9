//! What is found in sentences as they are really jotted down, and what is not.

use proptest::prelude::*;

use super::*;

mod ordinary;
mod properties;

/// What is found, as `kind: text`.
fn found(text: &str) -> Vec<String> {
    let findings = person_data(text);
    findings.iter().map(|one| format!("{}: {}", one.kind.as_str(), one.text(text))).collect()
}

fn expect_table(table: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (text, expected) in table {
        let found = found(text);
        if found != *expected {
            wrong.push(format!("{text:?}\n  found    {found:?}\n  expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn service_numbers() {
    expect_table(&[
        ("BSN 123456782", &["bsn: 123456782"]),
        ("haar bsn is 123.456.782 zegt ze", &["bsn: 123.456.782"]),
        ("burgerservicenummer: 1234 56 782", &["bsn: 1234 56 782"]),
        ("sofinummer 1 2 3 4 5 6 7 8 2", &["bsn: 1 2 3 4 5 6 7 8 2"]),
        ("BSN: 123-456-782.", &["bsn: 123-456-782"]),
        ("bsn-nummer 12 34 56 782", &["bsn: 12 34 56 782"]),
        ("bsn123456782", &["bsn: 123456782"]),
        ("b.s.n. 111222333", &["bsn: 111222333"]),
        ("123456782 is zijn BSN", &["bsn: 123456782"]),
        ("mevrouw gaf haar nummer 123456782 door", &["bsn: 123456782"]),
        ("(123456782)", &["bsn: 123456782"]),
        ("1234.56.782", &["bsn: 1234.56.782"]),
        ("BSN's: 111222333, 123456782", &["bsn: 111222333", "bsn: 123456782"]),
        ("in 2024 bsn 111222333 en 123456782", &["bsn: 111222333", "bsn: 123456782"]),
        ("bsn 10000008", &["bsn: 10000008"]),
        ("BSN\u{a0}123\u{a0}456\u{a0}782", &["bsn: 123\u{a0}456\u{a0}782"]),
        // Called one, but the elfproef fails: looked at, not masked.
        ("bsn 123456789", &["bsn: 123456789"]),
        // No elfproef, no word.
        ("nummer 123456789", &[]),
        ("€ 123.456.782", &[]),
        ("123.456.782,50 euro", &[]),
        ("zaak Z123456782", &[]),
        ("foto_123456782.jpg", &[]),
        ("5 10 15 20 25 tegels", &[]),
        ("1234567820", &[]),
        ("000000000", &[]),
    ]);
}

#[test]
fn a_word_makes_it_sure_and_a_bare_number_can_be_waved_through() {
    use PersonDataAction::{Mask, Warn};
    let of = |text: &str| {
        person_data(text).first().map(|one| (one.action, one.sure)).expect("a finding")
    };
    assert_eq!(of("bsn 123456782"), (Mask, true));
    assert_eq!(of("123456782"), (Mask, false));
    assert_eq!(of("bsn onbekend, tel 123456782"), (Mask, false));
    assert_eq!(of("bsn 123456789"), (Warn, false));
    let text = "pakket 123456782, bsn 123456782, pakket 111222333";
    let (all, masked) = mask_bsn(text, &WavedThrough::default());
    assert_eq!(all, "pakket •••••••••, bsn •••••••••, pakket •••••••••");
    let sure: Vec<bool> = masked.iter().map(|masked| masked.sure).collect();
    assert_eq!(sure, [false, true, false]);
    assert_eq!(masked[0].digits, "123456782");
    assert_eq!(&text[masked[2].start..masked[2].end], "111222333");
    let waved: WavedThrough = ["123.456.782"].into_iter().collect();
    let (some, masked) = mask_bsn(text, &waved);
    assert_eq!(some, "pakket 123456782, bsn •••••••••, pakket •••••••••");
    assert_eq!(masked.len(), 2);
    assert!(!format!("{masked:?} {waved:?}").contains("123456782"));
}

#[test]
fn masking_keeps_the_form_and_every_character_in_its_place() {
    let text = "Héél boos, bsn 123.456.782 – béllen";
    let (masked, _) = mask_bsn(text, &WavedThrough::default());
    assert_eq!(masked, "Héél boos, bsn •••.•••.••• – béllen");
    assert_eq!(masked.chars().count(), text.chars().count());
    assert_eq!(
        mask_person_data("Dhr. Voorbeeld, tel 06-12345678"),
        "•••. •••••••••, tel ••-••••••••"
    );
}

#[test]
fn telephone_numbers() {
    expect_table(&[
        ("bel 06-12345678", &["phone: 06-12345678"]),
        ("0612345678", &["phone: 0612345678"]),
        ("06 12 34 56 78 graag na zessen", &["phone: 06 12 34 56 78"]),
        ("06 1234 5678", &["phone: 06 1234 5678"]),
        ("+31 6 12345678", &["phone: +31 6 12345678"]),
        ("+31612345678", &["phone: +31612345678"]),
        ("+31 (0)6 1234 5678", &["phone: +31 (0)6 1234 5678"]),
        ("0031612345678", &["phone: 0031612345678"]),
        ("0031 6 12 34 56 78", &["phone: 0031 6 12 34 56 78"]),
        ("0180-451234", &["phone: 0180-451234"]),
        ("0180 45 12 34", &["phone: 0180 45 12 34"]),
        ("(010) 123 45 67", &["phone: (010) 123 45 67"]),
        ("010-1234567.", &["phone: 010-1234567"]),
        ("0101234567", &["phone: 0101234567"]),
        ("+31 180 451234", &["phone: +31 180 451234"]),
        ("+32 470 12 34 56", &["phone: +32 470 12 34 56"]),
        ("+48 601 234 567", &["phone: +48 601 234 567"]),
        ("tel:0612345678", &["phone: 0612345678"]),
        ("06-12345678 of 0180-123456", &["phone: 06-12345678", "phone: 0180-123456"]),
        // Not somebody's.
        ("14 0180", &[]),
        ("0900-8844", &[]),
        ("0800 1234", &[]),
        ("06-03-2026 10:12", &[]),
        ("03-03-2026 10", &[]),
        ("Z2024-0612345678", &[]),
        ("06123456789", &[]),
        ("061234567", &[]),
    ]);
}

#[test]
fn mailboxes_and_accounts() {
    expect_table(&[
        ("mail jan.jansen@voorbeeld.nl", &["email: jan.jansen@voorbeeld.nl"]),
        ("(a_b+c@sub.voorbeeld.co.uk),", &["email: a_b+c@sub.voorbeeld.co.uk"]),
        ("Jan@Voorbeeld.NL.", &["email: Jan@Voorbeeld.NL"]),
        ("info@wooncompas.nl", &[]),
        ("@ridderkerk en a@b", &[]),
        ("NL91ABNA0417164300", &["iban: NL91ABNA0417164300"]),
        ("naar NL91 ABNA 0417 1643 00 graag", &["iban: NL91 ABNA 0417 1643 00"]),
        ("nl91 abna 0417 1643 00", &["iban: nl91 abna 0417 1643 00"]),
        ("BE68 5390 0754 7034", &["iban: BE68 5390 0754 7034"]),
        ("DE89370400440532013000", &["iban: DE89370400440532013000"]),
        ("GB29 NWBK 6016 1331 9268 19", &["iban: GB29 NWBK 6016 1331 9268 19"]),
        ("NL91ABNA0417164301", &[]),
        ("NL91ABNA04171643001", &[]),
        ("XX91ABNA0417164300", &[]),
    ]);
}

#[test]
fn licence_plates() {
    for plate in [
        "XX-99-99", "99-99-XX", "99-XX-99", "XX-99-XX", "XX-XX-99", "99-XX-XX", "99-XXX-9",
        "9-XXX-99", "XX-999-X", "X-999-XX", "XXX-99-X", "X-99-XXX", "9-XX-999", "999-XX-9",
    ] {
        assert_eq!(
            found(&format!("auto {plate} staat er weer")),
            [format!("licence-plate: {plate}")]
        );
        let plain = plate.replace('-', "");
        let text = format!("kenteken {plain} gezien");
        assert_eq!(found(&text), [format!("licence-plate: {plain}")]);
    }
    expect_table(&[
        ("busje GB-123-X rijdt te hard", &["licence-plate: GB-123-X"]),
        ("kenteken ab-12-cd", &["licence-plate: ab-12-cd"]),
        ("12-gbx-3", &["licence-plate: 12-gbx-3"]),
        ("witte bus VND12K", &["licence-plate: VND12K"]),
        ("kenteken 12 gbx 3", &["licence-plate: 12 gbx 3"]),
        ("A15-N3", &[]),
        ("12-en-13", &[]),
        ("10-mei-26 en 3-mei-26", &[]),
        ("artikel AB1234 en XL2024", &[]),
        ("12-03-61", &[]),
        ("2-XX-15-77", &[]),
        ("24-uur-7", &[]),
        ("bus 601, lijn 144", &[]),
    ]);
}

#[test]
fn dates_of_birth() {
    expect_table(&[
        ("geb. 12-03-1961", &["birth-date: 12-03-1961"]),
        ("geboren op 3 mei 1980", &["birth-date: 3 mei 1980"]),
        ("Geboortedatum: 1961-03-12", &["birth-date: 1961-03-12"]),
        ("geboren in Rotterdam, 12/3/61", &["birth-date: 12/3/61"]),
        ("(geb 1.2.1999)", &["birth-date: 1.2.1999"]),
        ("geboren 3 mei '80", &["birth-date: 3 mei '80"]),
        ("12 december 1944 geboren in Bolnes", &["birth-date: 12 december 1944"]),
        ("gebeld op 12-03-2026", &[]),
        ("gebouwd in 1961, geplaatst 12-03-2024", &[]),
        ("afspraak 3 mei 2026", &[]),
        ("geb. 31-02-1961", &[]),
        ("geboren in 1961", &[]),
        ("gebiedstafel 12-03-2026", &[]),
    ]);
}

#[test]
fn names_after_a_form_of_address() {
    expect_table(&[
        ("Dhr. Voorbeeld klaagt", &["name: Dhr. Voorbeeld"]),
        ("dhr Jansen", &["name: dhr Jansen"]),
        ("Mevr. J.P. van der Berg-de Vries belt", &["name: Mevr. J.P. van der Berg-de Vries"]),
        ("mevrouw de Vries zegt", &["name: mevrouw de Vries"]),
        ("de heer Van den Broek.", &["name: de heer Van den Broek"]),
        ("De heer A. el Amrani", &["name: De heer A. el Amrani"]),
        ("meneer Öztürk en mevr. Şahin", &["name: meneer Öztürk", "name: mevr. Şahin"]),
        ("mw. Anna van 't Hof", &["name: mw. Anna van 't Hof"]),
        ("dhr. en mevr. Bakker", &["name: mevr. Bakker"]),
        ("fam. de Boer", &["name: fam. de Boer"]),
        ("familie Yilmaz wil", &["name: familie Yilmaz"]),
        ("meneer jansen zegt", &["name: meneer jansen"]),
        ("mevrouw de vries vraagt", &["name: mevrouw de vries"]),
        ("mw van der linden", &["name: mw van der linden"]),
        ("Mevrouw Jansen van Wooncompas", &["name: Mevrouw Jansen"]),
        ("MEVROUW JANSEN BELT", &["name: MEVROUW JANSEN"]),
        ("Mevr bij dillenburgplein", &[]),
        ("Mevrouw. Daarna gebeld", &[]),
        ("Mevr. Bij het plein", &[]),
        ("Meneer Wil een bankje", &[]),
        ("mevrouw van Wooncompas", &[]),
        ("meneer van de overkant", &[]),
        ("mevrouw van de bloemen op de hoek", &[]),
        ("mevrouw van de Kerkstraat", &[]),
        ("MEVROUW ZEGT DAT HET", &[]),
        ("mevrouw uit Slikkerveer", &[]),
        ("de heer des huizes", &[]),
    ]);
}

#[test]
fn homes() {
    expect_table(&[
        ("Kerkstraat 12 heeft last", &["address: Kerkstraat 12"]),
        ("op de Rijnsingel 14a", &["address: Rijnsingel 14a"]),
        ("erasmuslaan 30, boven", &["address: erasmuslaan 30"]),
        ("Kerkstr. 12-B", &["address: Kerkstr. 12-B"]),
        ("Lagendijk 118 bis", &["address: Lagendijk 118 bis"]),
        ("woont Jan Luykenstraat 7-2", &["address: Jan Luykenstraat 7-2"]),
        ("Burgemeester de Zeeuwstraat 5", &["address: Burgemeester de Zeeuwstraat 5"]),
        ("Kerkstraat nr. 12", &["address: Kerkstraat nr. 12"]),
        ("Reijerpark 3", &["address: Reijerpark 3"]),
        ("2988 AB 12", &["address: 2988 AB 12"]),
        ("2988AB, 12a", &["address: 2988AB, 12a"]),
        ("postcode 2988 ab", &["postcode: 2988 ab"]),
        ("2988 AB", &["postcode: 2988 AB"]),
        ("van nr 14,", &["house-number: nr 14"]),
        ("bewoners van nummer 12a", &["house-number: nummer 12a"]),
        ("huisnummer 7", &["house-number: huisnummer 7"]),
        ("Kerkstraat is donker", &[]),
        ("Kerkstraat 3 tegels los", &[]),
        ("Rijksstraatweg 30 km", &[]),
        ("Kerkstraat 14:30 uur", &[]),
        ("Kerkstraat 2x gemeld", &[]),
        ("Rijnsingel 2026", &[]),
        ("onderweg 2 keer", &[]),
        ("fietspad 12", &[]),
        ("in 2024 is", &[]),
        ("IN 2024 IS", &[]),
        ("op nummer 1 staat groen", &[]),
        ("lantaarnpaal nr 45", &[]),
        ("container nr 12", &[]),
    ]);
}

#[test]
fn of_two_that_overlap_one_remains() {
    expect_table(&[
        ("kenteken 1234AB", &["licence-plate: 1234AB"]),
        ("bsn 0612 34567", &[]),
        (
            "Dhr. Jansen, Kerkstraat 12, 2988 AB, 06-12345678",
            &[
                "name: Dhr. Jansen",
                "address: Kerkstraat 12",
                "postcode: 2988 AB",
                "phone: 06-12345678",
            ],
        ),
        ("+31 612345678", &["phone: +31 612345678"]),
    ]);
}

#[test]
fn characters_are_counted_as_readers_count_them() {
    let text = "Café: bsn 123456782, één mail: a.b@c.nl";
    let findings = person_data(text);
    let in_chars = in_characters(text, &findings);
    let characters: Vec<char> = text.chars().collect();
    for (finding, (start, end)) in findings.iter().zip(in_chars) {
        assert_eq!(characters[start..end].iter().collect::<String>(), finding.text(text));
    }
    assert_eq!(findings.len(), 2);
}

#[test]
fn the_example_notes_show_what_they_say() {
    let data = include_str!("../../../../data/voorbeeldcontacten.json");
    let data: serde_json::Value = serde_json::from_str(data).expect("the example contacts");
    let mut with_data = 0;
    for contact in data["contacten"].as_array().expect("a list") {
        let text = contact["tekst"].as_str().expect("a note");
        let expected: Vec<&str> = contact["verwacht"]["persoonsgegevensInTekst"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(serde_json::Value::as_str)
            .collect();
        let found: Vec<&str> = person_data(text).iter().map(|one| one.text(text)).collect();
        assert_eq!(found, expected, "{text}");
        with_data += usize::from(!found.is_empty());
    }
    assert!(with_data > 0);
}

#[test]
fn health_is_noticed() {
    for text in
        ["man is vorige maand overleden", "Dementie speelt mee", "sprake van huiselijk geweld"]
    {
        assert!(speaks_of_health(text), "{text}");
    }
    for text in ["rotonde te krap", "zorgvuldig gesnoeid", "kankeren op de gemeente niet"] {
        assert_eq!(speaks_of_health(text), text.contains("kanker"), "{text}");
    }
}
